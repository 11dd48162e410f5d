// Measures cold starts: the time to the first result, minus that of an empty program, in milliseconds.
import { once } from "node:events";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "../../tools/server.js";
import { firstLogOf, skipWithoutChromium, startChromium } from "../support/browser.js";
import { bundleWorker, newestCompatibilityDate, startWorkerd } from "../support/workerd.js";
import { bundled } from "./bundle.js";
import { exceeds } from "./gates.js";
import { folder, ours, subjects } from "./peers.js";
import { medians } from "./rounds.js";

/** @typedef {import("./peers.js").Subject} Subject */

/** The empty program. @type {Subject} */
const nothing = { name: "nothing", path: "" };
const all = [nothing, ...subjects];

/** @param {{ rounds: number }} options @returns {Promise<import("./table.js").Table>} */
export async function coldStart({ rounds }) {
  const work = await mkdtemp(join(tmpdir(), "evolink-video-bench-"));
  try {
    const hosts = [
      await medians(rounds, all, inNode),
      skipWithoutChromium ? {} : await inChromium(rounds, work),
      await inWorkerd(rounds, work),
    ];
    const rows = subjects.map(({ name }) => [
      name,
      hosts.map((measured) => (name in measured ? measured[name] - measured[nothing.name] : null)),
    ]);
    const inNodeMs = hosts[0][ours] - hosts[0][nothing.name];
    return {
      head: ["Node, ms", "Chromium, ms", "workerd, ms"],
      rows: Object.fromEntries(rows),
      problems: exceeds("the first `validate` in Node", inNodeMs, 20, " ms"),
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A module that computes the first result. @param {Subject} subject @param {string} then */
const program = ({ path }, then) =>
  path ? `import { first } from ${JSON.stringify(path)};\nconst result = first();\n${then}` : then;

/** From the start of the process to its exit. @param {Subject} subject */
async function inNode(subject) {
  const args = subject.path ? ["--input-type=module", "-e", program(subject, "")] : ["-e", "0"];
  const start = performance.now();
  const [code] = await once(spawn(process.execPath, args, { cwd: folder, stdio: "ignore" }), "exit");
  if (code !== 0) throw new Error(`${subject.name} exited with ${code} in Node.`);
  return performance.now() - start;
}

/** From navigation to the first result, with empty caches. @param {number} rounds @param {string} work */
async function inChromium(rounds, work) {
  for (const [index, subject] of all.entries()) {
    await writeFile(
      join(work, `${index}.js`),
      await bundled(program(subject, "console.log(performance.now());")),
    );
    await writeFile(
      join(work, `${index}.html`),
      `<!doctype html><meta charset="utf-8"><script type="module" src="${index}.js"></script>`,
    );
  }
  const server = await startServer({ statics: { "/": work } });
  const browser = await startChromium();
  try {
    // Each page has its own profile.
    const pages = all.filter(({ page }) => page !== false);
    return await medians(rounds, pages, async (subject) =>
      Number(await firstLogOf(browser, `${server.url}/${all.indexOf(subject)}.html`)),
    );
  } finally {
    await browser.close();
    await server.close();
  }
}

/** From the start of the process to the response to the first request. @param {number} rounds @param {string} work */
async function inWorkerd(rounds, work) {
  /** @type {(Subject & Awaited<ReturnType<typeof bundleWorker>>)[]} */
  const workers = [];
  for (const [index, subject] of all.entries()) {
    const entry = join(work, `worker-${index}.js`);
    const lines = subject.path
      ? [`import { first } from ${JSON.stringify(subject.path)};`]
      : ["const first = () => true;"];
    lines.push("export default { fetch: () => new Response(String(first())) };");
    await writeFile(entry, lines.join("\n"));
    workers.push({ ...subject, ...(await bundleWorker(entry, join(work, `worker-${index}`))) });
  }
  // The first `fetch` of this process is slow.
  await fetch("data:,warm");
  return medians(rounds, workers, async ({ name, script, modules }) => {
    const start = performance.now();
    const { url, stop } = await startWorkerd({
      ...{ script, modules, env: {} },
      compatibilityDate: newestCompatibilityDate,
    });
    try {
      const text = await (await fetch(url)).text();
      if (text !== "true") throw new Error(`${name} returned ${text} in workerd.`);
      return performance.now() - start;
    } finally {
      await stop();
    }
  });
}
