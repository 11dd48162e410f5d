// The package in runtimes other than Node and workerd as they come, which `tests/package` has.
import { copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe } from "node:test";
import { equipped, tool } from "../support/equipped.js";
import { asked, journeysIn } from "../support/journeys.js";
import { runProgram, startProgram } from "../support/program.js";
import { bundleWorker, startWorkerd } from "../support/workerd.js";

/** @typedef {import("../support/journeys.js").Place} Place */

const tsc = (/** @type {string} */ resolution) => tool("tsc", "--project", `tsconfig.${resolution}.json`);

/** @type {(Place & { app: string })[]} */
const places = [
  { name: "Deno", app: "deno", run: printedBy("node_modules/.bin/deno", "run", "-NER", "main.js") },
  { name: "Bun", app: "bun", run: printedBy("node_modules/.bin/bun", "main.js") },
  { name: "miniflare", app: "miniflare", build: buildWorker, run: inMiniflare },
  {
    ...{ name: "wrangler, what it would deploy", app: "wrangler" },
    ...{ build: tool("wrangler", "deploy", "--dry-run", "--outdir", "dist"), run: asDeployed },
  },
  { name: "edge-runtime", app: "edge-runtime", run: printedBy("node", "run.js") },
  ...["bundler", "node16", "nodenext"].flatMap((resolution) => [
    {
      ...{ name: `TypeScript, ${resolution}, import`, app: "typescript" },
      ...{ build: tsc(resolution), run: printedBy("node", "main.mjs") },
    },
    ...(resolution === "bundler"
      ? []
      : [
          {
            ...{ name: `TypeScript, ${resolution}, require`, app: "typescript" },
            ...{ build: tsc(resolution), run: printedBy("node", "main.cjs") },
          },
        ]),
  ]),
];

describe("the package in", () => {
  for (const place of places) describe(place.name, () => journeysIn(place, () => equipped(place.app)));
});

/**
 * @param {string} program
 * @param {...string} args
 * @returns {Place["run"]}
 */
function printedBy(program, ...args) {
  return async (folder, baseUrl) => {
    const env = { ...process.env, BASE_URL: baseUrl };
    return JSON.parse(await runProgram(program, args, { cwd: folder, env }));
  };
}

/** @param {string} folder */
async function buildWorker(folder) {
  const { modules } = await bundleWorker(join(folder, "worker.js"), join(folder, "dist"));
  for (const [name, file] of Object.entries(modules)) await copyFile(file, join(folder, "dist", name));
}

/** @type {Place["run"]} */
async function inMiniflare(folder, baseUrl) {
  const env = { ...process.env, BASE_URL: baseUrl };
  const server = await startProgram("node", ["serve.js"], { cwd: folder, env });
  try {
    return await Promise.all([asked(server.url), asked(server.url)]);
  } finally {
    await server.stop();
  }
}

/** @type {Place["run"]} */
async function asDeployed(folder, baseUrl) {
  const dist = join(folder, "dist");
  const modules = (await readdir(dist)).filter((name) => name.endsWith(".wasm"));
  const { url, stop } = await startWorkerd({
    script: join(dist, "worker.js"),
    modules: Object.fromEntries(modules.map((name) => [`./${name}`, join(dist, name)])),
    compatibilityDate: "2026-07-01",
    env: { BASE_URL: baseUrl },
  });
  try {
    return await Promise.all([asked(url), asked(url)]);
  } finally {
    await stop();
  }
}
