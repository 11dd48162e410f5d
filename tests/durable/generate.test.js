// `generateDurably` on an engine that dies at every step, before and after the work and its record.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import fc from "fast-check";
import { root } from "../../tools/setup.js";
import { clock, durable, library, order, setUp } from "./support.js";

/** @typedef {import("../../pkg-template/durable.js").Steps} Steps */
/** @typedef {import("../../pkg-template/durable.js").DurableOptions} Options */

class Death extends Error {}
class Fatal extends Error {}

/**
 * An engine with a log. It dies at the given moments, counted over all processes.
 * @param {Set<number>} [deaths]
 */
function createEngine(deaths = new Set()) {
  /** @type {Map<string, string>} */
  const log = new Map();
  /** @type {string[]} */
  const names = [];
  let moment = 0;
  const live = () => {
    if (deaths.has(moment++)) throw new Death();
  };
  /** @type {Steps} */
  const steps = {
    async run(name, work) {
      names.push(name);
      live();
      for (let attempt = 0; !log.has(name); attempt++) {
        try {
          const result = await work();
          live();
          assert.deepEqual(JSON.parse(JSON.stringify(result)), result, "a result is plain JSON");
          log.set(name, JSON.stringify(result));
        } catch (error) {
          if (error instanceof Death || attempt === 50) throw error;
          clock.now += 10_000;
        }
      }
      live();
      return JSON.parse(/** @type {string} */ (log.get(name)));
    },
    async sleep(name, ms) {
      names.push(name);
      assert.ok(ms > 0);
      const until = Number(log.get(name) ?? clock.now + ms);
      log.set(name, String(until));
      live();
      clock.now = Math.max(clock.now, until);
    },
    fatal: (error) => Object.assign(new Fatal(error.message), { cause: error }),
  };

  /**
   * Replays until the run ends.
   * @param {any} client
   * @param {Options} options
   * @param {any} [request]
   */
  async function run(client, options, request = order) {
    for (;;) {
      try {
        return await durable.generateDurably(steps, client, request, options);
      } catch (error) {
        if (!(error instanceof Death)) throw error;
      }
    }
  }
  return { run, steps, log, names, moments: () => moment };
}

/** @param {Promise<unknown>} running */
async function fatalOf(running) {
  const error = await running.then(
    () => assert.fail("it resolved"),
    (reason) => reason,
  );
  assert.ok(error instanceof Fatal, String(error));
  return /** @type {any} */ (error.cause);
}

describe("generateDurably", () => {
  test("has about 1 KB", async () => {
    const bytes = brotliCompressSync(await readFile(join(root, "pkg/durable.js"))).length;
    assert.ok(bytes < 1_700, `${bytes} bytes`);
  });

  test("charges once when the process dies at any moment", async () => {
    const whole = createEngine();
    await whole.run(setUp().client, { key: "7" });
    assert.ok(whole.moments() > 12);
    for (let death = 0; death < whole.moments(); death++) {
      const { emulator, client } = setUp();
      const engine = createEngine(new Set([death]));
      const task = await engine.run(client, { key: "7" });
      assert.equal(task.status, "completed");
      assert.deepEqual([emulator.counts.charges, emulator.counts.created], [1, 1], `death ${death}`);
    }
  });

  test("charges once and has one result with any deaths and faults", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(80), { maxLength: 12 }),
        fc.nat(),
        fc.double({ min: 0, max: 0.6, noNaN: true }),
        fc.string({ minLength: 1, unit: "binary" }),
        async (deaths, seed, rate, key) => {
          const { emulator, client } = setUp({ faults: [{ seed, rate }] });
          const engine = createEngine(new Set(deaths));
          /** @type {string[]} */
          const seen = [];
          const task = await engine.run(client, { key, onTask: ({ status }) => seen.push(status) });
          assert.equal(task.results.length, 1);
          assert.equal(emulator.counts.charges, 1);
          assert.equal(seen.at(-1), "completed");
          // A replay after the end reads nothing.
          const { reads } = emulator.counts;
          assert.deepEqual(await engine.run(client, { key }), task);
          assert.deepEqual([emulator.counts.reads, emulator.counts.charges], [reads, 1]);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("has the same steps in each replay", async () => {
    const { client } = setUp();
    const engine = createEngine(new Set([9]));
    await engine.run(client, { key: "7" });
    const half = engine.names.indexOf("submit", 1);
    const [first, second] = [engine.names.slice(0, half), engine.names.slice(half)];
    assert.deepEqual(second.slice(0, first.length), first);
    assert.deepEqual(second.slice(0, 3), ["submit", "pause 1", "look 1"]);
  });

  test("makes another video for another key, however short", async () => {
    const { emulator, client } = setUp();
    for (const key of ["7", "70", "7"]) await createEngine().run(client, { key });
    assert.equal(emulator.counts.charges, 2);
    for (const { idempotencyKey } of emulator.requests) {
      if (idempotencyKey !== null) assert.match(idempotencyKey, /^[\w-]{43}$/);
    }
  });

  test("lets the engine repeat a submission with an unknown outcome", async () => {
    const { emulator, client } = setUp({
      faults: [{ on: "create", times: 3, fault: "network", carriedOut: true }],
    });
    await createEngine().run(client, { key: "7" });
    assert.deepEqual([emulator.counts.submissions, emulator.counts.charges], [4, 1]);
  });

  test("does not repeat what is refused", async () => {
    const { emulator, client } = setUp();
    const error = await fatalOf(createEngine().run(client, { key: "7" }, { ...order, duration: 99 }));
    assert.equal(error.name, "ValidationError");
    assert.ok(error instanceof library.ValidationError);
    assert.equal(emulator.counts.submissions, 0);
    const poor = setUp({ credits: 1 });
    assert.equal(
      (await fatalOf(createEngine().run(poor.client, { key: "7" }))).name,
      "InsufficientCreditsError",
    );
    assert.equal(poor.emulator.counts.submissions, 1);
  });

  test("rejects with the error itself where the engine has none", async () => {
    const { client } = setUp();
    const { fatal, ...steps } = createEngine().steps;
    const running = durable.generateDurably(steps, client, { ...order, duration: 99 }, { key: "7" });
    await assert.rejects(running, library.ValidationError);
  });

  test("tells how a task ended", async () => {
    const outcome = { code: "content_policy_violation", message: "Not this" };
    const failed = await fatalOf(createEngine().run(setUp({ outcome }).client, { key: "7" }));
    assert.ok(failed instanceof library.TaskFailedError);
    assert.deepEqual([failed.code, failed.task.status], ["content_policy_violation", "failed"]);
    const cancelled = await fatalOf(createEngine().run(setUp({ outcome: "cancelled" }).client, { key: "7" }));
    assert.ok(cancelled instanceof library.TaskCancelledError);
  });

  test("looks again at a completed task without a link", async () => {
    const { client } = setUp({ resultShape: "none" });
    const error = await fatalOf(createEngine().run(client, { key: "7" }));
    assert.deepEqual([error.code, error.charged, error.task.status], ["result_missing", "yes", "completed"]);
  });

  test("gives up after `timeoutMs`, by the clock of the steps", async () => {
    const { client } = setUp({ taskTime: NaN });
    const began = clock.now;
    const error = await fatalOf(createEngine().run(client, { key: "7", timeoutMs: 600_000 }));
    assert.ok(error instanceof library.WaitTimeoutError);
    assert.match(error.message, /600000 ms .* processing/);
    assert.equal(clock.now - began, 600_000);
    const day = clock.now;
    await fatalOf(createEngine().run(client, { key: "8" }));
    assert.equal(clock.now - day, 24 * 3_600_000);
  });

  test("pauses by events where the engine has them", async () => {
    const { emulator, client } = setUp();
    const engine = createEngine();
    let pauses = 0;
    const event = async (/** @type {string} */ _name, /** @type {number} */ ms) => {
      pauses++;
      // The callback comes with the end of the task.
      clock.now += Math.min(ms, 60_000);
    };
    const steps = { ...engine.steps, event, sleep: () => assert.fail("it slept") };
    await durable.generateDurably(steps, client, order, { key: "7" });
    assert.ok(pauses > 0);
    assert.equal(emulator.counts.charges, 1);
  });

  test("repeats a look whose `onTask` threw", async () => {
    const { client } = setUp();
    let calls = 0;
    await createEngine().run(client, {
      key: "7",
      onTask() {
        if (++calls === 1) throw new Error("The database is away");
      },
    });
    assert.ok(calls > 2);
  });

  test("shows `onTask` the end of an order that was completed before", async () => {
    const { emulator, client } = setUp();
    await createEngine().run(client, { key: "7" });
    /** @type {string[]} */
    const seen = [];
    await createEngine().run(client, { key: "7", onTask: ({ status }) => seen.push(status) });
    assert.deepEqual(seen, ["completed"]);
    assert.equal(emulator.counts.charges, 1);
  });

  test("names a wrong option", async () => {
    const { client } = setUp();
    for (const [options, request, message] of /** @type {[any, any, RegExp][]} */ ([
      [{ key: "" }, order, /`key` .* an empty string/],
      [{ key: 7 }, order, /`key` .* number/],
      [{ key: "7", timeoutMs: Number.NaN }, order, /`timeoutMs` .* NaN/],
      [{ key: "7" }, { ...order, image_urls: [new Blob(["x"])] }, /`image_urls\[0\]` is a file/],
    ])) {
      const { message: received } = await fatalOf(createEngine().run(client, options, request));
      assert.match(received, message);
      assert.ok(received.length < 160, received);
    }
  });
});
