// Callbacks and budgets in workerd, where a request must not wait for what another one began.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startServer } from "../../tools/server.js";
import { installPackage } from "../support/packed.js";
import { bundleWorker, newestCompatibilityDate, startWorkerd } from "../support/workerd.js";
import { library } from "./support.js";

const worker = `
import { VideoClient } from "evolink-video";
import { createBudget, createCallbacks } from "evolink-video/server";

const items = new Map();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const store = {
  async getItem(key) { await pause(key === slow ? 8_000 : 1); return items.get(key) ?? null; },
  async setItem(key, value) { await pause(1); items.set(key, value); },
  async removeItem(key) { items.delete(key); },
};
let slow;
const reserve = createBudget({ store, perUser: { credits: 100, windowMs: 3_600_000 } });
const passed = [];
let callbacks;

export default {
  async fetch(request, env, context) {
    const { pathname, searchParams } = new URL(request.url);
    const client = new VideoClient({ apiKey: "sk-server" });
    callbacks ??= createCallbacks({
      client, store,
      url: "https://app.example/callback",
      secret: "a secret of at least 32 characters",
      onTask: async (task, { ref }) => { await pause(20); passed.push(ref + " " + task.status); },
    });
    const user = searchParams.get("user");
    if (pathname === "/slow") slow = "evolink-video:budget:" + searchParams.get("digest");
    if (pathname === "/reserve")
      return Response.json((await reserve({ user, key: searchParams.get("key"), credits: 10 })) !== false);
    if (pathname === "/submit") {
      const callback_url = await callbacks.url("order 7");
      const { task } = await client.submit({ model: "seedance-2.0", prompt: "A cat", callback_url });
      return Response.json({ id: task.id, callback_url });
    }
    if (pathname === "/passed") return Response.json(passed);
    return callbacks.handle(request, context);
  },
};
`;

for (const compatibilityDate of ["2023-03-01", newestCompatibilityDate])
  test(`requests of ${compatibilityDate} at the same time`, async (t) => {
    const emulator = library.createEmulator({ taskTime: 0, estimatedTime: 0.1 });
    const server = await startServer({ emulator });
    t.after(() => server.close());
    const folder = await installPackage();
    await writeFile(join(folder, "entry.js"), worker);
    const bundled = await bundleWorker(join(folder, "entry.js"), folder);
    const { url, stop } = await startWorkerd({
      ...bundled,
      compatibilityDate,
      env: {},
      internet: new URL(server.url).host,
    });
    t.after(stop);
    const ask = async (/** @type {string} */ path, /** @type {RequestInit} */ init = {}) =>
      /** @type {any} */ (await (await fetch(url + path, init)).json());

    // A budget counts exactly.
    const reserved = await Promise.all(
      Array.from({ length: 50 }, (_, number) => ask(`/reserve?user=ann&key=${number}`)),
    );
    assert.equal(reserved.filter(Boolean).length, 10);

    // Doubled callbacks call `onTask` once, after the answer.
    const { id, callback_url } = await ask("/submit");
    const init = { method: "POST", body: JSON.stringify({ id }) };
    const deliver = async () => (await fetch(url + new URL(callback_url).pathname, init)).status;
    assert.deepEqual(await Promise.all([deliver(), deliver(), deliver()]), [202, 202, 202]);
    for (let attempt = 0; (await ask("/passed")).length === 0; attempt++) {
      assert.ok(attempt < 200, "it is not delivered");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal(await deliver(), 202);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.deepEqual(await ask("/passed"), ["order 7 completed"]);
    assert.equal((await fetch(`${url}/callback/bm90LWhlcmU/zz.${"A".repeat(22)}`, init)).status, 404);

    // A request that is stopped while it changes an item does not delay others for long.
    const bytes = new TextEncoder().encode(JSON.stringify(["user", "bob"]));
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("base64url");
    await fetch(`${url}/slow?digest=${digest.slice(0, 2)}`);
    const leaving = new AbortController();
    const left = ask("/reserve?user=bob&key=1", { signal: leaving.signal });
    await new Promise((resolve) => setTimeout(resolve, 200));
    leaving.abort();
    await assert.rejects(left);
    await fetch(`${url}/slow?digest=`);
    assert.equal(await ask("/reserve?user=bob&key=2", { signal: AbortSignal.timeout(10_000) }), true);
  });
