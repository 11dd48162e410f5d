// Budgets: exact in one process and with atomic stores, and by how much processes can exceed them with other stores.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { order, server, library, setUp } from "./support.js";

/** @typedef {import("../../pkg-template/server.js").BudgetOptions} BudgetOptions */
/** @typedef {import("../../pkg-template/server.js").AtomicStore} AtomicStore */

const hour = 3_600_000;
const perUser = { credits: 100, windowMs: hour };

/**
 * What a process sees of the items. `wait` decides how long an access takes.
 * @param {Map<string, string>} items
 * @param {() => unknown} [wait]
 */
const storeOf = (items, wait = () => new Promise(setImmediate)) => ({
  items,
  async getItem(/** @type {string} */ key) {
    await wait();
    const item = items.get(key) ?? null;
    await wait();
    return item;
  },
  async setItem(/** @type {string} */ key, /** @type {string} */ value) {
    await wait();
    items.set(key, value);
    await wait();
  },
  async removeItem(/** @type {string} */ key) {
    await wait();
    items.delete(key);
  },
});

/**
 * The same with `update`, like Redis: it compares, and tries again.
 * @param {Map<string, string>} items
 * @returns {AtomicStore}
 */
function atomicStoreOf(items) {
  const store = storeOf(items);
  return {
    ...store,
    async update(key, change) {
      for (;;) {
        const old = await store.getItem(key);
        const item = change(old);
        if ((items.get(key) ?? null) !== old) continue;
        if (item === null) items.delete(key);
        else items.set(key, item);
        return;
      }
    },
  };
}

/** @param {Partial<BudgetOptions>} [options] */
const budgetOf = (options) => server.createBudget({ store: storeOf(new Map()), perUser, ...options });

/** An order of a user. @param {number | string} key @param {number | null} [credits] */
const of = (key, credits = 10, user = "ann") => ({ user, key: `key-${key}`, credits });

/** @param {(ReturnType<ReturnType<typeof budgetOf>>)[]} orders */
const accepted = async (orders) => (await Promise.all(orders)).filter(Boolean).length;

/** @param {number} count */
const range = (count) => Array.from({ length: count }, (_, index) => index);

describe("createBudget", () => {
  for (const [name, wrong] of /** @type {[string, any][]} */ ([
    ["store", undefined],
    ["store", { getItem() {}, setItem() {} }],
    ["perUser.credits", { perUser: undefined }],
    ["perUser.credits", { perUser: { credits: -1, windowMs: hour } }],
    ["perUser.credits", { perUser: { credits: "10", windowMs: hour } }],
    ["perUser.credits", { perUser: { credits: Infinity, windowMs: hour } }],
    ["perUser.windowMs", { perUser: { credits: 1, windowMs: 0 } }],
    ["perUser.windowMs", { perUser: { credits: 1 } }],
    ["total.credits", { total: {} }],
    ["total.windowMs", { total: { credits: 1, windowMs: NaN } }],
    ["unpriced", { unpriced: -1 }],
    ["unpriced", { unpriced: true }],
    ["totals", { totals: perUser }],
    ["max", { perUser: { ...perUser, max: 1 } }],
  ]))
    test(`rejects a wrong ${name}: ${JSON.stringify(wrong)}`, () => {
      assert.throws(
        () => budgetOf(name === "store" ? { store: wrong } : wrong),
        (/** @type {Error} */ error) => {
          assert.ok(error instanceof library.ConfigurationError);
          assert.ok(error.message.includes(`\`${name}\``), error.message);
          assert.ok(error.message.length < 160);
          return true;
        },
      );
    });

  test("accepts orders up to the limit, and not a credit more", async () => {
    const reserve = budgetOf();
    assert.ok(await reserve(of(1, 60)));
    assert.equal(await reserve(of(2, 41)), false);
    assert.ok(await reserve(of(3, 40)));
    assert.equal(await reserve(of(4, 0.01)), false);
    assert.ok(await reserve(of(5, 0)));
  });

  test("adds fractions up as people do", async () => {
    const reserve = budgetOf({ perUser: { credits: 0.3, windowMs: hour } });
    for (const key of range(3)) assert.ok(await reserve(of(key, 0.1)));
    assert.equal(await reserve(of(3, 0.1)), false);
  });

  test("keeps users apart, whatever their ids are", async () => {
    const items = new Map();
    const reserve = budgetOf({ store: storeOf(items) });
    for (const user of ["ann", "bob", "total", "", "ann key-1 100", "a\nb", "__proto__"])
      assert.equal(await accepted([reserve(of(1, 100, user)), reserve(of(2, 1, user))]), 1, user);
    assert.equal(items.size, 7);
    for (const [key, item] of items) {
      assert.match(key, /^evolink-video:budget:[\w-]{2}$/);
      assert.doesNotMatch(item, /ann|bob|key-/);
    }
  });

  test("limits all users together, without counting a refused order", async () => {
    const reserve = budgetOf({ total: { credits: 150, windowMs: hour } });
    assert.ok(await reserve(of(1, 100, "ann")));
    assert.equal(await reserve(of(1, 60, "bob")), false);
    assert.ok(await reserve(of(2, 50, "bob")));
    const held = await reserve(of(3, 0, "bob"));
    assert.ok(held);
    // Bob has 50 left, but nothing is left in total.
    assert.equal(await reserve(of(4, 1, "bob")), false);
    assert.equal(await reserve(of(4, 1, "carl")), false);
  });

  test("refuses an order of unknown price, or counts what `unpriced` says", async () => {
    const reserve = budgetOf();
    assert.equal(await reserve(of(1, null)), false);
    assert.equal(await reserve(of(1, NaN)), false);
    assert.equal(await reserve(of(1, -1000)), false);
    const generous = budgetOf({ unpriced: 50 });
    assert.equal(await accepted(range(3).map((key) => generous(of(key, null)))), 2);
  });

  test("counts an order for its window", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: Date.UTC(2026, 10, 28) });
    const items = new Map();
    const reserve = budgetOf({ store: storeOf(items), total: { credits: 1000, windowMs: 2 * hour } });
    assert.ok(await reserve(of(1, 60)));
    t.mock.timers.tick(hour / 2);
    assert.ok(await reserve(of(2, 40)));
    t.mock.timers.tick(hour / 2 - 1);
    assert.equal(await reserve(of(3, 60)), false);
    t.mock.timers.tick(1);
    assert.ok(await reserve(of(3, 60)));
    assert.equal(await reserve(of(4, 1)), false);
    t.mock.timers.tick(hour / 2);
    assert.ok(await reserve(of(4, 40)));
    // The first order has left the item of the user, but not that of all.
    assert.deepEqual([...items.values()].map((item) => item.split("\n").length - 1).sort(), [2, 4]);
  });

  test("the store fits whatever returns JSON as an object: items are none", async () => {
    const items = new Map();
    const reserve = budgetOf({ store: storeOf(items) });
    await reserve(of(1));
    for (const item of items.values()) assert.throws(() => JSON.parse(item));
  });

  test("refuses to guess what was spent if an item cannot be read, or the store fails", async () => {
    const items = new Map();
    const reserve = budgetOf({ store: storeOf(items) });
    await reserve(of(1));
    const [name] = items.keys();
    for (const item of ["", "{}", "evolink-video budget 1\nkey-1 x 1 1", "evolink-video budget 2"]) {
      items.set(name, item);
      await assert.rejects(reserve(of(2)), (/** @type {any} */ error) => {
        assert.equal(error.code, "store_failed");
        assert.ok(error.message.length < 160);
        return true;
      });
    }
    const failing = { ...storeOf(items), getItem: () => Promise.reject(new Error("It is down.")) };
    await assert.rejects(budgetOf({ store: failing })(of(1)), /It is down/);
    const parsed = { ...storeOf(items), getItem: () => ({}) };
    await assert.rejects(budgetOf({ store: parsed })(of(1)), /must return a string or null/);
  });

  test("frees the user's credits if the item of all cannot be changed", async () => {
    const items = new Map();
    let fails = true;
    const store = storeOf(items);
    const failing = {
      ...store,
      async setItem(/** @type {string} */ key, /** @type {string} */ value) {
        if (fails && key.endsWith(":total")) throw new Error("It is down.");
        return store.setItem(key, value);
      },
    };
    const reserve = budgetOf({ store: failing, total: { credits: 100, windowMs: hour } });
    await assert.rejects(reserve(of(1, 100)), /It is down/);
    fails = false;
    assert.ok(await reserve(of(2, 100)));
  });

  test("goes on after an access that hangs", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
    const items = new Map();
    let accesses = 0;
    const hanging = storeOf(items, () => (accesses++ === 0 ? new Promise(() => {}) : undefined));
    const reserve = budgetOf({ store: hanging });
    void reserve(of(1));
    // Otherwise the second could be the one that hangs.
    while (accesses === 0) await new Promise(setImmediate);
    const second = reserve(of(2));
    // It waits for the first one.
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(accesses, 1);
    t.mock.timers.tick(5_000);
    assert.ok(await second);
  });
});

describe("release", () => {
  test("frees the credits of an order, once", async () => {
    const items = new Map();
    const reserve = budgetOf({ store: storeOf(items), total: { credits: 100, windowMs: hour } });
    const held = await reserve(of(1, 100));
    const other = await reserve(of(2, 0));
    assert.ok(held && other);
    await Promise.all([held.release(), held.release()]);
    await held.release();
    assert.ok(await reserve(of(3, 100)));
    assert.equal(await reserve(of(4, 1)), false);
    await other.release();
    assert.equal(await reserve(of(4, 1)), false);
  });

  test("of many users who never return leaves few items, without what has expired", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
    const items = new Map();
    const reserve = budgetOf({ store: storeOf(items, () => undefined) });
    const lines = () => [...items.values()].reduce((sum, item) => sum + item.split("\n").length - 1, 0);
    const visit = async (/** @type {string} */ day) => {
      for (const index of range(6000)) await reserve(of(1, 1, `${day}-${index}`));
    };
    await visit("monday");
    assert.equal(lines(), 6000);
    assert.ok(items.size <= 4096, String(items.size));
    t.mock.timers.tick(48 * hour);
    await visit("wednesday");
    assert.ok(items.size <= 4096, String(items.size));
    assert.ok(lines() < 8000, String(lines()));
  });

  test("of users with one item count for each of them", async () => {
    const items = new Map();
    const reserve = budgetOf({ store: storeOf(items, () => undefined) });
    /** @type {string[]} */
    const others = [];
    for (let index = 0; ; index++) {
      const user = `user-${index}`;
      const before = items.size;
      assert.ok(await reserve(of(1, 100, user)));
      if (items.size > before) {
        others.push(user);
        continue;
      }
      assert.equal(await reserve(of(2, 1, user)), false);
      for (const other of others) assert.equal(await reserve(of(2, 1, other)), false);
      return;
    }
  });

  test("leaves no item behind", async () => {
    const items = new Map();
    const reserve = budgetOf({ store: storeOf(items), total: { credits: 100, windowMs: hour } });
    const held = await reserve(of(1));
    assert.equal(items.size, 2);
    if (held) await held.release();
    assert.equal(items.size, 0);
  });

  for (const [name, open] of Object.entries({ "without `update`": storeOf, "with `update`": atomicStoreOf }))
    test(`of a refused repetition does not free an order that was paid, ${name}`, async () => {
      const reserve = budgetOf({ store: open(new Map()) });
      assert.ok(await reserve(of(1, 100)));
      const repeated = await reserve(of(1, 100));
      assert.ok(repeated);
      await repeated.release();
      assert.equal(await reserve(of(2, 1)), false);
    });

  test("a dearer request with a key counts as what it costs", async () => {
    const reserve = budgetOf();
    assert.ok(await reserve(of(1, 10)));
    assert.equal(await reserve(of(1, 101)), false);
    assert.ok(await reserve(of(1, 90)));
    assert.ok(await reserve(of(1, 10)));
    assert.equal(await reserve(of(2, 11)), false);
    assert.ok(await reserve(of(2, 10)));
  });

  for (const [name, open] of Object.entries({ "without `update`": storeOf, "with `update`": atomicStoreOf }))
    test(`any story of orders and releases ends with the credits of those that are held, ${name}`, async () => {
      const step = fc.record({
        user: fc.constantFrom("ann", "bob"),
        key: fc.constantFrom("1", "2", "3", "4"),
        isRelease: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
          const store = open(new Map());
          const total = { credits: 60, windowMs: hour };
          // Two budgets in one process, as of two proxies.
          const budgets = range(2).map(() =>
            budgetOf({ store, perUser: { credits: 40, windowMs: hour }, total }),
          );
          /** The model: the orders with what holds them. @type {Map<string, { release(): Promise<void> }[]>} */
          const held = new Map();
          const price = (/** @type {string} */ key) => Number(key) * 10;
          const spent = (/** @type {string} */ user) =>
            [...held.keys()]
              .filter((name) => name.startsWith(user))
              .reduce((sum, name) => sum + price(name.slice(-1)), 0);
          for (const [index, { user, key, isRelease }] of steps.entries()) {
            const name = `${user}${key}`;
            const holders = held.get(name) ?? [];
            if (isRelease) {
              await holders.pop()?.release();
              if (holders.length === 0) held.delete(name);
              continue;
            }
            const fits = spent(user) + price(key) <= 40 && spent("") + price(key) <= 60;
            const reserved = await budgets[index % 2]({ user, key, credits: price(key) });
            assert.equal(
              reserved !== false,
              holders.length > 0 || fits,
              JSON.stringify({ name, held: [...held.keys()] }),
            );
            if (reserved) held.set(name, [...holders, reserved]);
          }
        }),
        { numRuns: 40 },
      );
    });
});

describe("200 orders at the same time", () => {
  const orders = range(200);

  test("are exact in one process", async () => {
    const reserve = budgetOf();
    assert.equal(await accepted(orders.map((key) => reserve(of(key)))), 10);
  });

  test("with one key count once", async () => {
    const reserve = budgetOf();
    assert.equal(await accepted(orders.map(() => reserve(of(1, 100)))), 200);
    assert.equal(await reserve(of(2, 1)), false);
  });

  test("of many users are exact for all together", async () => {
    const reserve = budgetOf({ total: { credits: 500, windowMs: hour } });
    const users = orders.map((key) => reserve(of(key, 10, `user ${key % 20}`)));
    assert.equal(await accepted(users), 50);
  });

  test("in two budgets over one store object are exact", async () => {
    const store = storeOf(new Map());
    const budgets = [budgetOf({ store }), budgetOf({ store })];
    assert.equal(await accepted(orders.map((key) => budgets[key % 2](of(key)))), 10);
  });

  test("in two processes are exact if the store has `update`", async () => {
    const items = new Map();
    const budgets = range(2).map(() => budgetOf({ store: atomicStoreOf(items), total: perUser }));
    assert.equal(await accepted(orders.map((key) => budgets[key % 2](of(key)))), 10);
  });

  test("are not forgotten by their process if another one overwrites them", async () => {
    const items = new Map();
    const mine = budgetOf({ store: storeOf(items) });
    /** @type {() => void} */
    let goOn = () => {};
    let accesses = 0;
    // The other process reads, rests, and writes.
    const late = storeOf(items, () => {
      if (++accesses === 3) return new Promise((resolve) => (goOn = () => resolve(undefined)));
      return undefined;
    });
    const other = budgetOf({ store: late })(of("other"));
    while (accesses < 3) await new Promise(setImmediate);
    assert.equal(await accepted(orders.map((key) => mine(of(key)))), 10);
    goOn();
    assert.ok(await other);
    assert.equal([...items.values()][0].split("\n").length, 2);
    assert.equal(await mine(of("another")), false);
  });

  test("in n processes without `update` spend at most n times the limit, in whatever order accesses happen", async () => {
    let most = 0;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 3 }), async (scheduler, processes) => {
        const items = new Map();
        const wait = () => scheduler.schedule(Promise.resolve());
        const limit = { credits: 30, windowMs: hour };
        const budgets = range(processes).map(() => budgetOf({ store: storeOf(items, wait), perUser: limit }));
        const reserved = accepted(range(12).map((key) => budgets[key % processes](of(key))));
        const done = reserved.then(() => true);
        while (!(await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 3))])))
          await scheduler.waitAll();
        const count = await reserved;
        assert.ok(count >= 3 && count <= 3 * processes, `${count} of ${processes} processes`);
        most = Math.max(most, count / 3);
      }),
      { numRuns: 50 },
    );
    // Otherwise this test would show nothing.
    assert.ok(most > 1, "no run overshoots");
  });
});

describe("as `reserve` of a proxy", () => {
  test("lets a user order up to the limit, and answers 402 beyond it", async () => {
    const reserve = budgetOf({ perUser: { credits: 250, windowMs: hour } });
    /** @type {(number | null)[]} */
    const prices = [];
    const { create, emulator } = setUp({
      reserve: (asked) => (prices.push(asked.credits), reserve(asked)),
    });
    const statuses = [];
    for (const number of range(4)) {
      const init = { headers: { "idempotency-key": `order-of-the-page-000${number}` } };
      statuses.push((await create(order, init)).status, (await create(order, init)).status);
    }
    const affordable = Math.floor(250 / Number(prices[0]));
    assert.ok(affordable >= 1 && affordable < 4, `${prices[0]} credits`);
    const expected = range(4).flatMap((number) => (number < affordable ? [200, 200] : [402, 402]));
    assert.deepEqual(statuses, expected);
    assert.equal(emulator.counts.charges, affordable);
  });

  test("counts nothing that the API refused", async () => {
    const reserve = budgetOf({ perUser: { credits: 250, windowMs: hour } });
    const { create, emulator } = setUp({ reserve });
    emulator.inject({
      on: "create",
      times: 9,
      fault: { status: 400, body: { error: { code: "invalid_request", message: "No" } } },
    });
    for (const number of range(9))
      assert.equal(
        (await create(order, { headers: { "idempotency-key": `order-of-the-page-000${number}` } })).status,
        400,
      );
    assert.equal((await create()).status, 200);
  });
});
