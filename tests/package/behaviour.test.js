// What the contract promises of a running client, on the installed package in Node.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { runInNewContext } from "node:vm";
import { imported, installed } from "../support/packed.js";

/** @typedef {import("../../pkg-template/index.js").ClientOptions} ClientOptions */
/** @typedef {import("../../pkg-template/index.js").EvolinkError} EvolinkError */
/** @typedef {import("../../pkg-template/index.js").Task} Task */
/** @typedef {import("../../pkg-template/index.js").VideoClient} VideoClient */
/** @typedef {import("../../pkg-template/testing.js").Emulator} Emulator */
/** @typedef {import("../../pkg-template/testing.js").EmulatorOptions} EmulatorOptions */

const request = { model: "seedance-2.0", prompt: "A paper boat on a river" };
const taskId = "task-unified-1761313744-abcd1234";
/** What "at once" allows on a busy machine, in milliseconds; the shortest pause of the client is 920. */
const atOnceMs = 700;

/** @type {Awaited<ReturnType<typeof imported>>} */
let library;
before(async () => {
  library = await imported(await installed());
});

/**
 * A client of an emulator.
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
 * A client whose `fetch` is the given one and which does not try again.
 * @param {(...args: any[]) => any} fetch
 * @param {ClientOptions} [options]
 */
const clientOf = (fetch, options) =>
  new library.VideoClient({ apiKey: "sk-test", fetch, maxRetries: 0, ...options });

/**
 * What a promise rejects with, and after how long.
 * @param {Promise<unknown>} promise
 * @returns {Promise<{ error: any, elapsedMs: number }>}
 */
async function rejection(promise) {
  const start = performance.now();
  const late = new AbortController();
  const outcome = await Promise.race([
    promise.then(
      () => assert.fail("it should have been rejected"),
      (error) => ({ error, elapsedMs: performance.now() - start }),
    ),
    sleep(10_000, undefined, { signal: late.signal }).then(() => assert.fail("it never settled")),
  ]);
  late.abort();
  return outcome;
}

/**
 * A promise that can be kept from outside.
 * @returns {{ promise: Promise<void>, resolve: () => void }}
 */
function withResolvers() {
  let resolve = () => {};
  const promise = /** @type {Promise<void>} */ (new Promise((keep) => (resolve = /** @type {any} */ (keep))));
  return { promise, resolve };
}

describe("abort", { concurrency: true }, () => {
  const reasons = [
    undefined,
    null,
    "I changed my mind",
    new Error("own"),
    new DOMException("gone", "AbortError"),
  ];

  /** @type {Record<string, { emulated: EmulatorOptions, reached: (emulator: Emulator) => boolean }>} */
  const phases = {
    "before the start": { emulated: {}, reached: () => true },
    "in flight": {
      emulated: { faults: [{ fault: "no-answer" }] },
      reached: ({ requests }) => requests.length === 1,
    },
    "while the answer is read": {
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
      test(`${phase}, with ${given === undefined ? "no reason" : given}: rejects at once with that very value`, async () => {
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
        assert.ok(elapsedMs < atOnceMs, `${elapsedMs} ms`);
        if (phase === "before the start") assert.equal(emulator.requests.length, 0);
      });
    }
  }

  test("a reason that is `undefined` itself, as a signal of another make may have it", async () => {
    const { client } = setUp();
    const signal = Object.assign(new EventTarget(), { aborted: true, reason: undefined });
    const { error } = await rejection(client.submit(request, { signal: /** @type {any} */ (signal) }));
    assert.equal(error, undefined);
  });

  test("aborts the request that is in flight", async () => {
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

  test("leaves the task at the server alone, and its id was told", async () => {
    const { client, emulator } = setUp({ estimatedTime: 60 });
    const controller = new AbortController();
    /** @type {Task[]} */
    const told = [];
    const onUpdate = (/** @type {Task} */ task) => (told.push(task), controller.abort("enough"));
    await rejection(client.generate(request, { signal: controller.signal, onUpdate }));
    assert.equal(told[0].id, emulator.charges[0].taskId);
    assert.equal((await client.retrieve(told[0].id)).status, "pending");
  });

  test("leaves no listener on a signal that lives on", async () => {
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

describe("a status that this version does not know", () => {
  const answer = { id: taskId, status: "queued", progress: 0, extra: { a: 1 } };
  const client = () => clientOf(async () => Response.json(answer), {});

  test("is `unknown`, beside the API's word", async () => {
    const task = await client().retrieve(taskId);
    assert.deepEqual(task, { ...answer, status: "unknown", rawStatus: "queued" });
  });
});

describe("watch", { concurrency: true }, () => {
  test("yields each change once, the last one final, and then ends", async () => {
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
    test(`yields a task that ${status === "failed" ? "failed" : "was cancelled"}, where \`wait\` rejects`, async () => {
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

  test("stops reading when the loop is left", async () => {
    const { client, emulator } = setUp({ estimatedTime: 1, taskTime: 60 });
    const { task } = await client.submit(request);
    for await (const _ of client.watch(task.id)) break;
    const { reads } = emulator.counts;
    await sleep(3_000);
    assert.equal(reads, 1);
    assert.equal(emulator.counts.reads, reads);
  });

  test("reads nothing before the loop begins", async () => {
    const { client, emulator } = setUp();
    client.watch(taskId);
    client.watch(taskId)[Symbol.asyncIterator]();
    await sleep(50);
    assert.equal(emulator.requests.length, 0);
  });

  test("settles at once when it is left while the next change is awaited", async () => {
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
    assert.ok(performance.now() - start < atOnceMs);
  });

  test("rejects the loop with the very reason of an abort", async () => {
    const { client } = setUp({ estimatedTime: 60, taskTime: 60 });
    const { task } = await client.submit(request);
    const controller = new AbortController();
    const loop = async () => {
      for await (const _ of client.watch(task.id, { signal: controller.signal })) controller.abort("enough");
    };
    assert.equal((await rejection(loop())).error, "enough");
  });

  test("rejects the loop with what the server says, and only once", async () => {
    const { client } = setUp();
    const iterator = client.watch(taskId)[Symbol.asyncIterator]();
    const { error } = await rejection(iterator.next());
    assert.ok(error instanceof library.NotFoundError);
    assert.equal(error.taskId, taskId);
    assert.equal((await iterator.next()).done, true);
  });

  test("stops every loop when it is disposed of, as `await using` does", async () => {
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

  test("serves several who ask before it answers, in their order", async () => {
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
  const bad = [
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
  for (const [name, options] of bad) {
    test(`${JSON.stringify(options)} is refused, and ${name} named`, () => {
      assert.throws(
        () => new library.VideoClient(options),
        (error) => error instanceof library.ConfigurationError && error.message.includes(`\`${name}\``),
      );
    });
  }

  /** @type {[string, (client: VideoClient) => Promise<unknown>][]} */
  const badCalls = [
    ["idempotencyKey", (client) => client.submit(request, { idempotencyKey: "short" })],
    ["signal", (client) => client.submit(request, { signal: /** @type {any} */ ("stop") })],
    ["timeoutMs", (client) => client.wait(taskId, { timeoutMs: -1 })],
    ["onUpdate", (client) => client.generate(request, { onUpdate: /** @type {any} */ ("log") })],
  ];
  for (const [name, call] of badCalls) {
    test(`a call with a bad ${name} rejects, names it and sends nothing`, async () => {
      const { client, emulator } = setUp();
      const { error } = await rejection(call(client));
      assert.ok(error instanceof library.ConfigurationError, String(error));
      assert.ok(error.message.includes(`\`${name}\``), error.message);
      assert.equal(emulator.requests.length, 0);
    });
  }

  test("changing the object afterwards changes nothing", async () => {
    const { fetch } = library.createEmulator({ apiKeys: ["sk-test"] });
    const options = { apiKey: "sk-test", fetch };
    const client = new library.VideoClient(options);
    options.apiKey = "sk-other";
    assert.equal((await client.submit(request)).task.status, "pending");
  });

  test("what `onUpdate` throws ends the call, as that very value", async () => {
    const { client } = setUp({ estimatedTime: 60 });
    const thrown = new Error("a bug of the caller's");
    const onUpdate = () => {
      throw thrown;
    };
    assert.equal((await rejection(client.generate(request, { onUpdate }))).error, thrown);
  });

  test("what `onEvent` throws is ignored", async () => {
    const onEvent = () => {
      throw new Error("a bug of the caller's");
    };
    const { client } = setUp({}, { onEvent });
    assert.equal((await client.submit(request)).task.status, "pending");
  });
});

describe("a fetch of the caller's", { concurrency: true }, () => {
  const answer = { id: taskId, status: "processing", progress: 7 };

  /** @type {Record<string, () => any>} */
  const responses = {
    "a plain object": () => ({
      status: 200,
      headers: { get: () => null },
      text: async () => JSON.stringify(answer),
    }),
    "an object without headers, whose body is no promise": () => ({
      status: 200,
      text: () => JSON.stringify(answer),
    }),
    "an object and promises of another realm": () =>
      runInNewContext(
        "Promise.resolve({ status: 200, headers: new Map(), text: () => Promise.resolve(text) })",
        { text: JSON.stringify(answer) },
      ),
    "a thenable": () => ({
      then: (/** @type {Function} */ resolve) => resolve(Response.json(answer)),
    }),
  };
  for (const [what, respond] of Object.entries(responses)) {
    test(`may answer with ${what}`, async () => {
      const task = await clientOf(() => respond()).retrieve(taskId);
      assert.deepEqual([task.id, task.status, task.progress], [taskId, "processing", 7]);
    });
  }

  for (const [what, value] of /** @type {[string, unknown][]} */ ([
    ["nothing", undefined],
    ["null", null],
    ["a string", "200 OK"],
    ["an object without a status", {}],
    ["a status that is no number", { status: "ok" }],
  ])) {
    test(`that answers with ${what} is a typed error`, async () => {
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
      ["gives a body that rejects with", () => ({ status: 200, text: () => Promise.reject(reason) })],
    ])) {
      test(`that ${how} ${reason} is a typed error with it as cause`, async () => {
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
    "never answers": () => new Promise(() => {}),
    "never ends its body": () => ({ status: 200, text: () => new Promise(() => {}) }),
  };
  for (const [what, fetch] of Object.entries(silent)) {
    test(`that ${what}: a read ends within \`requestTimeoutMs\``, async () => {
      const client = clientOf(fetch, { requestTimeoutMs: 100 });
      const { error, elapsedMs } = await rejection(client.retrieve(taskId));
      assert.ok(error instanceof library.RequestTimeoutError, String(error));
      assert.equal(error.taskId, taskId);
      assert.ok(elapsedMs >= 90 && elapsedMs < 100 + atOnceMs, `${elapsedMs} ms`);
    });

    test(`that ${what}: a submission ends within \`requestTimeoutMs\`, its outcome unknown, with the key to ask again`, async () => {
      const client = clientOf(fetch, { requestTimeoutMs: 100 });
      const idempotencyKey = "order-0123456789abcdef";
      const { error, elapsedMs } = await rejection(client.submit(request, { idempotencyKey }));
      assert.ok(error instanceof library.OutcomeUnknownError, String(error));
      assert.equal(error.idempotencyKey, idempotencyKey);
      assert.equal(error.charged, "unknown");
      assert.ok(elapsedMs >= 90 && elapsedMs < 100 + atOnceMs, `${elapsedMs} ms`);
    });
  }

  test("that never answers an `apiKey` function holds nothing up beyond `requestTimeoutMs`", async () => {
    const apiKey = () => /** @type {Promise<string>} */ (new Promise(() => {}));
    const client = clientOf(async () => assert.fail("nothing may be sent"), {
      apiKey,
      requestTimeoutMs: 100,
    });
    const { error, elapsedMs } = await rejection(client.retrieve(taskId));
    assert.ok(error instanceof library.EvolinkError, String(error));
    assert.ok(elapsedMs < 100 + atOnceMs, `${elapsedMs} ms`);
  });
});

describe("money", { concurrency: true }, () => {
  test("an answer that is lost is asked for again with the same key and the same bytes: one charge", async () => {
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

  test("an outcome that stays unknown can be asked for with the key, and is not paid twice", async () => {
    const { client, emulator } = setUp({}, { maxRetries: 0 });
    emulator.inject({ on: "create", times: 1, fault: "cut-body" });
    const { error } = await rejection(client.submit(request));
    assert.ok(error instanceof library.OutcomeUnknownError);
    const { replayed } = await client.submit(request, { idempotencyKey: error.idempotencyKey });
    assert.equal(replayed, true);
    assert.equal(emulator.counts.charges, 1);
  });

  test("two calls with one request are two orders", async () => {
    const { client, emulator } = setUp();
    const [a, b] = await Promise.all([client.submit(request), client.submit(request)]);
    assert.notEqual(a.idempotencyKey, b.idempotencyKey);
    assert.equal(emulator.counts.charges, 2);
  });
});

test("`poll` leads through a task in single looks, with a state that survives as JSON", async () => {
  let now = Date.now();
  const { client } = setUp({ now: () => now, estimatedTime: 10, taskTime: 10 });
  const { task } = await client.submit(request);
  let look = await client.poll(task.id);
  assert.ok(typeof look.delayMs === "number" && look.delayMs >= 920);
  now += 11_000;
  look = await client.poll(JSON.parse(JSON.stringify(look.state)));
  assert.equal(look.task.status, "completed");
  assert.equal(look.delayMs, null);
});

test("`progressEstimate` fills a bar between looks, never falls, and is 100 only when completed", async () => {
  const { client } = setUp({ estimatedTime: 4, taskTime: 4, progress: "steps" });
  /** @type {number[]} */
  const bar = [];
  /** @type {import("../../pkg-template/index.js").PollState | undefined} */
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
  assert.ok(new Set(bar).size > 20, "it moves between looks");
  assert.deepEqual(
    bar,
    bar.toSorted((a, b) => a - b),
  );
  assert.ok(bar.slice(0, -1).every((percent) => percent <= 99));
  assert.equal(bar.at(-1), 100);
});

test("`progressEstimate` names what is not usable", () => {
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

test("a wait ends at its limit, and says that the task goes on", async () => {
  const { client, emulator } = setUp({ estimatedTime: 60 });
  const { error, elapsedMs } = await rejection(client.generate(request, { timeoutMs: 300 }));
  assert.ok(error instanceof library.WaitTimeoutError, String(error));
  assert.equal(error.taskId, emulator.charges[0].taskId);
  assert.equal(error.task?.status, "pending");
  assert.ok(elapsedMs < 300 + atOnceMs);
});

test("`validate` answers whatever it is given", () => {
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
});

test("a request is read when the call is made: the same object may be changed for the next one", async () => {
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

test("what `onUpdate` throws at the last change ends the call too", async () => {
  const { client } = setUp({ estimatedTime: 1, taskTime: 1 });
  const own = new Error("own");
  const onUpdate = (/** @type {Task} */ { status }) => {
    if (status === "completed") throw own;
  };
  await assert.rejects(client.generate(request, { onUpdate }), (error) => error === own);
});

test("a key that could not be got once does not end a wait", async () => {
  let asked = 0;
  const { client } = setUp(
    { estimatedTime: 1, taskTime: 1 },
    {
      apiKey: async () => {
        if (++asked === 2) throw new Error("offline");
        return "sk-test";
      },
    },
  );
  assert.equal((await client.generate(request)).status, "completed");
  assert.ok(asked > 2);
});
