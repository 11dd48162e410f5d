// Callbacks: which are trusted, what they cost, and what is delivered.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { describe, mock, test } from "node:test";
import fc from "fast-check";
import { library, origin, secret, server } from "./support.js";

/** @typedef {import("../../pkg-template/server.js").CallbackOptions} CallbackOptions */
/** @typedef {import("../../pkg-template/server.js").CallbackEvent} CallbackEvent */
/** @typedef {import("../../pkg-template/index.js").OutcomeUnknownError} OutcomeUnknownError */

const request = { model: "seedance-2.0", prompt: "A paper boat on a river" };
const url = `${origin}/evolink/callback`;
const dayMs = 86_400_000;
const newSecret = "another secret of 32 characters or more";

/** A store like `localStorage`, whose accesses take some time. */
function mapStore() {
  const items = new Map();
  const later = (/** @type {() => any} */ work) =>
    new Promise((resolve) => setImmediate(() => resolve(work())));
  return {
    items,
    getItem: (/** @type {string} */ key) => later(() => items.get(key) ?? null),
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => later(() => items.set(key, value)),
    removeItem: (/** @type {string} */ key) => later(() => items.delete(key)),
  };
}

/** The same, that changes items in one step. */
function atomicStore() {
  const store = mapStore();
  return {
    ...store,
    async update(/** @type {string} */ key, /** @type {(old: string | null) => string | null} */ change) {
      const item = change(store.items.get(key) ?? null);
      if (item === null) store.items.delete(key);
      else store.items.set(key, item);
    },
  };
}

/**
 * A receiver over an emulator whose clock is moved by hand.
 * @param {Partial<CallbackOptions>} [options]
 * @param {import("../../pkg-template/testing.js").EmulatorOptions} [emulated]
 */
function setUp(options, emulated) {
  let time = Date.now();
  const emulator = library.createEmulator({ now: () => time, ...emulated });
  const client = new library.VideoClient({ apiKey: "sk-server", fetch: emulator.fetch, maxRetries: 0 });
  /** @type {{ id: string, status: string, ref: string }[]} */
  const passed = [];
  /** @type {CallbackEvent[]} */
  const events = [];
  const create = (/** @type {Partial<CallbackOptions>} */ own) =>
    server.createCallbacks({
      client,
      url,
      secret,
      onTask: ({ id, status }, { ref }) => void passed.push({ id, status, ref }),
      onEvent: (event) => events.push(event),
      ...options,
      ...own,
    });
  return {
    ...{ emulator, client, passed, events, create },
    callbacks: create({}),
    advance: (/** @type {number} */ seconds) => void (time += seconds * 1000),
    /** The id of a task that has ended. */
    async finished() {
      const { task } = await client.submit(request);
      time += 60_000;
      return task.id;
    },
  };
}

/** @param {string} address @param {unknown} body @param {RequestInit} [init] */
const post = (address, body, init) =>
  new Request(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
  });

/** A request whose body counts how often it is asked for more. @param {string} address */
function watched(address) {
  const body = new ReadableStream(
    { pull: () => void watching.reads++ },
    // Nothing is asked for before somebody reads.
    { highWaterMark: 0 },
  );
  // @ts-expect-error Not in all types.
  const watching = { reads: 0, request: new Request(address, { method: "POST", body, duplex: "half" }) };
  return watching;
}

describe("createCallbacks", () => {
  const client = new library.VideoClient({ apiKey: "sk-server" });
  const valid = { client, url, secret, onTask() {} };
  for (const [name, wrong] of /** @type {[string, any][]} */ ([
    ["client", {}],
    ["client", undefined],
    ["url", undefined],
    ["url", "/evolink/callback"],
    ["url", "http://app.example/callback"],
    ["url", "ftp://localhost/callback"],
    ["url", `${url}?a=1`],
    ["url", `${url}#a`],
    ["url", "https://user:word@app.example/callback"],
    ["secret", "short"],
    ["maxAgeMs", 0],
    ["maxAgeMs", NaN],
    ["maxAgeMs", "1 day"],
    ["maxAgeMs", 1e15],
    ["onTask", undefined],
    ["expected", "task-1"],
    ["store", { getItem() {} }],
    ["onEvent", true],
    ["store", { getItem() {}, setItem() {}, removeItem() {}, update: true }],
    ["expect", () => null],
  ]))
    test(`rejects the ${name} ${JSON.stringify(wrong) ?? wrong}`, () => {
      assert.throws(
        () => server.createCallbacks({ ...valid, [name]: wrong }),
        (/** @type {Error} */ error) => {
          assert.ok(error instanceof library.ConfigurationError);
          assert.ok(error.message.includes(`\`${name}\``), error.message);
          assert.ok(error.message.length < 160);
          return true;
        },
      );
    });

  test("accepts http on this machine, for an emulator", async () => {
    const { url } = server.createCallbacks({ ...valid, url: "http://127.0.0.1:8787/" });
    assert.match(await url("7"), /^http:\/\/127\.0\.0\.1:8787\/Nw\//);
  });

  test("does nothing without options", () => {
    // @ts-expect-error They are required.
    assert.throws(() => server.createCallbacks(), library.ConfigurationError);
  });
});

describe("url", () => {
  test("has the ref and the expiry in its path, and 22 letters of the seal", async () => {
    const { callbacks } = setUp();
    assert.match(
      await callbacks.url("order 7"),
      /^https:\/\/app\.example\/evolink\/callback\/b3JkZXIgNw\/[0-9a-z]+\.[\w-]{22}$/,
    );
  });

  test("is the same all day, so that a repeated submission has the same body", async (t) => {
    const day = Date.UTC(2026, 10, 28);
    t.mock.timers.enable({ apis: ["Date"], now: day });
    for (const maxAgeMs of [1, dayMs, 1.5 * dayMs]) {
      const { callbacks } = setUp({ maxAgeMs });
      t.mock.timers.setTime(day);
      const address = await callbacks.url("order 7");
      for (const ms of [1, dayMs / 2, dayMs - 1]) {
        t.mock.timers.setTime(day + ms);
        assert.equal(await callbacks.url("order 7"), address);
      }
      t.mock.timers.setTime(day + dayMs);
      assert.notEqual(await callbacks.url("order 7"), address);
    }
  });

  test("an order that is repeated with its key on the same day is charged once", async () => {
    const { callbacks, client, emulator } = setUp();
    const order = async () => ({ ...request, callback_url: await callbacks.url("order 7") });
    const options = { idempotencyKey: "order-0000000000007" };
    const { task } = await client.submit(await order(), options);
    assert.equal((await client.submit(await order(), options)).task.id, task.id);
    assert.equal(emulator.counts.charges, 1);
  });

  test("is accepted for at least `maxAgeMs`, and for at most a day and an hour more", async (t) => {
    t.mock.timers.enable({ apis: ["Date"] });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2036, 0) }),
        fc.integer({ min: 1, max: 30 * dayMs }),
        async (now, maxAgeMs) => {
          t.mock.timers.setTime(now);
          const { callbacks } = setUp({ maxAgeMs });
          const address = await callbacks.url("7");
          const isOpen = async (/** @type {number} */ ms) => {
            t.mock.timers.setTime(now + ms);
            return (await callbacks.open(post(address, { id: "task-1" }))) !== null;
          };
          assert.equal(await isOpen(maxAgeMs), true);
          assert.equal(await isOpen(maxAgeMs + 2 * dayMs), false);
        },
      ),
    );
  });

  test("carries any well-formed ref", async () => {
    const { callbacks } = setUp();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1, maxLength: 100 }), async (ref) => {
        const opened = await callbacks.open(post(await callbacks.url(ref), { id: "task-1" }));
        assert.deepEqual(opened, { ref, taskId: "task-1" });
      }),
    );
  });

  for (const [name, ref] of /** @type {[string, any][]} */ ([
    ["an empty ref", ""],
    ["no ref", undefined],
    ["half a surrogate pair", "\ud800"],
    ["a ref that is too long for the API", "r".repeat(1600)],
  ]))
    test(`rejects ${name}`, async () => {
      await assert.rejects(setUp().callbacks.url(ref), (/** @type {Error} */ error) => {
        assert.ok(error instanceof library.ConfigurationError);
        assert.match(error.message, /ref/);
        return true;
      });
    });
});

describe("a forged callback", () => {
  test("causes no read of the API and none of the body", async () => {
    const { callbacks, create, emulator, passed, finished } = setUp();
    const id = await finished();
    const address = await callbacks.url("order 7");
    const [, ref, token] = /** @type {RegExpExecArray} */ (/callback\/([\w-]+)\/(.+)$/.exec(address));
    const other = await create({ secret: newSecret }).url("order 7");
    const forged = [
      url,
      `${url}/`,
      `${url}/${ref}`,
      `${url}/${ref}/`,
      `${url}/${ref}/${token}/`,
      `${url}//${ref}/${token}`,
      `${url}/${ref}/${token.toUpperCase()}`,
      `${url}/${ref}=/${token}`,
      `${url}/b3JkZXIgOA/${token}`,
      `${url}/${ref}/zzz.${token.split(".")[1]}`,
      `${url}/${ref}/${token.split(".")[0]}.`,
      `${url}/${ref}/${token}%00`,
      `${url}/${ref}/%${token.charCodeAt(0).toString(16)}${token.slice(1)}`,
      `${origin}/${ref}/${token}`,
      `${origin}/evolink//callback/${ref}/${token}`,
      `${origin}/evolink/callback2/${ref}/${token}`,
      `${url}/${"a".repeat(100_000)}/${token}`,
      other,
    ];
    for (const address of forged) {
      const watching = watched(address);
      assert.equal((await callbacks.handle(watching.request)).status, 404, address);
      assert.equal(await callbacks.open(watched(address).request), null);
      assert.equal(watching.reads, 0, address);
      assert.equal((await callbacks.handle(post(address, { id }))).status, 404, address);
    }
    assert.equal(emulator.counts.reads, 0);
    assert.deepEqual(passed, []);
    // The same receiver accepts the URL that it created.
    assert.equal((await callbacks.handle(post(address, { id }))).status, 200);
    assert.equal(emulator.counts.reads, 1);
  });

  test("is every change of an address", async () => {
    const { callbacks, emulator } = setUp();
    const address = await callbacks.url("order 7");
    const letter = fc.constantFrom(..."ABCXYZabcxyz0189-_./%~=");
    const place = fc.integer({ min: url.length, max: address.length - 1 });
    const mutated = fc.oneof(
      fc.tuple(place, letter).map(([at, letter]) => address.slice(0, at) + letter + address.slice(at + 1)),
      fc.tuple(place, letter).map(([at, letter]) => address.slice(0, at) + letter + address.slice(at)),
      place.map((at) => address.slice(0, at) + address.slice(at + 1)),
      place.map((at) => address.slice(0, at)),
      fc.tuple(place, place).map(([from, to]) => address.slice(0, from) + address.slice(to)),
      fc
        .tuple(fc.string(), fc.string())
        .map(
          ([ref, token]) =>
            `${url}/${encodeURI(ref.replaceAll(/[?#]/g, ""))}/${encodeURI(token.replaceAll(/[?#]/g, ""))}`,
        ),
    );
    await fc.assert(
      fc.asyncProperty(mutated, async (changed) => {
        // `./` and the like mean the same path.
        fc.pre(URL.canParse(changed) && new URL(changed).pathname !== new URL(address).pathname);
        const watching = watched(changed);
        assert.equal((await callbacks.handle(watching.request)).status, 404);
        assert.equal(watching.reads, 0);
      }),
      { numRuns: 1000 },
    );
    assert.equal(emulator.counts.reads, 0);
  });

  test("may not be a GET of a genuine address", async () => {
    const { callbacks, emulator } = setUp();
    for (const method of ["GET", "PUT", "DELETE", "OPTIONS"]) {
      const response = await callbacks.handle(new Request(await callbacks.url("7"), { method }));
      assert.equal(response.status, 405);
      assert.equal(response.headers.get("allow"), "POST");
    }
    assert.equal(emulator.counts.reads, 0);
  });

  test("with a genuine address is read, but its words are not believed", async () => {
    const { callbacks, client, passed, emulator, advance } = setUp();
    const { task } = await client.submit(request);
    const body = { id: task.id, status: "completed", results: ["https://evil.example/x.mp4"] };
    assert.equal((await callbacks.handle(post(await callbacks.url("7"), body))).status, 200);
    assert.deepEqual(passed, []);
    advance(60);
    const failed = { ...body, status: "failed", error: { code: "x", message: "x" } };
    assert.equal((await callbacks.handle(post(await callbacks.url("7"), failed))).status, 200);
    assert.deepEqual(passed, [{ id: task.id, status: "completed", ref: "7" }]);
    assert.equal(emulator.counts.reads, 2);
  });
});

describe("the body", () => {
  for (const [name, body] of /** @type {[string, (id: string) => unknown][]} */ ([
    ["id", (id) => ({ id })],
    ["task_id", (task_id) => ({ task_id })],
    ["data.id", (id) => ({ code: 200, data: { id } })],
    [
      "one of four fields",
      (task_id) => ({ task_id, status: "completed", progress: 100, model: "seedance-2.0" }),
    ],
    ["an id beside one that is none", (task_id) => ({ id: 7, task_id })],
  ]))
    test(`has the id as ${name}`, async () => {
      const { callbacks, finished, passed } = setUp();
      const id = await finished();
      const address = await callbacks.url("7");
      assert.deepEqual(await callbacks.open(post(address, body(id))), { ref: "7", taskId: id });
      assert.equal((await callbacks.handle(post(address, body(id)))).status, 200);
      assert.equal(passed.length, 1);
    });

  for (const [name, body, status] of /** @type {[string, string, number][]} */ ([
    ["is empty", "", 400],
    ["is not JSON", "id=task-1", 400],
    ["is null", "null", 400],
    ["is an array", '["task-1"]', 400],
    ["has no id", "{}", 400],
    ["has a number as id", '{"id":7}', 400],
    ["has an id with a slash", '{"id":"../credits"}', 400],
    ["has an id of dots", '{"id":".."}', 400],
    ["has an id of 129 letters", JSON.stringify({ id: "a".repeat(129) }), 400],
    ["has more than 64 KiB", JSON.stringify({ id: "task-1", prompt: "a".repeat(65_536) }), 413],
  ]))
    test(`is refused if it ${name}`, async () => {
      const { callbacks, emulator } = setUp();
      const address = await callbacks.url("7");
      assert.equal((await callbacks.handle(post(address, body))).status, status);
      assert.equal(await callbacks.open(post(address, body)), null);
      assert.equal(emulator.requests.length, 0);
    });

  test("is not read on after 64 KiB", async () => {
    const { callbacks } = setUp();
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 1024;
        controller.enqueue(new Uint8Array(1024));
      },
    });
    // @ts-expect-error Not in all types.
    const endless = new Request(await callbacks.url("7"), { method: "POST", body, duplex: "half" });
    assert.equal((await callbacks.handle(endless)).status, 413);
    assert.ok(sent < 80_000, `${sent} bytes`);
  });

  test("is refused if it breaks off, or was read before", async () => {
    const { callbacks, emulator } = setUp();
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) });
    // @ts-expect-error Not in all types.
    const broken = new Request(await callbacks.url("7"), { method: "POST", body, duplex: "half" });
    assert.equal((await callbacks.handle(broken)).status, 400);
    const used = post(await callbacks.url("7"), { id: "task-1" });
    await used.text();
    assert.equal((await callbacks.handle(used)).status, 400);
    assert.equal(emulator.requests.length, 0);
  });
});

describe("onTask", () => {
  for (const [outcome, status] of /** @type {const} */ ([
    ["completed", "completed"],
    ["cancelled", "cancelled"],
    [{ code: "service_error", message: "Later" }, "failed"],
  ]))
    test(`gets a ${status} task with the ref`, async () => {
      const { callbacks, finished, passed, events } = setUp({}, { outcome });
      const id = await finished();
      assert.equal((await callbacks.handle(post(await callbacks.url("7"), { id }))).status, 200);
      assert.deepEqual(passed, [{ id, status, ref: "7" }]);
      assert.deepEqual(events, [{ type: "delivered", ref: "7", taskId: id }]);
    });

  test("is left to polling while the task is not finished, or has no link yet", async () => {
    const { callbacks, client, passed, events } = setUp();
    const { task } = await client.submit(request);
    const address = await callbacks.url("7");
    assert.equal((await callbacks.handle(post(address, { id: task.id }))).status, 200);
    const unlinked = setUp({}, { taskTime: 0 });
    unlinked.emulator.inject({
      on: "read",
      fault: { status: 200, body: { id: "task-1", status: "completed", results: [] } },
    });
    const linkless = await unlinked.callbacks.url("7");
    assert.equal((await unlinked.callbacks.handle(post(linkless, { id: "task-1" }))).status, 200);
    assert.deepEqual([...passed, ...unlinked.passed], []);
    assert.deepEqual(
      [...events, ...unlinked.events].map(({ type }) => type),
      ["unfinished", "unfinished"],
    );
  });

  test("is called once for deliveries at the same time, and again for later ones", async () => {
    const { callbacks, finished, passed, emulator } = setUp();
    const id = await finished();
    const address = await callbacks.url("7");
    const deliver = async () => (await callbacks.handle(post(address, { id }))).status;
    // Long enough for all of them to arrive.
    emulator.inject({ on: "read", delayMs: 200, times: 1 });
    assert.deepEqual(await Promise.all([deliver(), deliver(), deliver()]), [200, 200, 200]);
    assert.equal(passed.length, 1);
    assert.equal(emulator.counts.reads, 1);
    assert.equal(await deliver(), 200);
    assert.equal(passed.length, 2);
  });

  for (const [name, open] of Object.entries({ "without `update`": mapStore, "with `update`": atomicStore })) {
    test(`is called once with a store ${name}`, async () => {
      const store = open();
      const { create, finished, passed } = setUp({ store });
      const id = await finished();
      const [first, second] = [create({}), create({})];
      const address = await first.url("7");
      const deliver = async () => (await first.handle(post(address, { id }))).status;
      assert.deepEqual(await Promise.all([deliver(), deliver()]), [200, 200]);
      assert.equal(await deliver(), 200);
      // Another process.
      assert.equal((await second.handle(post(address, { id }))).status, 200);
      assert.equal(passed.length, 1);
      assert.equal(store.items.size, 1);
    });

    test(`is called again with a store ${name} if it failed`, async () => {
      const store = open();
      let calls = 0;
      const { callbacks, finished, events } = setUp({
        store,
        async onTask() {
          if (++calls < 3) throw new Error("The database is down.");
        },
      });
      const id = await finished();
      const address = await callbacks.url("7");
      const statuses = [];
      for (let delivery = 0; delivery < 4; delivery++)
        statuses.push((await callbacks.handle(post(address, { id }))).status);
      assert.deepEqual(statuses, [503, 503, 200, 200]);
      assert.equal(calls, 3);
      assert.deepEqual(
        events.map(({ type }) => type),
        ["failed", "failed", "delivered"],
      );
      assert.match(String(/** @type {any} */ (events[0]).error), /database is down/);
    });
  }

  test("is called by one of two processes at the same time, if the store has `update`", async () => {
    const { create, finished, passed } = setUp({ store: atomicStore() });
    const id = await finished();
    const [first, second] = [create({}), create({})];
    const address = await first.url("7");
    const statuses = await Promise.all(
      [first, second].map(async ({ handle }) => (await handle(post(address, { id }))).status),
    );
    assert.equal(passed.length, 1);
    // The other does not know yet whether it succeeds.
    assert.ok(statuses.includes(200) && statuses.every((status) => [200, 503].includes(status)));
  });

  test("is remembered until its address expires, in few items", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
    const store = atomicStore();
    const { create, finished, passed } = setUp({ store });
    const id = await finished();
    const { url, handle } = create({});
    const lines = () => [...store.items.values()].flatMap((item) => item.split("\n")).length;
    const addresses = await Promise.all(Array.from({ length: 5000 }, (_, ref) => url(String(ref))));
    const deliver = (/** @type {string} */ address) => handle(post(address, { id }));
    for (const address of addresses) assert.equal((await deliver(address)).status, 200);
    for (const address of addresses.slice(0, 50)) assert.equal((await deliver(address)).status, 200);
    assert.equal(passed.length, 5000);
    assert.equal(lines(), 5000);
    assert.ok(store.items.size <= 4096, String(store.items.size));
    t.mock.timers.tick(4 * dayMs);
    for (let ref = 0; ref < 5000; ref++) await deliver(await url(`later ${ref}`));
    assert.ok(store.items.size <= 4096, String(store.items.size));
    assert.ok(lines() < 7000, String(lines()));
  });

  test("takes over from a process that died, after a minute", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
    const store = atomicStore();
    const { create, finished, passed } = setUp({ store });
    const id = await finished();
    const dead = create({ onTask: () => new Promise(() => {}) });
    const address = await dead.url("7");
    void dead.handle(post(address, { id }));
    while (store.items.size === 0) await new Promise(setImmediate);
    const alive = create({});
    assert.equal((await alive.handle(post(address, { id }))).status, 503);
    t.mock.timers.tick(59_000);
    assert.equal((await alive.handle(post(address, { id }))).status, 503);
    assert.equal(passed.length, 0);
    t.mock.timers.tick(2_000);
    assert.equal((await alive.handle(post(address, { id }))).status, 200);
    assert.equal((await alive.handle(post(address, { id }))).status, 200);
    assert.equal(passed.length, 1);
  });

  test("is not called if the store fails before it, and not again if the store fails after it", async () => {
    const store = atomicStore();
    let fails = true;
    const failing = {
      ...store,
      update: async (/** @type {string} */ key, /** @type {any} */ change) => {
        if (fails) throw new Error("The store is down.");
        return store.update(key, change);
      },
    };
    const { create, finished, passed, events } = setUp({ store: failing });
    const id = await finished();
    const callbacks = create({
      onTask: ({ id, status }, { ref }) => void (passed.push({ id, status, ref }), (fails = true)),
    });
    const deliver = async () => (await callbacks.handle(post(await callbacks.url("7"), { id }))).status;
    assert.equal(await deliver(), 503);
    assert.equal(passed.length, 0);
    fails = false;
    assert.equal(await deliver(), 200);
    assert.deepEqual(
      events.map(({ type }) => type),
      ["failed", "delivered", "failed"],
    );
    fails = false;
    assert.equal(await deliver(), 503);
    assert.equal(passed.length, 1);
  });

  test("gets each order its task, whoever named it first for another order", async () => {
    const { callbacks, finished, passed } = setUp({ store: mapStore() });
    const id = await finished();
    // Somebody learned the URL of order 8.
    assert.equal((await callbacks.handle(post(await callbacks.url("8"), { id }))).status, 200);
    assert.equal((await callbacks.handle(post(await callbacks.url("7"), { id }))).status, 200);
    assert.deepEqual(
      passed.map(({ ref }) => ref),
      ["8", "7"],
    );
  });
});

describe("expected", () => {
  test("refuses the task of another order without a read", async () => {
    const orders = new Map([["8", "task-of-8"]]);
    const { callbacks, finished, passed, emulator, events } = setUp({
      expected: async (ref) => orders.get(ref),
    });
    const id = await finished();
    assert.equal((await callbacks.handle(post(await callbacks.url("8"), { id }))).status, 404);
    assert.equal(emulator.counts.reads, 0);
    assert.deepEqual(events, [{ type: "mismatched", ref: "8", taskId: id }]);
    orders.set("8", id);
    assert.equal((await callbacks.handle(post(await callbacks.url("8"), { id }))).status, 200);
    assert.equal((await callbacks.handle(post(await callbacks.url("not known yet"), { id }))).status, 200);
    assert.equal(passed.length, 2);
  });

  test("has the API call again if it fails", async () => {
    const { callbacks, emulator } = setUp({
      expected() {
        throw new Error("The database is down.");
      },
    });
    assert.equal((await callbacks.handle(post(await callbacks.url("7"), { id: "task-1" }))).status, 503);
    assert.equal(emulator.counts.reads, 0);
  });
});

describe("the answer", () => {
  test("is 503 if the read fails, so that the API calls again", async () => {
    const { callbacks, finished, passed, emulator, events } = setUp();
    const id = await finished();
    const address = await callbacks.url("7");
    emulator.inject({ on: "read", nth: 1, fault: "network" });
    assert.equal((await callbacks.handle(post(address, { id }))).status, 503);
    assert.equal((await callbacks.handle(post(address, { id: "task-of-nobody" }))).status, 503);
    assert.equal((await callbacks.handle(post(address, { id }))).status, 200);
    assert.equal(passed.length, 1);
    assert.deepEqual(
      events.map(({ type }) => type),
      ["failed", "failed", "delivered"],
    );
  });

  test("comes before the read where there is `waitUntil`", async () => {
    const { callbacks, finished, passed, emulator } = setUp();
    const id = await finished();
    /** @type {Promise<unknown>[]} */
    const work = [];
    const context = {
      work,
      waitUntil(/** @type {Promise<unknown>} */ promise) {
        // As of a Worker: it must be called as a method.
        this.work.push(promise);
      },
    };
    const address = await callbacks.url("7");
    assert.equal((await callbacks.handle(post(address, { id }), context)).status, 202);
    assert.equal(passed.length, 0);
    await Promise.all(work);
    assert.equal(passed.length, 1);
    emulator.inject({ on: "read", nth: 1, fault: "network" });
    assert.equal((await callbacks.handle(post(address, { id }), context)).status, 202);
    // It does not reject: that would end a process.
    await Promise.all(work);
    assert.equal((await callbacks.handle(post(`${address}A`, { id }), context)).status, 404);
    assert.equal(work.length, 2);
    assert.equal(passed.length, 1);
  });

  test("never is an exception", async () => {
    const { create } = setUp({
      onEvent() {
        throw new Error("The observer is broken.");
      },
    });
    const callbacks = create({});
    const address = await callbacks.url("7");
    const context = {
      waitUntil() {
        throw new Error("The request has ended.");
      },
    };
    assert.equal((await callbacks.handle(post(address, { id: "task-1" }), context)).status, 503);
    assert.equal((await callbacks.handle(post(`${address}A`, {}))).status, 404);
    const nothing = /** @type {any} */ ({});
    assert.ok((await callbacks.handle(nothing)) instanceof Response);
    assert.equal(await callbacks.open(nothing), null);
  });
});

test("a replaced secret is accepted while it is listed", async () => {
  const { create } = setUp();
  const address = await create({}).url("7");
  const body = { id: "task-1" };
  const both = create({ secret: [newSecret, secret] });
  assert.deepEqual(await both.open(post(address, body)), { ref: "7", taskId: "task-1" });
  assert.equal(await create({ secret: newSecret }).open(post(address, body)), null);
  const renewed = await both.url("7");
  assert.notEqual(renewed, address);
  assert.deepEqual(await create({ secret: newSecret }).open(post(renewed, body)), {
    ref: "7",
    taskId: "task-1",
  });
});

test("only the path of the address counts: a host in front may have another name", async () => {
  const { callbacks } = setUp();
  const inside = (await callbacks.url("7")).replace(origin, "http://10.0.0.7:3000");
  assert.deepEqual(await callbacks.open(post(inside, { id: "task-1" })), { ref: "7", taskId: "task-1" });
});

test("a submission whose answer was lost is recovered by its callback", async () => {
  /** @type {Map<string, string>} */
  const orders = new Map([["order 7", "unknown"]]);
  const { callbacks, client, emulator, advance } = setUp(
    { onTask: ({ status }, { ref }) => void orders.set(ref, status) },
    { callbackFetch: (address, init) => callbacks.handle(new Request(address, init)) },
  );
  emulator.inject({ on: "create", fault: "network", carriedOut: true });
  const lost = client.submit({ ...request, callback_url: await callbacks.url("order 7") });
  await assert.rejects(lost, (/** @type {OutcomeUnknownError} */ error) => {
    assert.equal(error.name, "OutcomeUnknownError");
    assert.equal(error.taskId, undefined);
    return true;
  });
  advance(60);
  await emulator.flush();
  assert.deepEqual([...orders], [["order 7", "completed"]]);
  assert.equal(emulator.counts.charges, 1);
});

test("the callbacks of the API arrive over HTTP, after an outage too", async (t) => {
  /** @type {import("node:http").RequestListener} */
  let listener = () => {};
  const app = createServer((request, response) => listener(request, response)).listen(0, "127.0.0.1");
  t.after(() => app.close());
  await once(app, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (app.address());
  const { callbacks, emulator, client, advance, passed } = setUp(
    { url: `http://127.0.0.1:${port}/callback`, store: mapStore() },
    { callbackFetch: fetch, loopbackCallbacks: true },
  );
  const handle = server.toNodeHandler(callbacks.handle);
  let outages = 2;
  listener = (request, response) => {
    if (outages-- > 0) response.writeHead(500).end();
    else void handle(request, response);
  };
  const local = new library.VideoClient({
    apiKey: "sk-server",
    fetch: emulator.fetch,
    baseUrl: `http://127.0.0.1:${port}`,
  });
  const { task } = await local.submit({ ...request, callback_url: await callbacks.url("7") });
  for (const seconds of [60, 1, 2]) {
    advance(seconds);
    await emulator.flush();
  }
  assert.deepEqual(passed, [{ id: task.id, status: "completed", ref: "7" }]);
  assert.deepEqual(
    emulator.callbacks[0].attempts.map(({ status }) => status),
    [500, 500, 200],
  );
  assert.equal((await client.retrieve(task.id)).status, "completed");
});
