// The store of front ends against the emulator, with its charges.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError, VideoClient } from "../../pkg/index.js";
import { createVideoStore } from "../../pkg/store.js";
import { createEmulator } from "../../pkg/testing.js";

/** @typedef {import("../../pkg/testing.js").EmulatorOptions} EmulatorOptions */

const request = { model: "seedance-2.0", prompt: "A cat walks through snow" };
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
const lostAnswers = /** @type {const} */ ({ on: "create", fault: "network", carriedOut: true });

/** @param {EmulatorOptions} [options] */
function setup(options) {
  const emulator = createEmulator({ speed: 20, estimatedTime: 4, taskTime: 4, ...options });
  const items = new Map();
  const store = {
    getItem: (/** @type {string} */ key) => items.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => items.set(key, value),
    removeItem: (/** @type {string} */ key) => items.delete(key),
    getKeys: () => [...items.keys()],
  };
  /** A page with the storage of the others. @param {object} [more] */
  const page = (more) => {
    const fetch = /** @type {any} */ (emulator.fetch);
    const client = new VideoClient({ apiKey: "any", fetch, store, maxRetries: 1, ...more });
    return createVideoStore(client);
  };
  return { emulator, items, page };
}

/** Resolves when the store has the status. @param {import("../../pkg/store.js").VideoStore} store @param {string} status */
async function reaches(store, status) {
  for (let tries = 0; store.getSnapshot().status !== status; tries++) {
    assert.ok(tries < 500, `still ${store.getSnapshot().status}`);
    await pause(10);
  }
  return store.getSnapshot();
}

test("the snapshot is the same object until something changes", async () => {
  const { page } = setup();
  const video = page();
  let seen = video.getSnapshot();
  assert.equal(video.getSnapshot(), seen);
  const statuses = new Set();
  const end = video.subscribe(() => {
    assert.notEqual(video.getSnapshot(), seen);
    seen = video.getSnapshot();
    statuses.add(seen.status);
    assert.equal(video.getSnapshot(), seen);
  });
  const task = await video.generate(request);
  assert.equal(video.getSnapshot().task, task);
  assert.deepEqual([...statuses], ["submitting", "waiting", "completed"]);
  end();
  video.reset();
  assert.notEqual(seen, video.getSnapshot());
  assert.equal(video.getSnapshot().status, "idle");
});

test("nothing is sent or read before it is used", async () => {
  const { emulator, items, page } = setup();
  items.get = () => assert.fail("read");
  page();
  await pause(20);
  assert.equal(emulator.requests.length, 0);
});

test("the same request is one order while it runs; another is refused", async () => {
  const { emulator, page } = setup();
  const video = page();
  const first = video.generate(request);
  const second = video.generate({ prompt: request.prompt, model: request.model });
  const other = assert.rejects(video.generate({ ...request, prompt: "A dog" }), ConfigurationError);
  assert.equal(await first, await second);
  await other;
  assert.equal(emulator.counts.charges, 1);
  await video.generate(request);
  assert.equal(emulator.counts.charges, 2, "after it completed, it is another order");
});

test("stop and generate, as effects of StrictMode do, are one charge", async () => {
  const { emulator, page } = setup();
  const video = page();
  const first = video.generate(request);
  video.stop();
  const second = video.generate(request);
  assert.equal(await first, undefined);
  await reaches(video, "waiting");
  video.stop();
  assert.equal(video.getSnapshot().status, "idle");
  assert.equal(await second, undefined);
  assert.equal((await video.generate(request))?.status, "completed");
  assert.equal(emulator.counts.charges, 1);
});

test("stop while the submission is on its way does not lose the task", async () => {
  const { emulator, page } = setup({ faults: [{ on: "create", delayMs: 60 }] });
  const video = page();
  video.generate(request);
  await pause(20);
  video.stop();
  assert.equal((await video.generate(request))?.status, "completed");
  assert.deepEqual([emulator.counts.submissions, emulator.counts.charges], [1, 1]);
});

test("retry after lost answers sends the same key", async () => {
  const { emulator, page } = setup({ faults: [{ ...lostAnswers, times: 2 }] });
  const video = page();
  await assert.rejects(video.generate(request));
  const { status, error, idempotencyKey } = video.getSnapshot();
  assert.equal(status, "unknown");
  assert.equal(error?.idempotencyKey, idempotencyKey);
  assert.equal((await video.retry())?.status, "completed");
  assert.deepEqual([emulator.counts.submissions, emulator.counts.charges], [3, 1]);
});

test("retry after reads that fail waits for the same task", async () => {
  const { emulator, page } = setup({ faults: [{ on: "read", times: 1, fault: { status: 401 } }] });
  const video = page();
  await assert.rejects(video.generate(request));
  assert.equal(video.getSnapshot().status, "unknown");
  await video.retry();
  assert.equal(emulator.counts.charges, 1);
});

test("retry after a failed task is another order", async () => {
  const { emulator, page } = setup({
    outcome: (_, sequence) => (sequence === 1 ? { code: "unknown_error", message: "No." } : "completed"),
  });
  const video = page();
  await assert.rejects(video.generate(request));
  assert.equal(video.getSnapshot().status, "failed");
  assert.equal((await video.retry())?.status, "completed");
  assert.deepEqual([emulator.counts.charges, emulator.counts.refunds], [2, 1]);
});

test("an invalid request is in the snapshot, and nothing is sent", async () => {
  const { emulator, page } = setup();
  const video = page();
  video.generate({ ...request, duration: 99 }); // ignored, which must not be an unhandled rejection
  await pause(10);
  assert.equal(video.getSnapshot().status, "failed");
  assert.match(String(video.getSnapshot().error?.message), /duration/);
  assert.equal(emulator.requests.length, 0);
});

test("a reload while the task runs goes on with it", async () => {
  const { emulator, items, page } = setup();
  const before = page();
  before.generate(request);
  await reaches(before, "waiting");
  before.stop();
  const after = page();
  after.subscribe(() => {});
  await reaches(after, "waiting");
  assert.equal((await after.generate(request))?.status, "completed");
  assert.equal(emulator.counts.charges, 1);
  await pause(10);
  assert.equal(items.size, 0);
});

test("a reload before the answer submits again with the same key", async () => {
  const { emulator, page } = setup({
    faults: [{ on: "create", nth: 1, fault: "no-answer", carriedOut: true }],
  });
  const before = page();
  before.generate(request);
  await pause(50);
  const after = page();
  after.subscribe(() => {});
  await reaches(after, "completed");
  assert.deepEqual([emulator.counts.submissions, emulator.counts.charges], [2, 1]);
});

test("stores with other names do not continue each other's orders", async () => {
  const { emulator, items, page } = setup();
  page().generate(request);
  await pause(50);
  assert.ok(items.size > 0);
  const [store] = [
    {
      getItem: (/** @type {string} */ key) => items.get(key),
      setItem() {},
      removeItem() {},
      getKeys: () => [...items.keys()],
    },
  ];
  const fetch = /** @type {any} */ (emulator.fetch);
  const other = createVideoStore(new VideoClient({ apiKey: "any", fetch, store }), { name: "other" });
  other.subscribe(() => {});
  await pause(50);
  assert.equal(other.getSnapshot().status, "idle");
});

test("reset forgets the order", async () => {
  const { items, page } = setup();
  const before = page();
  before.generate(request);
  await reaches(before, "waiting");
  before.reset();
  assert.equal(before.getSnapshot().status, "idle");
  await pause(20);
  assert.equal(items.size, 0);
  assert.equal(await before.retry(), undefined);
});

test("follows a task that was submitted elsewhere", async () => {
  const { emulator, page } = setup();
  const client = new VideoClient({ apiKey: "any", fetch: /** @type {any} */ (emulator.fetch) });
  const { task } = await client.submit(request);
  assert.equal((await page().follow(task.id))?.id, task.id);
  assert.equal(emulator.counts.charges, 1);
});
