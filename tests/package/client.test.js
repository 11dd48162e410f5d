// The contract of the client, tested with the installed package in Node.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { importPackage, installPackage } from "../support/packed.js";

/** @typedef {import("../../pkg-template/index.js").ClientOptions} ClientOptions */
/** @typedef {import("../../pkg-template/index.js").EvolinkError} EvolinkError */
/** @typedef {import("../../pkg-template/index.js").PollState} PollState */
/** @typedef {import("../../pkg-template/index.js").Task} Task */
/** @typedef {import("../../pkg-template/index.js").VideoClient} VideoClient */
/** @typedef {import("../../pkg-template/testing.js").Emulator} Emulator */
/** @typedef {import("../../pkg-template/testing.js").EmulatorOptions} EmulatorOptions */

const request = { model: "seedance-2.0", prompt: "A paper boat on a river" };
const taskId = "task-unified-1761313744-abcd1234";
/** "Immediately" on a busy machine. The client's shortest pause is 920 ms, unless the estimate is short. */
const immediateMs = 700;

/** @type {Awaited<ReturnType<typeof importPackage>>} */
let library;
before(async () => {
  library = await importPackage(await installPackage());
});

/**
 * Creates an emulator and a client for it.
 * @param {EmulatorOptions} [emulated]
 * @param {ClientOptions} [options]
 */
function setUp(emulated, options) {
  const emulator = library.createEmulator(emulated);
  return {
    emulator,
    client: new library.VideoClient({ apiKey: "sk-test", fetch: emulator.fetch, ...options }),
  };
}

/**
 * Creates a client with a custom `fetch` and without retries.
 * @param {(...args: any[]) => any} fetch
 * @param {ClientOptions} [options]
 */
const clientOf = (fetch, options) =>
  new library.VideoClient({ apiKey: "sk-test", fetch, maxRetries: 0, ...options });

/**
 * The error with which a promise rejects, and the time until then.
 * @param {Promise<unknown>} promise
 * @returns {Promise<{ error: any, elapsedMs: number }>}
 */
async function rejection(promise) {
  const start = performance.now();
  const late = new AbortController();
  const outcome = await Promise.race([
    promise.then(
      () => assert.fail("the promise resolved"),
      (error) => ({ error, elapsedMs: performance.now() - start }),
    ),
    sleep(10_000, undefined, { signal: late.signal }).then(() => assert.fail("the promise never settled")),
  ]);
  late.abort();
  return outcome;
}

/**
 * `Promise.withResolvers`, which Node 20 does not have.
 * @returns {{ promise: Promise<void>, resolve: () => void }}
 */
function withResolvers() {
  let resolve = () => {};
  const promise = /** @type {Promise<void>} */ (
    new Promise((settle) => (resolve = /** @type {any} */ (settle)))
  );
  return { promise, resolve };
}

describe("abort", { concurrency: true }, () => {
  const reasons = [
    undefined,
    null,
    "a custom reason",
    new Error("a custom error"),
    new DOMException("aborted", "AbortError"),
  ];

  /** @type {Record<string, { emulated: EmulatorOptions, reached: (emulator: Emulator) => boolean }>} */
  const phases = {
    "before the start": { emulated: {}, reached: () => true },
    "in flight": {
      emulated: { faults: [{ fault: "no-answer" }] },
      reached: ({ requests }) => requests.length === 1,
    },
    "while the response is read": {
      emulated: { faults: [{ fault: "stall-body" }] },
      reached: ({ counts }) => counts.created === 1,
    },
    "between attempts": {
      emulated: { faults: [{ fault: { status: 429, headers: { "retry-after": "30" } } }] },
      reached: ({ requests }) => requests[0]?.status === 429,
    },
    "between polls": {
      emulated: { estimatedTime: 60 },
      reached: ({ requests }) => requests[0]?.status === 200,
    },
  };

  for (const [phase, { emulated, reached }] of Object.entries(phases)) {
    for (const given of reasons) {
      test(`${phase}, with ${given === undefined ? "no reason" : given}: rejects immediately with the reason`, async () => {
        const { client, emulator } = setUp(emulated);
        const controller = new AbortController();
        if (phase === "before the start") controller.abort(given);
        const generating = client.generate(request, { signal: controller.signal });
        generating.catch(() => {});
        while (!reached(emulator)) await sleep(1);
        await sleep(5);
        controller.abort(given);
        const { error, elapsedMs } = await rejection(generating);
        assert.equal(error, controller.signal.reason);
        if (given !== undefined) assert.equal(error, given);
        assert.ok(elapsedMs < immediateMs, `${elapsedMs} ms`);
        if (phase === "before the start") assert.equal(emulator.requests.length, 0);
      });
    }
  }

  test("accepts the reason `undefined` of a custom signal", async () => {
    const { client } = setUp();
    const signal = Object.assign(new EventTarget(), { aborted: true, reason: undefined });
    const { error } = await rejection(client.submit(request, { signal: /** @type {any} */ (signal) }));
    assert.equal(error, undefined);
  });

  test("aborts the request in flight", async () => {
    const { promise, resolve } = withResolvers();
    const client = clientOf((_url, { signal }) => {
      signal.addEventListener("abort", resolve);
      return new Promise(() => {});
    });
    const controller = new AbortController();
    const retrieving = client.retrieve(taskId, { signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    await rejection(retrieving);
    await promise;
  });

  test("does not affect the task on the server, whose id was reported", async () => {
    const { client, emulator } = setUp({ estimatedTime: 60 });
    const controller = new AbortController();
    /** @type {Task[]} */
    const updates = [];
    const onUpdate = (/** @type {Task} */ task) => (updates.push(task), controller.abort("enough"));
    await rejection(client.generate(request, { signal: controller.signal, onUpdate }));
    assert.equal(updates[0].id, emulator.charges[0].taskId);
    assert.equal((await client.retrieve(updates[0].id)).status, "pending");
  });

  test("removes its listeners from the signal", async () => {
    const { client } = setUp();
    let listeners = 0;
    const { signal } = new AbortController();
    for (const [name, change] of /** @type {const} */ ([
      ["addEventListener", 1],
      ["removeEventListener", -1],
    ])) {
      const original = signal[name];
      signal[name] = (/** @type {any[]} */ ...args) => {
        listeners += change;
        return original.apply(signal, /** @type {any} */ (args));
      };
    }
    await client.submit(request, { signal });
    await rejection(client.retrieve(taskId, { signal }));
    assert.equal(listeners, 0);
  });
});

describe("an unknown status", () => {
  const body = { id: taskId, status: "rendering", progress: 0, extra: { a: 1 } };
  const client = () => clientOf(async () => Response.json(body), {});

  test("is `unknown`, with the API's value in `rawStatus`", async () => {
    const task = await client().retrieve(taskId);
    assert.deepEqual(task, { ...body, status: "unknown", rawStatus: "rendering" });
  });
});

describe("an answer of another form", () => {
  /** @param {string} text @param {number} [status] */
  const answering = (text, status = 200) => clientOf(async () => new Response(text, { status }));

  test("keeps halves of surrogate pairs and long arrays", async () => {
    const text = `{"id":"${taskId}","status":"completed","results":["https://a/\\ud83c"],"\\udc00":"\\ud800 \\udfff"`;
    const numbers = Array.from({ length: 50_000 }, (_, index) => index);
    const client = answering(`${text},"numbers":[${numbers}]}`);
    const task = await client.retrieve(taskId);
    assert.deepEqual(task.results, ["https://a/\ud83c"]);
    assert.equal(task["\udc00"], "\ud800 \udfff");
    assert.deepEqual(task.numbers, numbers);
    // The id is enough to wait for it.
    assert.deepEqual(await client.wait(task), task);
  });

  test("has the words of the library, with the API's own in `rawStatus`", async () => {
    const body = {
      id: taskId,
      status: " Succeeded",
      output: { video_url: "https://a/b.mp4" },
      progress: 100,
    };
    const task = await answering(JSON.stringify(body)).retrieve(taskId);
    assert.deepEqual(task, {
      ...body,
      status: "completed",
      rawStatus: " Succeeded",
      results: ["https://a/b.mp4"],
      expiresAt: 1_761_313_744_000 + 86_400_000,
    });
  });

  test("keeps all fields of a task's error", async () => {
    const said = {
      code: "invalid_audio",
      message: "Too long.",
      type: "task_error",
      suggestion: "Cut it.",
      max: 15,
    };
    const client = answering(JSON.stringify({ id: taskId, status: "failed", error: said }));
    assert.deepEqual((await client.retrieve(taskId)).error, said);
    const { error } = await rejection(client.wait(taskId));
    assert.deepEqual([error.type, error.suggestion, error.details], ["task_error", "Cut it.", { max: 15 }]);
  });

  test("gives all that the server said about an error, in JSON too", async () => {
    const text = `{ "error": {"code":"NO_WAY", "message":"No (request id: r1)", "param":"prompt", "min":[1,{"a":null}]}}`;
    const { error } = await rejection(answering(text, 400).submit(request));
    const { EvolinkError, BadRequestError } = library;
    for (const seen of [error, EvolinkError.from(JSON.parse(JSON.stringify(error)))]) {
      assert.ok(seen instanceof BadRequestError);
      const { code, requestId, param, details, body } = seen;
      assert.deepEqual(
        { code, requestId, param, details, body },
        {
          code: "no_way",
          requestId: "r1",
          param: "prompt",
          details: { min: [1, { a: null }] },
          body: text,
        },
      );
    }
  });
});

describe("a host without a part of the Fetch API", () => {
  for (const name of ["fetch", "Headers", "AbortController"]) {
    test(`that has no \`${name}\` gives a ConfigurationError, and nothing is charged`, async () => {
      const client = new library.VideoClient({ apiKey: "sk-test" });
      const own = Object.getOwnPropertyDescriptor(globalThis, name);
      assert.ok(own);
      Reflect.deleteProperty(globalThis, name);
      try {
        const error = await client.submit(request).catch((error) => error);
        assert.ok(error instanceof library.ConfigurationError, String(error));
        assert.equal(error.charged, "no");
        assert.match(error.message, new RegExp(`no \`${name}\``));
      } finally {
        Object.defineProperty(globalThis, name, own);
      }
    });
  }
});

describe("watch", { concurrency: true }, () => {
  test("yields each change once, ends after a final status", async () => {
    const { client } = setUp({ estimatedTime: 5, taskTime: 5, pendingTime: 1, progress: "stuck" });
    const { task } = await client.submit(request);
    /** @type {string[]} */
    const seen = [];
    for await (const { status, id } of client.watch(task.id)) {
      assert.equal(id, task.id);
      seen.push(status);
    }
    assert.deepEqual(seen, ["pending", "processing", "completed"]);
  });

  for (const [outcome, status] of /** @type {const} */ ([
    [{ code: "content_policy_violation", message: "A real face" }, "failed"],
    ["cancelled", "cancelled"],
  ])) {
    test(`yields a task that ${status === "failed" ? "failed" : "was cancelled"}, while \`wait\` rejects`, async () => {
      const { client } = setUp({ taskTime: 0, outcome });
      const { task } = await client.submit(request);
      /** @type {Task[]} */
      const seen = [];
      for await (const change of client.watch(task.id)) seen.push(change);
      assert.deepEqual(
        seen.map(({ status }) => status),
        [status],
      );
      const { error } = await rejection(client.wait(task.id));
      assert.ok(
        error instanceof (status === "failed" ? library.TaskFailedError : library.TaskCancelledError),
      );
      assert.deepEqual(error.task, seen[0]);
    });
  }

  test("stops polling when the loop exits", async () => {
    const { client, emulator } = setUp({ estimatedTime: 1, taskTime: 60 });
    const { task } = await client.submit(request);
    for await (const _ of client.watch(task.id)) break;
    const { reads } = emulator.counts;
    await sleep(3_000);
    assert.equal(reads, 1);
    assert.equal(emulator.counts.reads, reads);
  });

  test("sends no requests before the loop starts", async () => {
    const { client, emulator } = setUp();
    client.watch(taskId);
    client.watch(taskId)[Symbol.asyncIterator]();
    await sleep(50);
    assert.equal(emulator.requests.length, 0);
  });

  test("`return()` settles a pending `next()` immediately", async () => {
    const { client } = setUp({ estimatedTime: 60, taskTime: 60 });
    const { task } = await client.submit(request);
    const iterator = client.watch(task.id)[Symbol.asyncIterator]();
    assert.equal((await iterator.next()).value.status, "pending");
    const start = performance.now();
    const pending = iterator.next();
    await sleep(5);
    const end = { value: undefined, done: true };
    assert.deepEqual(await iterator.return?.(), end);
    assert.deepEqual(await pending, end);
    assert.deepEqual(await iterator.next(), end);
    assert.ok(performance.now() - start < immediateMs);
  });

  test("rejects with the reason of an abort", async () => {
    const { client } = setUp({ estimatedTime: 60, taskTime: 60 });
    const { task } = await client.submit(request);
    const controller = new AbortController();
    const loop = async () => {
      for await (const _ of client.watch(task.id, { signal: controller.signal })) controller.abort("enough");
    };
    assert.equal((await rejection(loop())).error, "enough");
  });

  test("rejects with the server's error once", async () => {
    const { client } = setUp();
    const iterator = client.watch(taskId)[Symbol.asyncIterator]();
    const { error } = await rejection(iterator.next());
    assert.ok(error instanceof library.NotFoundError);
    assert.equal(error.taskId, taskId);
    assert.equal((await iterator.next()).done, true);
  });

  test("disposing stops all loops", async () => {
    const { client, emulator } = setUp({ estimatedTime: 60, taskTime: 60 });
    const { task } = await client.submit(request);
    const changes = client.watch(task.id);
    const [one, other] = [changes[Symbol.asyncIterator](), changes[Symbol.asyncIterator]()];
    assert.equal((await one.next()).value.status, "pending");
    const pending = [one.next(), other.next(), other.next()];
    while (emulator.counts.reads < 2) await sleep(5);
    await changes[Symbol.asyncDispose]();
    const last = (await Promise.all(pending)).at(-1);
    assert.deepEqual(last, { value: undefined, done: true });
    const { reads } = emulator.counts;
    await sleep(3_000);
    assert.equal(emulator.counts.reads, reads);
  });

  test("resolves concurrent `next()` calls in order", async () => {
    const { client } = setUp({ taskTime: 0 });
    const { task } = await client.submit(request);
    const iterator = client.watch(task.id)[Symbol.asyncIterator]();
    const [first, second] = await Promise.all([iterator.next(), iterator.next()]);
    assert.equal(first.value.status, "completed");
    assert.equal(second.done, true);
  });
});

describe("options", () => {
  /** @type {[string, any][]} */
  const invalid = [
    ["apiKey", undefined],
    ["apiKey", {}],
    ["apiKey", { apiKey: "" }],
    ["apiKey", { apiKey: 5 }],
    ["apiKey", { apikey: "sk-test" }],
    ["baseUrl", { apiKey: "sk-test", baseUrl: "http://api.example" }],
    ["baseUrl", { apiKey: "sk-test", baseURL: "https://api.example" }],
    ["fetch", { apiKey: "sk-test", fetch: "fetch" }],
    ["headers", { apiKey: "sk-test", headers: [] }],
    ["requestTimeoutMs", { apiKey: "sk-test", requestTimeoutMs: -1 }],
    ["requestTimeoutMs", { apiKey: "sk-test", requestTimeoutMs: Infinity }],
    ["maxRetries", { apiKey: "sk-test", maxRetries: 1.5 }],
    ["onEvent", { apiKey: "sk-test", onEvent: {} }],
  ];
  for (const [name, options] of invalid) {
    test(`rejects ${JSON.stringify(options)} and names ${name}`, () => {
      assert.throws(
        () => new library.VideoClient(options),
        (error) => error instanceof library.ConfigurationError && error.message.includes(`\`${name}\``),
      );
    });
  }

  /** @type {[string, (client: VideoClient) => Promise<unknown>][]} */
  const invalidCalls = [
    ["idempotencyKey", (client) => client.submit(request, { idempotencyKey: "short" })],
    ["signal", (client) => client.submit(request, { signal: /** @type {any} */ ("stop") })],
    ["timeoutMs", (client) => client.wait(taskId, { timeoutMs: -1 })],
    ["onUpdate", (client) => client.generate(request, { onUpdate: /** @type {any} */ ("log") })],
  ];
  for (const [name, call] of invalidCalls) {
    test(`a call with an invalid ${name} rejects without a request`, async () => {
      const { client, emulator } = setUp();
      const { error } = await rejection(call(client));
      assert.ok(error instanceof library.ConfigurationError, String(error));
      assert.ok(error.message.includes(`\`${name}\``), error.message);
      assert.equal(emulator.requests.length, 0);
    });
  }

  test("ignores later changes of the options object", async () => {
    const { fetch } = library.createEmulator({ apiKeys: ["sk-test"] });
    const options = { apiKey: "sk-test", fetch };
    const client = new library.VideoClient(options);
    options.apiKey = "sk-other";
    assert.equal((await client.submit(request)).task.status, "pending");
  });

  test("rejects with the error that `onUpdate` throws", async () => {
    const { client } = setUp({ estimatedTime: 60 });
    const thrown = new Error("a bug in the callback");
    const onUpdate = () => {
      throw thrown;
    };
    assert.equal((await rejection(client.generate(request, { onUpdate }))).error, thrown);
  });

  test("rejects with what an async `onUpdate` rejects with", async () => {
    const { client } = setUp({ estimatedTime: 60 });
    const thrown = new Error("a bug in the callback");
    const onUpdate = () => Promise.reject(thrown);
    assert.equal((await rejection(client.generate(request, { onUpdate }))).error, thrown);
    const { task } = await client.submit(request);
    assert.equal((await rejection(client.wait(task.id, { onUpdate }))).error, thrown);
    await assert.rejects(
      async () => {
        for await (const update of client.watch(task.id, { onUpdate })) assert.equal(update.id, task.id);
      },
      (error) => error === thrown,
    );
  });

  test("ignores what an async `onEvent` rejects with", async () => {
    const { client } = setUp({}, { onEvent: () => Promise.reject(new Error("a bug in the callback")) });
    assert.equal((await client.submit(request)).task.status, "pending");
  });

  test("ignores errors that `onEvent` throws", async () => {
    const onEvent = () => {
      throw new Error("a bug in the callback");
    };
    const { client } = setUp({}, { onEvent });
    assert.equal((await client.submit(request)).task.status, "pending");
  });
});

describe("a custom `fetch`", { concurrency: true }, () => {
  const body = { id: taskId, status: "processing", progress: 7 };

  /** @type {Record<string, () => any>} */
  const responses = {
    "a plain object": () => ({
      status: 200,
      headers: { get: () => null },
      text: async () => JSON.stringify(body),
    }),
    "an object without headers, whose `text()` returns a string": () => ({
      status: 200,
      text: () => JSON.stringify(body),
    }),
    "an object and promises of another realm": () =>
      runInNewContext(
        "Promise.resolve({ status: 200, headers: new Map(), text: () => Promise.resolve(text) })",
        { text: JSON.stringify(body) },
      ),
    "a thenable": () => ({
      then: (/** @type {Function} */ resolve) => resolve(Response.json(body)),
    }),
  };
  for (const [what, respond] of Object.entries(responses)) {
    test(`can return ${what}`, async () => {
      const task = await clientOf(() => respond()).retrieve(taskId);
      assert.deepEqual([task.id, task.status, task.progress], [taskId, "processing", 7]);
    });
  }

  for (const [what, value] of /** @type {[string, unknown][]} */ ([
    ["nothing", undefined],
    ["null", null],
    ["a string", "200 OK"],
    ["an object without a status", {}],
    ["a status that is not a number", { status: "ok" }],
  ])) {
    test(`that returns ${what} gives a typed error`, async () => {
      const { error } = await rejection(clientOf(async () => value).retrieve(taskId));
      assert.ok(error instanceof library.EvolinkError, String(error));
      assert.equal(error.taskId, taskId);
    });
  }

  for (const reason of ["offline", undefined, 7, new TypeError("fetch failed")]) {
    for (const [how, fetch] of /** @type {[string, () => any][]} */ ([
      ["rejects with", () => Promise.reject(reason)],
      [
        "throws",
        () => {
          throw reason;
        },
      ],
      ["returns a body that rejects with", () => ({ status: 200, text: () => Promise.reject(reason) })],
    ])) {
      test(`that ${how} ${reason} gives a typed error with this \`cause\``, async () => {
        const client = clientOf(fetch);
        const read = (await rejection(client.retrieve(taskId))).error;
        const expected = how.includes("body") ? library.ServerError : library.ConnectionError;
        assert.ok(read instanceof expected, String(read));
        assert.equal(read.cause, reason);
        assert.equal(read.charged, "no");
        const created = (await rejection(client.submit(request))).error;
        assert.ok(created instanceof library.OutcomeUnknownError, String(created));
        assert.equal(created.cause, reason);
        assert.equal(created.charged, "unknown");
        assert.match(String(created.idempotencyKey), /^[\w.-]{16,96}$/);
      });
    }
  }

  /** @type {Record<string, () => any>} */
  const silent = {
    "never settles": () => new Promise(() => {}),
    "never ends its body": () => ({ status: 200, text: () => new Promise(() => {}) }),
  };
  for (const [what, fetch] of Object.entries(silent)) {
    test(`that ${what}: a read rejects after \`requestTimeoutMs\``, async () => {
      const client = clientOf(fetch, { requestTimeoutMs: 100 });
      const { error, elapsedMs } = await rejection(client.retrieve(taskId));
      assert.ok(error instanceof library.RequestTimeoutError, String(error));
      assert.equal(error.taskId, taskId);
      assert.ok(elapsedMs >= 90 && elapsedMs < 100 + immediateMs, `${elapsedMs} ms`);
    });

    test(`that ${what}: a submission rejects after \`requestTimeoutMs\` with OutcomeUnknownError and its key`, async () => {
      const client = clientOf(fetch, { requestTimeoutMs: 100 });
      const idempotencyKey = "order-0123456789abcdef";
      const { error, elapsedMs } = await rejection(client.submit(request, { idempotencyKey }));
      assert.ok(error instanceof library.OutcomeUnknownError, String(error));
      assert.equal(error.idempotencyKey, idempotencyKey);
      assert.equal(error.charged, "unknown");
      assert.ok(elapsedMs >= 90 && elapsedMs < 100 + immediateMs, `${elapsedMs} ms`);
    });
  }

  test("an `apiKey()` that never settles is limited by `requestTimeoutMs`", async () => {
    const apiKey = () => /** @type {Promise<string>} */ (new Promise(() => {}));
    const client = clientOf(async () => assert.fail("a request was sent"), {
      apiKey,
      requestTimeoutMs: 100,
    });
    const { error, elapsedMs } = await rejection(client.retrieve(taskId));
    assert.ok(error instanceof library.EvolinkError, String(error));
    assert.ok(elapsedMs < 100 + immediateMs, `${elapsedMs} ms`);
  });
});

describe("charges", { concurrency: true }, () => {
  test("retries a lost response with the same key and body, for one charge", async () => {
    /** @type {string[]} */
    const bodies = [];
    const { client, emulator } = setUp({}, { fetch: (...args) => seen(args) });
    const seen = (/** @type {any[]} */ [url, init]) => (bodies.push(init.body), emulator.fetch(url, init));
    emulator.inject({ on: "create", times: 2, fault: "network", carriedOut: true });
    const { replayed, idempotencyKey } = await client.submit(request);
    assert.equal(replayed, true);
    assert.equal(emulator.counts.charges, 1);
    const keys = emulator.requests.map(({ idempotencyKey }) => idempotencyKey);
    assert.deepEqual(keys, [idempotencyKey, idempotencyKey, idempotencyKey]);
    assert.equal(new Set(bodies).size, 1);
  });

  test("a retry after OutcomeUnknownError with its key is not charged again", async () => {
    const { client, emulator } = setUp({}, { maxRetries: 0 });
    emulator.inject({ on: "create", times: 1, fault: "cut-body" });
    const { error } = await rejection(client.submit(request));
    assert.ok(error instanceof library.OutcomeUnknownError);
    const { replayed } = await client.submit(request, { idempotencyKey: error.idempotencyKey });
    assert.equal(replayed, true);
    assert.equal(emulator.counts.charges, 1);
  });

  test("two calls with the same request are charged separately", async () => {
    const { client, emulator } = setUp();
    const [a, b] = await Promise.all([client.submit(request), client.submit(request)]);
    assert.notEqual(a.idempotencyKey, b.idempotencyKey);
    assert.equal(emulator.counts.charges, 2);
  });
});

test("`poll` polls once, with a state that can be stored as JSON", async () => {
  let now = Date.now();
  const { client } = setUp({ now: () => now, estimatedTime: 10, taskTime: 10 });
  const submission = await client.submit(request);
  assert.ok(typeof submission.delayMs === "number" && submission.delayMs >= 500);
  const result = await client.poll(submission);
  assert.ok(typeof result.delayMs === "number" && result.delayMs >= 920);
  now += 11_000;
  const last = await client.poll(/** @type {PollState} */ (JSON.parse(JSON.stringify(result.state))));
  assert.equal(last.task?.status, "completed");
  assert.equal(last.delayMs, null);
});

test("`generate` reports each status of a task that takes half a second", async () => {
  const { client } = setUp({ taskTime: 0.5 });
  /** @type {Set<string>} */
  const seen = new Set();
  const start = performance.now();
  await client.generate(request, { onUpdate: ({ status }) => void seen.add(status) });
  const elapsedMs = performance.now() - start;
  assert.deepEqual([...seen], ["pending", "processing", "completed"]);
  assert.ok(elapsedMs >= 500 && elapsedMs < 900, `${elapsedMs}`);
});

test("`progressEstimate` increases between polls, never decreases, and is 100 only when completed", async () => {
  const { client } = setUp({ estimatedTime: 4, taskTime: 4, progress: "steps" });
  /** @type {number[]} */
  const bar = [];
  /** @type {PollState | undefined} */
  let last;
  const paint = () => last && bar.push(library.progressEstimate(last));
  const painter = setInterval(paint, 20);
  /** @param {Task} _task @param {import("../../pkg-template/index.js").PollState} state */
  const onUpdate = (_task, state) => {
    last = JSON.parse(JSON.stringify(state));
    paint();
  };
  try {
    await client.generate(request, { onUpdate });
  } finally {
    clearInterval(painter);
  }
  assert.ok(new Set(bar).size > 20, "it does not increase between polls");
  assert.deepEqual(
    bar,
    bar.toSorted((a, b) => a - b),
  );
  assert.ok(bar.slice(0, -1).every((percent) => percent <= 99));
  assert.equal(bar.at(-1), 100);
});

test("`progressEstimate` names the invalid argument", () => {
  for (const [state, now, name] of [
    [{}, 0, "state"],
    ["task-1", 0, "state"],
    [{ taskId: "task-1", startedAt: 0, estimateMs: 1, progress: 0, reads: 0, failures: 0 }, NaN, "now"],
  ]) {
    const call = () => library.progressEstimate(/** @type {any} */ (state), /** @type {any} */ (now));
    assert.throws(
      call,
      (error) => error instanceof library.ValidationError && error.message.includes(`\`${name}\``),
    );
  }
});

test("`timeoutMs` rejects with WaitTimeoutError and the task", async () => {
  const { client, emulator } = setUp({ estimatedTime: 60 });
  const { error, elapsedMs } = await rejection(client.generate(request, { timeoutMs: 300 }));
  assert.ok(error instanceof library.WaitTimeoutError, String(error));
  assert.equal(error.taskId, emulator.charges[0].taskId);
  assert.equal(error.task?.status, "pending");
  assert.ok(elapsedMs < 300 + immediateMs);
});

test("`validate` never throws", () => {
  const cyclic = { ...request, self: /** @type {unknown} */ (undefined) };
  cyclic.self = cyclic;
  const trap = () => {
    throw new Error("a trap of a proxy");
  };
  const hostile = new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap, has: trap });
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const throwing = {
    get prompt() {
      throw new Error("a getter");
    },
  };
  const values = [undefined, null, 0, NaN, 1n, "", Symbol("s"), () => {}, [], new Map(), new Date(NaN)];
  for (const value of [...values, cyclic, hostile, proxy, throwing, { length: 1e9 }, new Array(1e6)]) {
    assert.equal(library.validate(value).valid, value === cyclic ? library.validate(cyclic).valid : false);
  }
  assert.equal(library.validate(request).valid, true);
  for (const value of [...values, cyclic, hostile, proxy, throwing]) library.detectMode(value);
});

test("functions that are said never to throw do not", () => {
  fc.assert(fc.property(fc.string(), (model) => library.limitsFor(model).maxBodyBytes > 0));
  for (const model of ["__proto__", "constructor", "toString"])
    assert.equal(library.limitsFor(model), library.limits);
  const isOfTheLibrary = (/** @type {unknown} */ json) => {
    const error = library.EvolinkError.from(json);
    return error instanceof library.EvolinkError && typeof error.toJSON().message === "string";
  };
  fc.assert(fc.property(fc.jsonValue(), isOfTheLibrary));
  for (const error of [new Error("one"), new TypeError("two"), new DOMException("three", "AbortError")])
    assert.ok(isOfTheLibrary(error));
});

test("reads the request synchronously, so that the object can be reused", async () => {
  /** @type {string[]} */
  const sent = [];
  const { emulator } = setUp();
  const client = clientOf((url, init) => {
    sent.push(JSON.parse(init.body).prompt);
    return emulator.fetch(url, init);
  });
  const changing = { ...request };
  const prompts = ["one", "two", "three"];
  const calls = prompts.map((prompt) => {
    changing.prompt = prompt;
    return client.submit(changing);
  });
  await Promise.all(calls);
  assert.deepEqual(sent, prompts);
});

test("rejects with the error that `onUpdate` throws at the final status", async () => {
  const { client } = setUp({ estimatedTime: 1, taskTime: 1 });
  const thrown = new Error("a custom error");
  const onUpdate = (/** @type {Task} */ { status }) => {
    if (status === "completed") throw thrown;
  };
  await assert.rejects(client.generate(request, { onUpdate }), (error) => error === thrown);
});

test("a failing `apiKey()` does not end a wait", async () => {
  let calls = 0;
  const { client } = setUp(
    { estimatedTime: 1, taskTime: 1 },
    {
      apiKey: async () => {
        if (++calls === 2) throw new Error("offline");
        return "sk-test";
      },
    },
  );
  assert.equal((await client.generate(request)).status, "completed");
  assert.ok(calls > 2);
});
