// What visitors of the Worker of www/worker do, however it is started.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

/** @typedef {import("../../pkg-template/testing-server.js").EmulatorServer} EmulatorServer */
/** @typedef {{ url: string, close(): Promise<void> }} Edge */

/** @type {typeof import("../../pkg-template/index.js")} */
const { VideoClient } = await import(import.meta.resolve("../../pkg/index.js"));
/** @type {typeof import("../../pkg-template/testing-server.js")} */
const { serve } = await import(import.meta.resolve("../../pkg/testing-server.js"));

export const order = { model: "seedance-2.0", prompt: "A paper boat on a river" };
/** The API estimates five minutes for it, but it takes no longer than any other. */
const underestimated = { ...order, prompt: "A mountain in the rain" };

/** The daily budgets: 67.5 credits an order are four orders of a visitor, and eight of all. */
const bindings = { USER_CREDITS: 300, ALL_CREDITS: 600, UNPRICED_CREDITS: 67.5 };

/**
 * The tests of the Worker. The budget of all is spent after them.
 * @template {Edge} T
 * @param {(options: { apiUrl: string, bindings: Record<string, unknown> }) => Promise<T>} start
 * @param {(running: { api(): EmulatorServer, edge(): T, visitor: typeof visitor }) => void} [more] declares further
 *   tests of a way to start it, which may order twice
 */
export function visitTests(start, more) {
  /** @type {EmulatorServer} */
  let api;
  /** @type {T} */
  let edge;

  before(async () => {
    api = await serve({
      taskTime: 1,
      // A task that is processed is read sooner than the estimate says.
      pendingTime: ({ prompt }) => (prompt === underestimated.prompt ? 1 : 0.1),
      estimatedTime: ({ prompt }) => (prompt === underestimated.prompt ? 300 : 1),
      loopbackCallbacks: true,
      callbackFetch: fetch,
    });
    edge = await start({ apiUrl: api.url, bindings });
  });
  after(async () => {
    await edge?.close();
    await api?.close();
  });

  test("a visitor's video is kept in R2, and only that visitor can play it", async () => {
    const { client, headers } = await visitor(edge.url);
    const before = api.emulator.counts.charges;
    const { id } = await client.generate(order);
    await until(async () => (await linkOf(client, id)).startsWith(edge.url));
    const link = await linkOf(client, id);
    const whole = await fetch(link, { headers });
    const bytes = await whole.arrayBuffer();
    assert.equal(whole.headers.get("content-type"), "video/mp4");
    assert.equal(whole.headers.get("content-length"), String(bytes.byteLength));
    for (const [
      range,
      status,
      contentRange,
      part,
    ] of /** @type {[string, number, string, ArrayBuffer][]} */ ([
      ["bytes=0-9", 206, `bytes 0-9/${bytes.byteLength}`, bytes.slice(0, 10)],
      [
        "bytes=-5",
        206,
        `bytes ${bytes.byteLength - 5}-${bytes.byteLength - 1}/${bytes.byteLength}`,
        bytes.slice(-5),
      ],
    ])) {
      const answer = await fetch(link, { headers: { ...headers, range } });
      assert.deepEqual([answer.status, answer.headers.get("content-range")], [status, contentRange], range);
      assert.deepEqual(await answer.arrayBuffer(), part, range);
    }
    const etag = whole.headers.get("etag") ?? "";
    for (const [name, value, status] of /** @type {[string, string, number][]} */ ([
      ["if-none-match", etag, 304],
      ["if-match", '"another"', 412],
      ["range", "bytes=999999999-", 416],
    ])) {
      const answer = await fetch(link, { headers: { ...headers, [name]: value } });
      assert.equal(answer.status, status, `${name}: ${value}`);
      await answer.arrayBuffer();
    }
    assert.equal((await fetch(link)).status, 404);
    assert.equal((await fetch(link, { headers: (await visitor(edge.url)).headers })).status, 404);
    assert.equal(api.emulator.counts.charges, before + 1);
  });

  test("a callback brings the video to R2 long before the estimate, although the page left", async () => {
    const { client, headers } = await visitor(edge.url);
    const { task } = await client.submit(underestimated);
    const before = api.emulator.counts.reads;
    const [taskId] = task.id.split(".");
    await until(async () => (await fetch(`${edge.url}/kept/${taskId}`, { headers })).ok);
    const callback = api.emulator.callbacks.find(({ task }) => task.id === taskId);
    if (!callback) assert.fail("no callback");
    assert.ok(callback.url.startsWith(`${edge.url}/callbacks/`), callback.url);
    await until(async () => callback.delivered);
    assert.equal(callback.attempts.length, 1);
    // Of the Workflow before it waits, of the callback, and of the Workflow that it woke.
    const reads = api.emulator.counts.reads - before;
    assert.ok(reads <= 3, `${reads} reads`);
  });

  test("without a session nothing is ordered, and a forged one is none", async () => {
    const before = api.emulator.counts.submissions;
    for (const cookie of [
      "",
      "session=ann",
      "session=ann.AAAA",
      "session=ann.%2BX4iDONkhlhruWeTp4Bj6holUiIHY3Y4EqMQ4ftSvro%3D",
    ]) {
      const client = new VideoClient({ baseUrl: `${edge.url}/evolink`, headers: { cookie } });
      await assert.rejects(client.submit(order), /HTTP 401/, cookie);
    }
    assert.equal(api.emulator.counts.submissions, before);
  });

  more?.({ api: () => api, edge: () => edge, visitor });

  test("a budget is by visitor, and of all together", async () => {
    const { client } = await visitor(edge.url);
    for (let count = 0; count < 4; count++) await client.submit(order);
    await assert.rejects(client.submit(order), /budget/);
    /** @type {any} */
    let refused;
    const other = (await visitor(edge.url)).client;
    for (let count = 0; count < 8 && !refused; count++)
      refused = await other.submit(order).then(
        () => undefined,
        (error) => error,
      );
    assert.equal(refused.code, "spending_limit");
    assert.equal(refused.charged, "no");
    assert.equal(api.emulator.counts.charges, 8);
  });
}

/** A visitor, as a browser would be one. @param {string} url of the Worker */
async function visitor(url) {
  const page = await fetch(url);
  assert.match(page.headers.get("content-type") ?? "", /text\/html/);
  const [cookie] = page.headers.getSetCookie();
  assert.match(cookie, /HttpOnly; SameSite=Lax/);
  const headers = { cookie: cookie.split(";")[0] };
  return { headers, client: new VideoClient({ baseUrl: `${url}/evolink`, headers }) };
}

/** @param {InstanceType<typeof VideoClient>} client @param {string} id */
export async function linkOf(client, id) {
  const task = await client.retrieve(id);
  assert.equal(task.status, "completed");
  return task.results[0] ?? "";
}

/** @param {() => Promise<boolean>} isDone */
export async function until(isDone) {
  const deadline = Date.now() + 20_000;
  while (!(await isDone())) {
    assert.ok(Date.now() < deadline, "nothing happened within 20 seconds");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
