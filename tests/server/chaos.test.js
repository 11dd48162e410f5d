// Users generate through proxies that start and stop, while both connections fail: seeded stories.
import assert from "node:assert/strict";
import { test } from "node:test";
import { randomNumbers } from "../support/random.js";
import { useVirtualTime } from "../support/virtual-time.js";
import { api, library, order, origin, secret, server } from "./support.js";

const stories = 150;
const users = ["ann", "bob", "eve"];
/** The cost of one order, by `estimateCost`. */
const price = 67.5;
/** For two orders of a user. */
const limit = 2 * price + 1;

/** @param {number} seed */
async function tell(seed) {
  const random = randomNumbers(seed);
  const emulator = library.createEmulator({
    apiKeys: ["sk-server"],
    taskTime: 1,
    price,
    faults: [
      { seed, rate: 0.15, on: "create" },
      { seed: seed + 1, rate: 0.15, on: "read" },
    ],
  });
  const items = new Map();
  const reserve = server.createBudget({
    store: {
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
      removeItem: (key) => void items.delete(key),
    },
    perUser: { credits: limit, windowMs: 86_400_000 },
  });
  /** The users by the API's keys and ids. @type {Map<string, string>} */
  const userOfKey = new Map();
  /** A serverless host has no instance that lasts. */
  const makeProxy = () =>
    server.createProxy({
      client: new library.VideoClient({ apiKey: "sk-server", baseUrl: api, fetch: emulator.fetch }),
      secret,
      authorize: (request) => ({ user: String(request.headers.get("x-user")) }),
      allow: { models: [order.model] },
      reserve: (asked) => {
        userOfKey.set(asked.key, asked.user);
        return reserve(asked);
      },
    });
  let proxy = makeProxy();

  /** @type {{ user: string, id: string }[]} */
  const finished = [];
  /** @param {string} user @param {number} index */
  async function generate(user, index) {
    const page = new library.VideoClient({
      baseUrl: `${origin}/evolink`,
      headers: { "x-user": user },
      async fetch(url, init) {
        if (random() < 0.5) proxy = makeProxy();
        const isLost = random() < 0.1;
        if (random() < 0.05) throw new TypeError("The request was lost.");
        const response = await proxy(new Request(url, /** @type {RequestInit} */ (init)));
        if (isLost) throw new TypeError("The answer was lost.");
        return response;
      },
    });
    try {
      const options = { idempotencyKey: `order-${seed}-of-${user}-${index}`, timeoutMs: 900_000 };
      const { id } = await page.generate({ ...order, prompt: `${order.prompt} ${user}` }, options);
      finished.push({ user, id });
    } catch (error) {
      assert.ok(error instanceof library.EvolinkError, `seed ${seed}: ${error}`);
    }
  }
  // The third order of a user is over the budget.
  await Promise.all(users.flatMap((user) => [0, 1, 2].map((index) => generate(user, index))));

  const said = `seed ${seed}`;
  /** @type {Map<string, string>} */
  const userOfTask = new Map();
  /** @type {Map<string, Set<string>>} */
  const tasksOfKey = new Map();
  for (const { operation, idempotencyKey, taskId } of emulator.requests) {
    if (operation !== "create" || idempotencyKey === null || taskId === null) continue;
    userOfTask.set(taskId, String(userOfKey.get(idempotencyKey)));
    tasksOfKey.set(idempotencyKey, new Set(tasksOfKey.get(idempotencyKey)).add(taskId));
  }
  for (const tasks of tasksOfKey.values()) assert.equal(tasks.size, 1, said);
  assert.ok(emulator.counts.charges <= userOfKey.size, said);
  assert.equal(new Set(emulator.charges.map(({ taskId }) => taskId)).size, emulator.counts.charges, said);
  for (const user of users) {
    const charges = emulator.charges.filter(({ taskId }) => userOfTask.get(taskId) === user);
    assert.ok(charges.length * price <= limit, `${said}: ${user} has ${charges.length} charges`);
  }
  for (const { user, id } of finished) {
    assert.equal(userOfTask.get(id.split(".")[0]), user, said);
    const other = users[(users.indexOf(user) + 1) % users.length];
    const headers = { "x-user": other };
    assert.equal(
      (await proxy(new Request(`${origin}/evolink/v1/tasks/${id}`, { headers }))).status,
      404,
      said,
    );
  }
  return { finished: finished.length, charges: emulator.counts.charges };
}

test(`${stories} stories: each order is charged at most once, within the budget of its user`, async (t) => {
  useVirtualTime(t);
  const seeds = Array.from({ length: stories }, (_, index) => index + 1);
  /** @type {Awaited<ReturnType<typeof tell>>[]} */
  const ends = [];
  while (seeds.length > 0) ends.push(...(await Promise.all(seeds.splice(0, 10).map(tell))));
  const sum = (/** @type {"finished" | "charges"} */ name) => ends.reduce((all, end) => all + end[name], 0);
  t.diagnostic(`${sum("finished")} finished, ${sum("charges")} charged`);
  // Most faults are overcome.
  assert.ok(sum("finished") > stories * users.length);
});
