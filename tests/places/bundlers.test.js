// Bundles a minimal app with each bundler, and runs it. No option is set for the package.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { createEmulator } from "../../pkg-template/testing.js";
import { startServer } from "../../tools/server.js";
import { firstLogOf, startChromium } from "../support/browser.js";
import { appWithTools, toolRunner } from "../support/apps.js";
import { fetchJson, journeyTests } from "../support/journeys.js";
import { startProgram } from "../support/program.js";

/** @typedef {import("../support/journeys.js").Place} Place */

const webpack = toolRunner("webpack");
const next = toolRunner("next", "build");
const esbuild = (/** @type {string} */ format) =>
  toolRunner("esbuild", "main.js", "--bundle", `--format=${format}`, `--outfile=dist/${format}.js`);

/** @type {(Place & { app: string, sources?: string })[]} */
const places = [
  {
    ...{ name: "Vite, build", app: "vite", page: true },
    ...{ build: toolRunner("vite", "build"), root: "dist", run: inPage() },
  },
  { name: "Vite, dev server", app: "vite", page: true, run: inPageOf("vite", "--host", "127.0.0.1") },
  {
    name: "webpack, web",
    app: "webpack",
    sources: "src",
    page: true,
    build: webpack,
    run: inPage("web.html"),
  },
  // A worker has no window, so a literal key is accepted.
  {
    name: "webpack, webworker",
    app: "webpack",
    sources: "src",
    build: webpack,
    run: inPage("webworker.html"),
  },
  {
    ...{ name: "webpack, worker of the web bundle", app: "webpack", sources: "src" },
    ...{ build: webpack, run: inPage("spawn.html") },
  },
  { name: "Rollup", app: "rollup", page: true, build: toolRunner("rollup", "--config"), run: inPage() },
  { name: "esbuild, esm", app: "esbuild", page: true, build: esbuild("esm"), run: inPage("module.html") },
  { name: "esbuild, iife", app: "esbuild", page: true, build: esbuild("iife"), run: inPage("classic.html") },
  {
    ...{ name: "Parcel, build", app: "parcel", page: true },
    ...{ build: toolRunner("parcel", "build", "index.html"), root: "dist", run: inPage() },
  },
  { name: "Next.js, client component", app: "next", page: true, build: next, run: inNext("/", pageAt) },
  { name: "Next.js, route on Node", app: "next", build: next, run: inNext("/node", fetchJson) },
  { name: "Next.js, route on edge", app: "next", build: next, run: inNext("/edge", fetchJson) },
];

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let browser;
after(async () => (await browser)?.close());

describe("the package, bundled by", () => {
  for (const place of places)
    describe(place.name, () => journeyTests(place, () => appWithTools(place.app, place.sources)));
});

test("a server action of Next.js gets a request with a file, and returns the task or the error", async (context) => {
  const server = await startServer({ emulator: createEmulator({ taskTime: 1, estimatedTime: 1 }) });
  context.after(() => server.close());
  const folder = await appWithTools("next");
  await next(folder);
  assert.deepEqual(await inNext("/action", pageAt)(folder, server.url), {
    status: "completed",
    isValidationError: true,
    issues: ["out_of_range"],
  });
});

/** @param {string} url */
async function pageAt(url) {
  browser ??= startChromium();
  return JSON.parse(await firstLogOf(await browser, url));
}

/** A page that the emulator's server serves. @returns {Place["run"]} */
function inPage(page = "") {
  return (_folder, baseUrl) => pageAt(`${baseUrl}/${page}`);
}

/** A page that the bundler's development server serves. @param {...string} command @returns {Place["run"]} */
function inPageOf(...command) {
  return async (folder, baseUrl) => {
    const server = await startProgram(`node_modules/.bin/${command[0]}`, command.slice(1), { cwd: folder });
    try {
      return await pageAt(`${server.url}/?api=${baseUrl}`);
    } finally {
      await server.stop();
    }
  };
}

/**
 * @param {string} path
 * @param {(url: string) => Promise<any>} load
 * @returns {Place["run"]}
 */
function inNext(path, load) {
  return async (folder, baseUrl) => {
    const env = { ...process.env, BASE_URL: baseUrl, NEXT_TELEMETRY_DISABLED: "1" };
    const command = ["start", "--hostname", "127.0.0.1", "--port", "0"];
    const server = await startProgram("node_modules/.bin/next", command, { cwd: folder, env });
    try {
      return await load(`${server.url}${path}?api=${baseUrl}`);
    } finally {
      await server.stop();
    }
  };
}
