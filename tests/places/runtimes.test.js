// The package in other runtimes. `tests/package` tests Node and workerd.
import assert from "node:assert/strict";
import { copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createEmulator } from "../../pkg-template/testing.js";
import { startServer } from "../../tools/server.js";
import { appWithTools, toolRunner } from "../support/apps.js";
import { fetchJson, journeyTests } from "../support/journeys.js";
import { runProgram, startProgram } from "../support/program.js";
import { bundleWorker, startWorkerd } from "../support/workerd.js";

/** @typedef {import("../support/journeys.js").Place} Place */

const tsc = (/** @type {string} */ resolution) =>
  toolRunner("tsc", "--project", `tsconfig.${resolution}.json`);

/** @type {(Place & { app: string })[]} */
const places = [
  { name: "Deno", app: "deno", run: outputOf("node_modules/.bin/deno", "run", "-NER", "main.js") },
  { name: "Bun", app: "bun", run: outputOf("node_modules/.bin/bun", "main.js") },
  { name: "miniflare", app: "miniflare", build: buildWorker, run: inMiniflare },
  {
    ...{ name: "wrangler, deployment", app: "wrangler" },
    ...{ build: toolRunner("wrangler", "deploy", "--dry-run", "--outdir", "dist"), run: asDeployed },
  },
  { name: "AWS Lambda", app: "functions", run: outputOf("node", "lambda.mjs") },
  { name: "Netlify Functions", app: "functions", run: outputOf("node", "netlify.mjs") },
  { name: "edge-runtime", app: "edge-runtime", run: outputOf("node", "run.js") },
  ...["bundler", "node16", "nodenext"].flatMap((resolution) => [
    {
      ...{ name: `TypeScript, ${resolution}, import`, app: "typescript" },
      ...{ build: tsc(resolution), run: outputOf("node", "main.mjs") },
    },
    ...(resolution === "bundler"
      ? []
      : [
          {
            ...{ name: `TypeScript, ${resolution}, require`, app: "typescript" },
            ...{ build: tsc(resolution), run: outputOf("node", "main.cjs") },
          },
        ]),
  ]),
];

describe("the package in", () => {
  for (const place of places) describe(place.name, () => journeyTests(place, () => appWithTools(place.app)));
});

test("objects of R2 are uploaded from miniflare", async (context) => {
  const server = await startServer({ emulator: createEmulator() });
  context.after(() => server.close());
  const folder = await appWithTools("miniflare");
  await buildWorker(folder);
  const env = { ...process.env, BASE_URL: server.url };
  const worker = await startProgram("node", ["serve.js"], { cwd: folder, env });
  context.after(() => worker.stop());
  const { url, bytes, mediaType, isReused, isIntact, last } = await fetchJson(new URL("r2", worker.url).href);
  assert.match(url, /\/a\.mp4$/);
  assert.deepEqual([bytes, last, mediaType, isReused, isIntact], [300_000, 300_000, "video/mp4", true, true]);
});

test("the package in React Native's engine gives an error with advice", async () => {
  const folder = await appWithTools("react-native");
  const args = ["build", "main.js", "--out", "bundle.js", "--platform", "android", "--dev", "false"];
  await runProgram(join(folder, "node_modules/.bin/metro"), args, { cwd: folder });
  const hermes = join(folder, "node_modules/hermes-engine-cli/linux64-bin/hermes");
  const [webAssembly, ...errors] = JSON.parse(await runProgram(hermes, ["bundle.js"], { cwd: folder }));
  assert.equal(webAssembly, "undefined");
  assert.equal(errors.length, 3);
  for (const { isConfigurationError, code, message } of errors) {
    assert.deepEqual([isConfigurationError, code], [true, "webassembly_unavailable"]);
    assert.match(message, /React Native's Hermes has none\). Call your own server/);
  }
});

test("the recipe for Vercel Workflow", async () => {
  const folder = await appWithTools("workflow");
  await runProgram(join(folder, "node_modules/.bin/vitest"), ["run"], { cwd: folder, timeout: 120_000 });
});

/**
 * @param {string} program
 * @param {...string} args
 * @returns {Place["run"]}
 */
function outputOf(program, ...args) {
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
    return await Promise.all([fetchJson(server.url), fetchJson(server.url)]);
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
    return await Promise.all([fetchJson(url), fetchJson(url)]);
  } finally {
    await stop();
  }
}
