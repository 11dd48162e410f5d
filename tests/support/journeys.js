// The assertions that hold wherever the package runs: the same journey, against an emulator on loopback.
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
 * @property {(folder: string) => Promise<unknown>} [build] what comes before
 * @property {string} [root] the folder within, that the server of the emulator also serves; default: all
 * @property {boolean} [page] a page with a window
 */

/**
 * The tests of one place.
 * @param {Place} place
 * @param {() => Promise<string>} makeFolder with the installed package and the app
 */
export function journeysIn({ run, build, root = "", page = false }, makeFolder) {
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
          prompt: "@Image1 as first frame 🎬, then @Image2",
          image_urls: ["https://a.example/1.jpg", "https://a.example/2.jpg"],
        },
      });
      assert.deepEqual(bad, ["prompt: tag_without_asset", "duration: invalid_type"]);
    }));

  test("evolink-video/rules gives the same results, and errors of the same classes", () =>
    each(({ rules }) => assert.deepEqual(rules, { same: true, isValidationError: true })));

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

/** What a server in a place answers. @param {string} url @returns {Promise<any>} */
export async function asked(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
