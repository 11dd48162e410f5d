// Asks the real API what its documentation does not say, and prints the answers and what to change.
//
//   EVOLINK_API_KEY=… npm run live-check               spends nothing; uploads three small files and deletes them
//   EVOLINK_API_KEY=… npm run live-check -- --spend    also generates one video, after it has printed the price
//     --yes            generates without asking
//     --base-url URL   the API (default https://api.evolink.ai)
//     --files-url URL  the files API (default https://files-api.evolink.ai, or the base URL if there is one)
//
// Exit codes: 0 all answers are what the library assumes, or were unknown; 1 the API could not be asked (options, key,
// network); 2 an answer differs, or is missing.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { creditsFindings, modelFindings, wrongKeyFindings } from "./live-check/account.js";
import { createApi } from "./live-check/api.js";
import { corsFindings } from "./live-check/cors.js";
import { fileFindings } from "./live-check/files.js";
import { generationFindings, plan } from "./live-check/generation.js";
import { report } from "./live-check/report.js";
import { taskFindings } from "./live-check/tasks.js";
import { Problem, isMain, main, root } from "./setup.js";

/** @typedef {import("./live-check/finding.js").Finding} Finding */

/**
 * Asks all questions.
 *
 * @param {object} options
 * @param {string} options.key
 * @param {string} [options.baseUrl]
 * @param {string} [options.filesUrl]
 * @param {(input: string, init: RequestInit) => Promise<Response>} [options.fetch]
 * @param {(price: string) => Promise<boolean>} [options.confirm] whether to generate a video for a price
 * @param {(line: string) => void} [options.say]
 * @param {(ms: number) => Promise<unknown>} [options.wait]
 * @param {() => number} [options.now]
 * @returns {Promise<Finding[]>}
 */
export async function liveCheck({
  key,
  baseUrl = "https://api.evolink.ai",
  filesUrl = "https://files-api.evolink.ai",
  fetch = globalThis.fetch,
  confirm,
  say = () => {},
  wait = pause,
  now = Date.now,
}) {
  const library = await loadLibrary();
  const api = createApi({ key, baseUrl, filesUrl, fetch });
  // An error of the API may quote the key.
  const { redact } = api;
  const findings = await corsFindings(api);
  const credits = await api.ask("GET", "/v1/credits", { page: true });
  if (credits.status === 0) throw new Problem(`${baseUrl} cannot be reached: ${credits.summary}`);
  if ([401, 403].includes(credits.status) && credits.isAnswered)
    throw new Problem(redact(`The API refuses EVOLINK_API_KEY: ${credits.summary}. Check the key.`));
  findings.push(...creditsFindings(credits), ...(await wrongKeyFindings(api)));
  const models = await api.ask("GET", "/v1/models");
  findings.push(
    ...modelFindings(
      models,
      library.knownModels.map(({ id }) => id),
    ),
    ...(await taskFindings(api)),
    ...(await fileFindings(api)),
  );
  if (confirm) {
    const planned = plan(models, library);
    if (!planned)
      throw new Problem("No model that this key may use has a known price, so none is generated.");
    const { model, duration, quality } = planned.request;
    const described =
      `${duration} s of ${quality} with ${model}: about ${planned.price}. ` +
      "It is sent twice with one idempotency key, and charged twice if the API ignores the key.";
    if (await confirm(described))
      findings.push(
        ...(await generationFindings(api, planned, { pause: wait, say: (line) => say(redact(line)), now })),
      );
    else say("not generated");
  }
  return findings.map((finding) => redacted(finding, redact));
}

/** @param {Finding} finding @param {(text: string) => string} redact */
const redacted = (finding, redact) => ({
  ...finding,
  answer: redact(finding.answer),
  meaning: redact(finding.meaning),
  changes: finding.changes.map(({ file, what }) => ({ file, what: redact(what) })),
});

/** @returns {Promise<typeof import("../pkg-template/index.js")>} */
async function loadLibrary() {
  const built = join(root, "pkg/index.js");
  if (!existsSync(built)) throw new Problem("pkg/ does not exist. Run `npm run build` first.");
  return import("../pkg/index.js");
}

async function run() {
  const { values } = parseArgs({
    options: {
      spend: { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
      "base-url": { type: "string" },
      "files-url": { type: "string" },
    },
  });
  const key = process.env.EVOLINK_API_KEY?.trim();
  if (!key) throw new Problem("The real API needs a key. Set EVOLINK_API_KEY.");
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new Problem("EVOLINK_API_KEY has characters that no header can have. Copy the key again.");
  if (values.yes && !values.spend)
    throw new Problem("`--yes` answers the question of `--spend`. Add `--spend`.");
  if (values.spend && !values.yes && !process.stdin.isTTY)
    throw new Problem("`--spend` asks before it spends, but this is not a terminal. Add `--yes`.");
  const baseUrl = address("base-url", values["base-url"]);
  const findings = await liveCheck({
    ...{ key, baseUrl, filesUrl: address("files-url", values["files-url"]) ?? baseUrl },
    say: (line) => console.log(`  ${line}`),
    ...(values.spend && { confirm: values.yes ? announce : askInTerminal }),
  });
  console.log(`\n${report(findings)}`);
  const isClean = findings.every(({ verdict }) => verdict === "confirmed" || verdict === "new");
  if (!isClean) process.exitCode = 2;
}

/** @param {string} option @param {string | undefined} value */
function address(option, value) {
  if (value === undefined) return undefined;
  // The key must not cross a network in plain text.
  if (!URL.canParse(value) || !/^(https:|http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|$))/.test(value))
    throw new Problem(
      `\`--${option}\` must be an https URL, or http on this machine, received \`${value}\`.`,
    );
  return value.replace(/\/+$/, "");
}

/** @param {string} described */
async function announce(described) {
  console.log(described);
  return true;
}

/** @param {string} described */
async function askInTerminal(described) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${described}\nGenerate? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

if (isMain(import.meta.url)) await main(run);
