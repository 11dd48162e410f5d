import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createEmulator } from "../../pkg-template/testing.js";
import { origin, paths, request, setUp } from "./support.js";

const callback_url = "https://hooks.example/video";
const withCallback = { ...request, callback_url };

/**
 * A receiver that responds with these statuses in turn; `null` fails.
 *
 * @param {(number | null)[]} statuses
 */
function receiver(...statuses) {
  /** @type {{ url: string, task: any, init: RequestInit }[]} */
  const received = [];
  return {
    received,
    /**
     * @param {string | URL | Request} url
     * @param {RequestInit} [init]
     */
    async callbackFetch(url, init = {}) {
      received.push({
        url: String(url),
        task: JSON.parse(String(init.body)),
        init,
      });
      const status = statuses.shift() ?? null;
      if (status === null) throw new TypeError("fetch failed");
      return new Response(null, { status });
    },
  };
}

for (const [outcome, status] of /** @type {const} */ ([
  ["completed", "completed"],
  ["cancelled", "cancelled"],
  [{ code: "service_error", message: "Later" }, "failed"],
]))
  test(`posts a ${status} task to its callback_url once`, async () => {
    const { received, callbackFetch } = receiver(204);
    const { task, advance, read, emulator } = setUp({ callbackFetch, outcome });
    const { id } = await task(withCallback);
    advance(59);
    await emulator.flush();
    assert.equal(received.length, 0);
    advance(1);
    await emulator.flush();
    advance(100);
    await emulator.flush();
    assert.equal(received.length, 1);
    const { url, task: posted, init } = received[0];
    assert.equal(url, callback_url);
    assert.equal(init.method, "POST");
    assert.deepEqual(posted, await read(id));
    assert.equal(posted.status, status);
    const [callback] = emulator.callbacks;
    assert.equal(callback.delivered, true);
    assert.deepEqual(callback.attempts, [{ time: 1761313744000 + 60_000, status: 204 }]);
  });

test("records callbacks without sending them if there is no callbackFetch", async () => {
  const { task, advance, emulator } = setUp();
  const { id } = await task(withCallback);
  await task();
  assert.equal(emulator.callbacks.length, 0);
  advance(60);
  assert.equal(emulator.callbacks.length, 1);
  const callback = emulator.callbacks[0];
  assert.equal(callback.url, callback_url);
  assert.equal(callback.task.id, id);
  assert.deepEqual(callback.attempts, []);
  await emulator.flush();
  assert.equal(callback.delivered, false);
});

test("records callbacks in the order in which the tasks end", async () => {
  const taskTime = (/** @type {any} */ _request, /** @type {number} */ n) => 100 - n;
  const { task, advance, emulator } = setUp({ taskTime });
  const ids = [await task(withCallback), await task(withCallback)];
  advance(100);
  assert.deepEqual(
    emulator.callbacks.map((callback) => callback.task.id),
    [ids[1].id, ids[0].id],
  );
});

test("retries a failed callback after 1, 2 and 4 s, then stops", async () => {
  const { received, callbackFetch } = receiver(500, null, 302, 404, 200);
  const { task, advance, emulator } = setUp({ callbackFetch });
  await task(withCallback);
  const counts = [];
  for (const seconds of [60, 0.9, 0.1, 1.9, 0.1, 3.9, 0.1, 60]) {
    advance(seconds);
    await emulator.flush();
    counts.push(received.length);
  }
  assert.deepEqual(counts, [1, 1, 2, 2, 3, 3, 4, 4]);
  const [callback] = emulator.callbacks;
  assert.deepEqual(
    callback.attempts.map(({ status }) => status),
    [500, null, 302, 404],
  );
  assert.equal(callback.delivered, false);
});

test("stops retrying a callback after a 2xx response", async () => {
  const { received, callbackFetch } = receiver(500, 200);
  const { task, advance, emulator } = setUp({ callbackFetch, speed: 10 });
  await task(withCallback);
  for (const seconds of [16.5, 0.1, 10, 10]) {
    advance(seconds);
    await emulator.flush();
  }
  assert.equal(received.length, 2);
  assert.equal(emulator.callbacks[0].delivered, true);
});

test("any request sends due callbacks", async () => {
  const { received, callbackFetch } = receiver(200);
  const { task, advance, call } = setUp({ callbackFetch });
  await task(withCallback);
  advance(60);
  await call(paths.models);
  assert.equal(received.length, 1);
});

describe("with the host's clock", () => {
  /** @param {import("../../pkg-template/testing.js").EmulatorOptions} options */
  async function createWith(options) {
    const emulator = createEmulator(options);
    const headers = { authorization: "Bearer sk-test" };
    const body = JSON.stringify(withCallback);
    await emulator.fetch(origin + paths.create, { method: "POST", headers, body });
    return emulator;
  }
  const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

  test("sends and retries callbacks without requests", async () => {
    const { received, callbackFetch } = receiver(500, 200);
    await createWith({ callbackFetch, speed: 50, taskTime: 60 });
    assert.equal(received.length, 0);
    await sleep(1_400);
    assert.equal(received.length, 2);
    assert.equal(received[0].task.status, "completed");
  });

  test("sends no callbacks of before a reset", async () => {
    const { received, callbackFetch } = receiver(200);
    const emulator = await createWith({ callbackFetch, speed: 50, taskTime: 55 });
    emulator.reset();
    await sleep(1_300);
    assert.equal(received.length, 0);
  });
});
