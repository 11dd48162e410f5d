// The smallest app that a newcomer would write, in each place where the package must work without
// configuration: the same journey everywhere, on the installed tarball, against an emulator on loopback.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { createEmulator } from "../../pkg-template/testing.js";
import { startServer } from "../../tools/server.js";
import { loggedByPage, skipWithoutChromium, startChromium } from "../support/browser.js";
import { installed } from "../support/packed.js";
import { runProgram } from "../support/program.js";
import { bundleWorker, newestCompatibilityDate, startWorkerd } from "../support/workerd.js";

/** @typedef {import("./apps/journey.mjs").Facts} Facts */

const apps = fileURLToPath(new URL("apps", import.meta.url));

/**
 * @typedef {object} Place
 * @property {string} name
 * @property {(folder: string, baseUrl: string) => Promise<Facts | Facts[]>} run
 * @property {boolean} [page] a page with a window
 */

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
    describe(place.name, { skip: place.page && skipWithoutChromium }, () => travel(place));
  }
});

/** @param {Place} place */
function travel({ run, page = false }) {
  const emulator = createEmulator({ apiKeys: ["sk-good"], estimatedTime: 1, taskTime: 1 });
  /** @type {Facts[]} */
  let journeys;
  /** @type {Awaited<ReturnType<typeof startServer>>} */
  let server;

  before(async () => {
    const folder = await installed(apps);
    server = await startServer({ emulator, statics: { "/": folder } });
    journeys = [await run(folder, server.url)].flat();
  });
  after(() => server?.close());

  /** @param {(facts: Facts) => void} check */
  const each = (check) => {
    assert.ok(journeys.length > 0);
    journeys.forEach(check);
  };

  test("validates", () =>
    each(({ good, bad }) => {
      assert.deepEqual(good, {
        mode: "first-last-frame",
        request: {
          model: "seedance-2.0",
          prompt: "@Image1 as first frame 🎬, then @Image2",
          image_urls: ["https://a.example/1.jpg", "https://a.example/2.jpg"],
        },
      });
      assert.deepEqual(bad, ["prompt: tag_without_asset", "duration: invalid_type"]);
    }));

  test("reads tags, and makes them follow their files", () =>
    each(({ tags, retagged }) => {
      assert.deepEqual(tags, [
        ["@Image1", 0, "first-frame"],
        ["@Image2", 32, null],
      ]);
      assert.equal(retagged, "@Image2 as first frame 🎬, then @Image1");
    }));

  test("generates a video, which plays", async () => {
    each(({ task }) => {
      assert.equal(task.status, "completed");
      assert.deepEqual([task.first, task.last], ["pending", "completed"]);
    });
    const video = await fetch(journeys[0].task.link);
    assert.equal(video.headers.get("content-type"), "video/mp4");
    assert.ok((await video.arrayBuffer()).byteLength > 0);
  });

  test("charges each generation once, and sends nothing that is not valid", () => {
    const creates = emulator.requests.filter(({ operation }) => operation === "create");
    const answers = creates.map(({ status }) => status).sort();
    const expected = [...journeys.map(() => 200), ...journeys.map(() => 401)];
    assert.deepEqual(answers, expected);
    assert.equal(emulator.counts.charges, journeys.length);
  });

  test("throws errors that `instanceof` tells apart", () =>
    each(({ unsent, unauthorized }) => {
      assert.deepEqual(unsent, {
        isValidationError: true,
        isError: true,
        name: "ValidationError",
        charged: "no",
        issues: 2,
      });
      assert.deepEqual(unauthorized, {
        isAuthenticationError: true,
        isValidationError: false,
        name: "AuthenticationError",
        status: 401,
        charged: "no",
      });
    }));

  test(page ? "refuses a key that every visitor could read" : "takes a literal key", () =>
    each(({ literalKey }) => assert.deepEqual(literalKey, page ? { isConfigurationError: true } : "taken")),
  );
}

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

/** @param {string} url @returns {Promise<any>} */
async function asked(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The worker answered ${response.status}: ${await response.text()}`);
  return response.json();
}
