// The tests of the journey, which are the same in every place, with an emulator on loopback.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createEmulator } from "../../pkg-template/testing.js";
import { startServer } from "../../tools/server.js";

/** @typedef {import("../places/journey.mjs").Facts} Facts */

/**
 * @typedef {object} Place
 * @property {string} name
 * @property {(folder: string, baseUrl: string) => Promise<Facts | Facts[]>} run
 * @property {(folder: string) => Promise<unknown>} [build] runs before
 * @property {string} [root] the subfolder that the emulator's server also serves; default: all
 * @property {boolean} [lazy] whether scripts can be loaded later; default: yes
 * @property {boolean} [page] whether it runs in a page
 */

/**
 * Defines the tests of one place.
 * @param {Place} place
 * @param {() => Promise<string>} makeFolder installs the package and the app
 */
export function journeyTests({ run, build, root = "", page = false, lazy = true }, makeFolder) {
  const emulator = createEmulator({ apiKeys: ["sk-good"], estimatedTime: 1, taskTime: 1 });
  /** @type {Facts[]} */
  let journeys;
  /** @type {Awaited<ReturnType<typeof startServer>>} */
  let server;

  before(async () => {
    const folder = await makeFolder();
    await build?.(folder);
    server = await startServer({ emulator, statics: { "/": join(folder, root) } });
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
          prompt: "@Image1 as scene 🎬, then @Image2",
          image_urls: ["https://a.example/1.jpg", "https://a.example/2.jpg"],
        },
      });
      assert.deepEqual(bad, ["prompt: tag_without_asset", "duration: invalid_type"]);
    }));

  test("evolink-video/rules returns the same results and throws the same classes", () =>
    each(({ rules }) => assert.deepEqual(rules, { same: true, isValidationError: true })));

  test("parses and renumbers tags", () =>
    each(({ tags, retagged }) => {
      assert.deepEqual(tags, [
        ["@Image1", 0, "scene"],
        ["@Image2", 26, null],
      ]);
      assert.equal(retagged, "@Image2 as scene 🎬, then @Image1");
    }));

  test("generates a video", async () => {
    each(({ task }) => {
      assert.equal(task.status, "completed");
      assert.deepEqual([task.first, task.last], ["pending", "completed"]);
    });
    const video = await fetch(journeys[0].task.link);
    assert.equal(video.headers.get("content-type"), "video/mp4");
    assert.ok((await video.arrayBuffer()).byteLength > 0);
  });

  test("charges each generation once, and sends no invalid request", () => {
    const creates = emulator.requests.filter(({ operation }) => operation === "create");
    const statuses = creates.map(({ status }) => status).sort();
    const videos = lazy ? 2 * journeys.length : journeys.length;
    const expected = [...Array(videos).fill(200), ...journeys.map(() => 401)];
    assert.deepEqual(statuses, expected);
    assert.equal(emulator.counts.charges, videos);
  });

  test("inspects files, and uploads those that the API takes", () =>
    each(({ files }) =>
      assert.deepEqual(
        files,
        lazy
          ? {
              uploaded: "completed",
              refused: [
                "unsupported_format: The content of `image_urls[0]` is HTML, which is not among the image formats of the API.",
              ],
            }
          : { uploaded: "script_unavailable", refused: "script_unavailable" },
      ),
    ));

  test("throws errors that work with `instanceof`", () =>
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

  test(page ? "rejects a literal key in a page" : "accepts a literal key", () =>
    each(({ literalKey }) =>
      assert.deepEqual(literalKey, page ? { isConfigurationError: true } : "accepted"),
    ),
  );
}

/** @param {string} url @returns {Promise<any>} */
export async function fetchJson(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} responded with ${response.status}: ${await response.text()}`);
  return response.json();
}
