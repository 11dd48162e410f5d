// What a bundler made of the smallest app that a newcomer would write, executed: no setting is there for the
// sake of the package.
import { after, describe } from "node:test";
import { loggedByPage, startChromium } from "../support/browser.js";
import { equipped, tool } from "../support/equipped.js";
import { asked, journeysIn } from "../support/journeys.js";
import { startProgram } from "../support/program.js";

/** @typedef {import("../support/journeys.js").Place} Place */

const webpack = tool("webpack");
const next = tool("next", "build");
const esbuild = (/** @type {string} */ format) =>
  tool("esbuild", "main.js", "--bundle", `--format=${format}`, `--outfile=dist/${format}.js`);

/** @type {(Place & { app: string, sources?: string })[]} */
const places = [
  {
    ...{ name: "Vite, build", app: "vite", page: true },
    ...{ build: tool("vite", "build"), root: "dist", run: inPage() },
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
  // A worker has no window: there a literal key is not refused.
  {
    name: "webpack, webworker",
    app: "webpack",
    sources: "src",
    build: webpack,
    run: inPage("webworker.html"),
  },
  {
    ...{ name: "webpack, a worker of the web bundle", app: "webpack", sources: "src" },
    ...{ build: webpack, run: inPage("spawn.html") },
  },
  { name: "Rollup", app: "rollup", page: true, build: tool("rollup", "--config"), run: inPage() },
  { name: "esbuild, esm", app: "esbuild", page: true, build: esbuild("esm"), run: inPage("module.html") },
  { name: "esbuild, iife", app: "esbuild", page: true, build: esbuild("iife"), run: inPage("classic.html") },
  {
    ...{ name: "Parcel, build", app: "parcel", page: true },
    ...{ build: tool("parcel", "build", "index.html"), root: "dist", run: inPage() },
  },
  { name: "Next.js, client component", app: "next", page: true, build: next, run: inNext("/", pageAt) },
  { name: "Next.js, route on Node", app: "next", build: next, run: inNext("/node", asked) },
  { name: "Next.js, route on edge", app: "next", build: next, run: inNext("/edge", asked) },
];

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let browser;
after(async () => (await browser)?.close());

describe("the package, bundled by", () => {
  for (const place of places)
    describe(place.name, () => journeysIn(place, () => equipped(place.app, place.sources)));
});

/** @param {string} url */
async function pageAt(url) {
  browser ??= startChromium();
  return JSON.parse(await loggedByPage(await browser, url));
}

/** A page beside the emulator. @returns {Place["run"]} */
function inPage(page = "") {
  return (_folder, baseUrl) => pageAt(`${baseUrl}/${page}`);
}

/** A page of a server of the bundler's own. @param {...string} command @returns {Place["run"]} */
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
 * @param {(url: string) => Promise<any>} ask
 * @returns {Place["run"]}
 */
function inNext(path, ask) {
  return async (folder, baseUrl) => {
    const env = { ...process.env, BASE_URL: baseUrl, NEXT_TELEMETRY_DISABLED: "1" };
    const command = ["start", "--hostname", "127.0.0.1", "--port", "0"];
    const server = await startProgram("node_modules/.bin/next", command, { cwd: folder, env });
    try {
      return await ask(`${server.url}${path}?api=${baseUrl}`);
    } finally {
      await server.stop();
    }
  };
}
