// The smallest app that a newcomer would write, in the places that need no tools but those of this project; the rest
// is in `tests/places`. The same journey everywhere, on the installed tarball, against an emulator on loopback.
import { join } from "node:path";
import { after, describe } from "node:test";
import * as esbuild from "esbuild";
import { loggedByPage, skipWithoutChromium, startChromium } from "../support/browser.js";
import { placed } from "../support/equipped.js";
import { asked, journeysIn } from "../support/journeys.js";
import { runProgram } from "../support/program.js";
import { bundleWorker, newestCompatibilityDate, startWorkerd } from "../support/workerd.js";

/** @typedef {import("../support/journeys.js").Place} Place */

/** @type {(Place & { app: string })[]} */
const places = [
  { name: "Node, import", app: "node", run: inNode("import.mjs") },
  { name: "Node, require", app: "node", run: inNode("require.cjs") },
  { name: "Node, core with the bytes of the module", app: "core", run: inNode("node.mjs") },
  {
    ...{ name: "Node, a minified bundle of esbuild", app: "esbuild" },
    ...{ build: bundle, run: inNode("dist/iife.js") },
  },
  {
    ...{ name: "Chromium, a module script without a bundler", app: "browser", page: true },
    run: inChromium(""),
  },
  {
    ...{ name: "Chromium, core with the address of the module", app: "core", page: true },
    run: inChromium("url.html"),
  },
  {
    ...{ name: "Chromium, core with a response", app: "core", page: true },
    run: inChromium("response.html"),
  },
  {
    ...{ name: "Chromium, a minified bundle of esbuild", app: "esbuild", page: true },
    ...{ build: bundle, run: inChromium("classic.html") },
  },
  // Before November 2024 a request with `cache` was an error there.
  { name: "workerd of 2023, 20 requests at once", app: "workerd", run: inWorkerd("2023-12-01", 20) },
  {
    ...{ name: "workerd of today, 20 requests at once", app: "workerd" },
    run: inWorkerd(newestCompatibilityDate, 20),
  },
];

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let browser;
after(async () => (await browser)?.close());

describe("the installed package", { concurrency: true }, () => {
  for (const place of places) {
    describe(place.name, { skip: place.page && skipWithoutChromium }, () =>
      journeysIn(place, () => placed(place.app)),
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
    return JSON.parse(await loggedByPage(await browser, `${baseUrl}/${page}`));
  };
}

/** With the options that a newcomer starts with. @param {string} folder */
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
      return await Promise.all(Array.from({ length: times }, () => asked(url)));
    } finally {
      await stop();
    }
  };
}
