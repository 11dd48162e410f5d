// The Worker of www/worker in `wrangler dev`, as whoever deploys it tries it before, against the emulator.
import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/setup.js";
import { writeSite } from "../../tools/site.js";
import { appWithTools } from "../support/apps.js";
import { freePort, startProgram } from "../support/program.js";
import { visitTests } from "./visits.js";

/** @typedef {Parameters<Parameters<typeof visitTests>[0]>[0]} Options */

visitTests(startWrangler);

test("nothing listens after wrangler was stopped", async () => {
  const { url, close } = await startWrangler({ apiUrl: "http://127.0.0.1:9", bindings: {} });
  assert.equal((await fetch(url)).status, 200);
  await close();
  await assert.rejects(fetch(url), TypeError);
});

/** @param {Options} options */
async function startWrangler({ apiUrl, bindings }) {
  const folder = await appWithTools("wrangler");
  // The assets of wrangler.jsonc are beside its folder.
  await cp(join(root, "www/worker"), join(folder, "www/worker"), { recursive: true });
  await cp(join(root, "tsconfig.json"), join(folder, "tsconfig.json"));
  writeSite(join(folder, "target/site"));
  const tools = join(folder, "node_modules/.bin");
  const values = {
    ...bindings,
    EVOLINK_API_KEY: "emulated-key",
    SECRET: "a secret for this machine alone, not for a deployment",
    EVOLINK_BASE_URL: apiUrl,
  };
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { stop } = await startProgram(
    join(tools, "wrangler"),
    [
      ...["dev", "--local", "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"],
      ...Object.entries(values).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
    ],
    {
      cwd: join(folder, "www/worker"),
      env: {
        ...process.env,
        // It requires a newer Node than this may be.
        PATH: `${tools}${delimiter}${process.env.PATH}`,
        CI: "true",
        // It would ask the network for updates, for the place of this machine, and would report on its use.
        WRANGLER_HIDE_BANNER: "true",
        CLOUDFLARE_CF_FETCH_ENABLED: "false",
        WRANGLER_SEND_METRICS: "false",
        WRANGLER_SEND_ERROR_REPORTS: "false",
      },
      findUrl: async (signal) => {
        while (!signal.aborted && !(await isReady(url)))
          await new Promise((resolve) => setTimeout(resolve, 200));
        return url;
      },
    },
  );
  return { url, close: stop };
}

/** @param {string} url */
const isReady = (url) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
