// A minimal app in the places that need no other tools; `tests/places` has the others. All run the same
// journey with the installed package and an emulator on loopback.
import { join } from "node:path";
import { after, describe } from "node:test";
import * as esbuild from "esbuild";
import { firstLogOf, skipWithoutChromium, startChromium } from "../support/browser.js";
import { appFolder } from "../support/apps.js";
import { fetchJson, journeyTests } from "../support/journeys.js";
import { runProgram } from "../support/program.js";
import { bundleWorker, newestCompatibilityDate, startWorkerd } from "../support/workerd.js";

/** @typedef {import("../support/journeys.js").Place} Place */

/** @type {(Place & { app: string })[]} */
const places = [
  { name: "Node, import", app: "node", run: inNode("import.mjs") },
  { name: "Node, require", app: "node", run: inNode("require.cjs") },
  { name: "Node, core with the module's bytes", app: "core", run: inNode("node.mjs") },
  {
    ...{ name: "Node, minified esbuild bundle", app: "esbuild" },
    ...{ build: bundle, run: inNode("dist/iife.js") },
  },
  {
    ...{ name: "Chromium, module script without a bundler", app: "browser", page: true },
    run: inChromium(""),
  },
  {
    ...{ name: "Chromium, core with the module's URL", app: "core", page: true },
    run: inChromium("url.html"),
  },
  {
    ...{ name: "Chromium, core with a response", app: "core", page: true },
    run: inChromium("response.html"),
  },
  {
    ...{ name: "Chromium, minified esbuild bundle", app: "esbuild", page: true },
    ...{ build: bundle, run: inChromium("classic.html") },
  },
  // Before November 2024, workerd rejected requests with `cache`.
  { name: "workerd of 2023, 20 concurrent requests", app: "workerd", run: inWorkerd("2023-12-01", 20) },
  {
    ...{ name: "current workerd, 20 concurrent requests", app: "workerd" },
    run: inWorkerd(newestCompatibilityDate, 20),
  },
];

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let browser;
after(async () => (await browser)?.close());

describe("the installed package", { concurrency: true }, () => {
  for (const place of places) {
    describe(place.name, { skip: place.page && skipWithoutChromium }, () =>
      journeyTests(place, () => appFolder(place.app)),
    );
  }
});

/** @param {string} app @returns {Place["run"]} */
function inNode(app) {
  return async (folder, baseUrl) => {
    const env = { ...process.env, BASE_URL: baseUrl };
    return JSON.parse(await runProgram(process.execPath, [app], { cwd: folder, env }));
  };
}

/** @param {string} page @returns {Place["run"]} */
function inChromium(page) {
  return async (_folder, baseUrl) => {
    browser ??= startChromium();
    return JSON.parse(await firstLogOf(await browser, `${baseUrl}/${page}`));
  };
}

/** Bundles with minimal options. @param {string} folder */
function bundle(folder) {
  return esbuild.build({
    entryPoints: [join(folder, "main.js")],
    outfile: join(folder, "dist/iife.js"),
    bundle: true,
    minify: true,
  });
}

/**
 * @param {string} compatibilityDate
 * @param {number} times
 * @returns {Place["run"]}
 */
function inWorkerd(compatibilityDate, times) {
  return async (folder, baseUrl) => {
    const worker = await bundleWorker(join(folder, "worker.js"), join(folder, "dist"));
    const { url, stop } = await startWorkerd({ ...worker, compatibilityDate, env: { BASE_URL: baseUrl } });
    try {
      return await Promise.all(Array.from({ length: times }, () => fetchJson(url)));
    } finally {
      await stop();
    }
  };
}
