// The smallest app that a newcomer would write, in each place where the package must work without
// configuration: the same journey everywhere, on the installed tarball, against an emulator on loopback.
import { join } from "node:path";
import { after, describe } from "node:test";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { loggedByPage, skipWithoutChromium, startChromium } from "../support/browser.js";
import { asked, journeysIn } from "../support/journeys.js";
import { installed } from "../support/packed.js";
import { runProgram } from "../support/program.js";
import { bundleWorker, newestCompatibilityDate, startWorkerd } from "../support/workerd.js";

/** @typedef {import("../support/journeys.js").Place} Place */

const apps = fileURLToPath(new URL("apps", import.meta.url));

/** @type {Place[]} */
const places = [
  { name: "Node, import", run: inNode("node.mjs") },
  { name: "Node, require", run: inNode("node.cjs") },
  { name: "Node, core with the bytes of the module", run: inNode("node-core.mjs") },
  { name: "Node, a minified bundle of esbuild", run: bundled(inNode("bundle.js")) },
  { name: "Chromium, a module script without a bundler", page: true, run: inChromium("module.html") },
  { name: "Chromium, core with the address of the module", page: true, run: inChromium("core-url.html") },
  { name: "Chromium, core with a response", page: true, run: inChromium("core-response.html") },
  {
    name: "Chromium, a minified bundle of esbuild",
    page: true,
    run: bundled(inChromium("bundled.html")),
  },
  // Before November 2024 a request with `cache` was an error there.
  { name: "workerd of 2023, 20 requests at once", run: inWorkerd("2023-12-01", 20) },
  { name: "workerd of today, 20 requests at once", run: inWorkerd(newestCompatibilityDate, 20) },
];

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let browser;
after(async () => (await browser)?.close());

describe("the installed package", { concurrency: true }, () => {
  for (const place of places) {
    describe(place.name, { skip: place.page && skipWithoutChromium }, () =>
      journeysIn(place, () => installed(apps)),
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

/**
 * Bundles the app first, with the options that a newcomer starts with.
 * @param {Place["run"]} run
 * @returns {Place["run"]}
 */
function bundled(run) {
  return async (folder, baseUrl) => {
    await esbuild.build({
      entryPoints: [join(folder, "bundled.mjs")],
      outfile: join(folder, "bundle.js"),
      bundle: true,
      minify: true,
    });
    return run(folder, baseUrl);
  };
}

/**
 * @param {string} compatibilityDate
 * @param {number} times
 * @returns {Place["run"]}
 */
function inWorkerd(compatibilityDate, times) {
  return async (folder, baseUrl) => {
    const worker = await bundleWorker(join(folder, "worker.mjs"), folder);
    const { url, stop } = await startWorkerd({ ...worker, compatibilityDate, env: { BASE_URL: baseUrl } });
    try {
      return await Promise.all(Array.from({ length: times }, () => asked(url)));
    } finally {
      await stop();
    }
  };
}
