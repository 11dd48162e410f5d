// Polls, lists and other calls of a client, tested with the installed package in Node.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { skipWithoutChromium, startChromium } from "../support/browser.js";
import { importPackage, installPackage } from "../support/packed.js";
import { startServer } from "../../tools/server.js";

/** @typedef {import("../../pkg-template/index.js").ClientOptions} ClientOptions */
/** @typedef {import("../../pkg-template/testing.js").EmulatorOptions} EmulatorOptions */

const request = { model: "seedance-2.0", prompt: "A paper boat on a river" };

/** @type {string} */
let folder;
/** @type {Awaited<ReturnType<typeof importPackage>>} */
let library;
before(async () => {
  folder = await installPackage();
  library = await importPackage(folder);
});

/** @param {EmulatorOptions} [emulated] @param {ClientOptions} [options] */
function setUp(emulated, options) {
  const emulator = library.createEmulator(emulated);
  return {
    emulator,
    client: new library.VideoClient({ apiKey: "sk-test", fetch: emulator.fetch, ...options }),
  };
}

describe("single polls", () => {
  test("wait as long as the submission and each result say", async () => {
    let now = Date.now();
    const { client } = setUp({ now: () => now, estimatedTime: 20, taskTime: 20 });
    const submission = await client.submit(request);
    /** @type {import("../../pkg-template/index.js").PollResult} */
    let result = { task: submission.task, state: submission.state, delayMs: submission.delayMs };
    let polls = 0;
    while (result.delayMs !== null) {
      now += result.delayMs;
      result = await client.poll(structuredClone(result.state));
      polls++;
    }
    assert.equal(result.task?.status, "completed");
    assert.ok(polls < 40, String(polls));
  });

  test("resolve after a passing failure, with the task, the next state and the next delay", async () => {
    const { client, emulator } = setUp({}, { maxRetries: 0 });
    const { task } = await client.submit(request);
    emulator.inject({ on: "read", fault: { status: 429, headers: { "retry-after": "60" } }, times: 100 });
    const began = performance.now();
    const first = await client.poll(task);
    assert.ok(performance.now() - began < 1_000, "no sleep of a minute");
    assert.deepEqual(first.task, task);
    assert.ok(first.error instanceof library.RateLimitError);
    assert.ok(Number(first.delayMs) >= 59_000, String(first.delayMs));
    assert.equal(first.state.failures, 1);
    assert.equal((await client.poll(first.state)).state.failures, 2);
  });

  test("repeat a failed read if that needs a short sleep only", async () => {
    const { client, emulator } = setUp();
    const { task } = await client.submit(request);
    emulator.inject({ on: "read", nth: 1, fault: { status: 503 } });
    assert.equal((await client.poll(task.id)).error, undefined);
    emulator.inject({ on: "read", nth: 1, fault: { status: 503 } });
    assert.ok((await client.poll(task.id, { maxSleepMs: 0 })).error instanceof library.ServerError);
  });

  test("reject if another poll would fail too", async () => {
    const { client } = setUp();
    await assert.rejects(client.poll("task-unified-1700000000-abcd1234"), library.NotFoundError);
    const other = new library.VideoClient({
      apiKey: "sk-wrong",
      fetch: setUp({ apiKeys: ["sk-test"] }).emulator.fetch,
    });
    await assert.rejects(other.poll("task-unified-1700000000-abcd1234"), library.AuthenticationError);
  });

  test("of many tasks need one read", async () => {
    const { client, emulator } = setUp();
    const submissions = [];
    for (const prompt of ["one", "two", "three"])
      submissions.push(await client.submit({ ...request, prompt }));
    const results = await client.pollAll([submissions[0], submissions[1].state, submissions[2].task.id]);
    assert.deepEqual(
      results.map(({ task }) => task?.id),
      submissions.map(({ task }) => task.id),
    );
    assert.equal(emulator.counts.batchReads, 1);
    const [known, unknown] = await client.pollAll([
      submissions[0].task.id,
      "task-unified-1700000000-abcd1234",
    ]);
    assert.deepEqual([known.error, unknown.delayMs], [undefined, null]);
    assert.ok(unknown.error instanceof library.NotFoundError);
  });
});

test("`retrieveAll` reads many tasks with one call, and has null for those that the server does not know", async () => {
  const { client, emulator } = setUp();
  const { task } = await client.submit(request);
  const tasks = await client.retrieveAll(["task-unified-1700000000-abcd1234", task.id]);
  assert.deepEqual([tasks[0], tasks[1]?.id, emulator.counts.batchReads], [null, task.id, 1]);
  assert.deepEqual(await client.retrieveAll([]), []);
});

test("`wait` and `watch` take a submission, and `generate` has that of its task", async () => {
  const { client } = setUp({ taskTime: 0.1 });
  const submission = await client.submit({ ...request, prompt: "A cat" });
  assert.equal((await client.wait(submission)).status, "completed");
  const task = await client.generate(request, { idempotencyKey: "my-own-key-0123456789" });
  assert.equal(task.submission.idempotencyKey, "my-own-key-0123456789");
  assert.deepEqual(task.submission.warnings, []);
  assert.ok(!JSON.stringify(task).includes("my-own-key") && !Object.keys(task).includes("submission"));
});

test("with `speed: 100` the emulator makes a video in about half a second", async () => {
  const { client } = setUp({ speed: 100 });
  const started = performance.now();
  await client.generate(request);
  // 0.65 s on an idle machine.
  assert.ok(performance.now() - started < 1_500);
});

test("`list` yields all pages, and stops with the loop", async () => {
  const { client, emulator } = setUp();
  const ids = [];
  for (let number = 0; number < 5; number++)
    ids.unshift((await client.submit({ ...request, prompt: `${number}` })).task.id);
  const listed = [];
  for await (const task of client.list({ pageSize: 2 })) listed.push(task.id);
  assert.deepEqual(new Set(listed), new Set(ids));
  const before = emulator.requests?.length;
  for await (const task of client.list({ pageSize: 2 })) {
    assert.ok(task.id);
    break;
  }
  if (before !== undefined) assert.equal(emulator.requests.length, before + 1);
  await assert.rejects(client.list(/** @type {any} */ ({ pagesize: 2 })).next(), /Did you mean `pageSize`/);
});

test("`list` ends where the server ignores `page`, and does not repeat its tasks", async () => {
  const data = ["1", "2"].map((end) => ({
    id: `task-unified-1700000000-abcd123${end}`,
    status: "completed",
  }));
  for (const total of [undefined, 5]) {
    let reads = 0;
    const fetch = async () => (reads++, Response.json({ object: "list", total, data }));
    const client = new library.VideoClient({ apiKey: "sk-test", fetch });
    const ids = [];
    for await (const task of client.list({ pageSize: 2 })) ids.push(task.id);
    assert.deepEqual([ids, reads], [data.map(({ id }) => id), 2]);
  }
});

test("`retrieve` of a final task removes it from the store", async () => {
  /** @type {Map<string, string>} */
  const items = new Map();
  const store = {
    getItem: (/** @type {string} */ key) => items.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void items.set(key, value),
    removeItem: (/** @type {string} */ key) => void items.delete(key),
    getKeys: () => [...items.keys()],
  };
  let now = Date.now();
  const { client } = setUp({ now: () => now, taskTime: 20 }, { store });
  const { task } = await client.submit(request);
  assert.notEqual((await client.retrieve(task.id)).status, "completed");
  assert.deepEqual([items.size, (await client.pending()).length], [1, 1]);
  now += 60_000;
  assert.equal((await client.retrieve(task.id)).status, "completed");
  assert.deepEqual([items.size, (await client.pending()).length], [0, 0]);
});

test("`credits` and `models` read what the API says of the account", async () => {
  const { client } = setUp();
  const credits = await client.credits();
  assert.equal(typeof credits.remaining, "number");
  assert.equal(typeof credits.unlimited, "boolean");
  assert.ok((await client.models()).every((id) => typeof id === "string"));
});

describe("`request`", () => {
  test("calls any endpoint, with the key and typed errors", async () => {
    const { client } = setUp();
    const { status, body, headers } = await client.request("GET", "/v1/credits");
    assert.deepEqual([status, body.success, typeof headers], [200, true, "object"]);
    await assert.rejects(client.request("GET", "/v1/nothing"), library.NotFoundError);
    for (const path of ["v1/credits", "//evil.example/", "https://evil.example/"])
      await assert.rejects(client.request("GET", path), {
        name: "ConfigurationError",
        message: /must begin with one slash/,
      });
    await assert.rejects(
      client.request(/** @type {any} */ ("get"), "/v1/credits"),
      library.ConfigurationError,
    );
  });

  test("sends a body, and takes text and nothing as answers", async () => {
    /** @type {[string, any][]} */
    const seen = [];
    const answers = [new Response("plain"), new Response(null, { status: 204 })];
    const fetch = async (/** @type {string} */ url, /** @type {any} */ init) => {
      seen.push([`${init.method} ${url}`, init.body]);
      return /** @type {any} */ (answers.shift());
    };
    const { client } = setUp({}, { fetch });
    assert.equal((await client.request("POST", "/v1/x", { body: { a: [1] } })).body, "plain");
    assert.deepEqual(await client.request("DELETE", "/v1/x"), { status: 204, headers: {}, body: "" });
    assert.deepEqual(seen, [
      ["POST https://api.evolink.ai/v1/x", '{"a":[1]}'],
      ["DELETE https://api.evolink.ai/v1/x", undefined],
    ]);
  });

  test("does not repeat what may have been done", async () => {
    let calls = 0;
    const fetch = async () => {
      calls++;
      throw new TypeError("the connection broke");
    };
    const { client } = setUp({}, { fetch });
    await assert.rejects(client.request("POST", "/v1/x"), library.OutcomeUnknownError);
    assert.equal(calls, 1);
  });
});

test("a call has its own headers, time limit and retries", async () => {
  /** @type {Headers[]} */
  const seen = [];
  const fetch = async (/** @type {string} */ _url, /** @type {any} */ init) => {
    seen.push(init.headers);
    return new Promise((_, reject) => init.signal.addEventListener("abort", reject));
  };
  const { client } = setUp({}, { fetch: /** @type {any} */ (fetch), headers: { "x-app": "1" } });
  const options = { headers: { "x-trace": "2" }, requestTimeoutMs: 30, maxRetries: 1 };
  await assert.rejects(
    client.retrieve("task-unified-1700000000-abcd1234", options),
    library.RequestTimeoutError,
  );
  assert.deepEqual(
    seen.map((headers) => [headers.get("x-app"), headers.get("x-trace")]),
    [
      ["1", "2"],
      ["1", "2"],
    ],
  );
  await assert.rejects(client.credits(/** @type {any} */ ({ maxRetry: 1 })), library.ConfigurationError);
});

test("events tell calls apart", async () => {
  /** @type {import("../../pkg-template/index.js").ClientEvent[]} */
  const events = [];
  const { client, emulator } = setUp({}, { onEvent: (event) => events.push(event) });
  emulator.inject({ on: "read", nth: 1, fault: { status: 503 } });
  const [first, second] = await Promise.all([
    client.submit(request),
    client.submit({ ...request, prompt: "x" }),
  ]);
  await Promise.all([client.retrieve(first.task.id), client.retrieve(second.task.id)]);
  const ids = [...new Set(events.map(({ callId }) => callId))];
  const calls = ids.map((id) => events.filter(({ callId }) => callId === id));
  assert.deepEqual(
    calls.map((events) => events[0]?.operation),
    ["submit", "submit", "retrieve", "retrieve"],
  );
  const [retried = []] = calls.filter((events) => events.some(({ type }) => type === "retry"));
  assert.deepEqual(
    retried.map((event) => [event.type, "attempt" in event && event.attempt]),
    [
      ["request", 1],
      ["response", 1],
      ["retry", 1],
      ["request", 2],
      ["response", 2],
    ],
  );
  assert.ok(retried.every(({ taskId }) => taskId === first.task.id || taskId === second.task.id));
});

test("`idempotencyKey` gives the same key for the same parts, and no other parts have it", async () => {
  const { idempotencyKey } = library;
  const keys = [["7"], ["70"], ["a", "b"], ["ab"], ["a", "", "b"], [""], ["日本"]].map((parts) =>
    idempotencyKey(.../** @type {[string]} */ (parts)),
  );
  assert.equal(new Set(keys).size, keys.length);
  for (const key of keys) assert.match(key, /^[A-Za-z0-9._-]{16,96}$/);
  assert.equal(idempotencyKey("7"), keys[0]);
  for (const parts of [[], [7], ["a", undefined]])
    assert.throws(() => /** @type {any} */ (idempotencyKey)(...parts), library.ValidationError);
  const { client, emulator } = setUp();
  await client.submit(request, { idempotencyKey: keys[0] });
  assert.equal((await client.submit(request, { idempotencyKey: keys[0] })).replayed, true);
  assert.equal(emulator.counts.created, 1);
});

test("Chromium's console shows no key of a client", { skip: skipWithoutChromium }, async () => {
  const server = await startServer({ emulator: library.createEmulator(), statics: { "/": folder } });
  const browser = await startChromium();
  try {
    const page = await browser.newPage();
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Runtime.enable");
    await page.goto(`${server.url}/node_modules/evolink-video/package.json`);
    const logged = new Promise((resolve) => devtools.once("Runtime.consoleAPICalled", resolve));
    await page.evaluate(async () => {
      const entry = "/node_modules/evolink-video/index.js";
      const { VideoClient } = await import(entry);
      console.log(new VideoClient({ apiKey: "sk-very-secret", dangerouslyAllowBrowser: true }));
    });
    const call = /** @type {any} */ (await logged);
    const shown = [JSON.stringify(call)];
    const objectId = call.args[0].objectId;
    shown.push(
      JSON.stringify(await devtools.send("Runtime.getProperties", { objectId, generatePreview: true })),
    );
    assert.match(shown[0], /VideoClient/);
    assert.ok(!shown.join().includes("secret"), shown.join());
  } finally {
    await browser.close();
    server.close();
  }
});
