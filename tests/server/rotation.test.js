import assert from "node:assert/strict";
import { test } from "node:test";
import { api, library, order, origin, secret, server, setUp } from "./support.js";

test("a wait goes on when the secret is replaced in the middle of it", async () => {
  const emulator = library.createEmulator({ apiKeys: ["sk-server"], taskTime: 0.5, estimatedTime: 0.5 });
  const client = new library.VideoClient({ apiKey: "sk-server", baseUrl: api, fetch: emulator.fetch });
  const proxyWith = (/** @type {string[]} */ secrets) =>
    server.createProxy({
      client,
      secret: secrets,
      authorize: () => ({ user: "ann" }),
      allow: { models: [order.model] },
    });
  let proxy = proxyWith([secret]);
  let readsAfter = 0;
  const page = new library.VideoClient({
    baseUrl: `${origin}/evolink`,
    async fetch(url, init) {
      if (emulator.counts.reads === 1) proxy = proxyWith(["another secret of 32 characters!", secret]);
      if (emulator.counts.reads >= 1) readsAfter++;
      return proxy(new Request(url, /** @type {RequestInit} */ (init)));
    },
  });
  assert.equal((await page.generate(order)).status, "completed");
  assert.ok(readsAfter > 0);
  assert.equal(emulator.counts.charges, 1);
});

test("an order is charged once if it is repeated after the secret was replaced", async () => {
  const before = setUp();
  before.emulator.inject({ on: "create", nth: 1, fault: "network", carriedOut: true });
  assert.equal((await before.create()).status, 504);
  const after = setUp({ secret: "another secret of 32 characters!", client: before.client });
  const response = await after.create();
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("idempotency-replayed"), "true");
  assert.equal(before.emulator.counts.charges, 1);
});
