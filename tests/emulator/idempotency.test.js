import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { json, key, request, setUp } from "./support.js";

describe("an Idempotency-Key of", () => {
  for (const [what, idempotencyKey, status] of /** @type {const} */ ([
    ["15 characters", "a".repeat(15), 400],
    ["16 characters", "a".repeat(16), 200],
    ["every kind of character", "aZ09._-aZ09._-aZ", 200],
    ["96 characters", "a".repeat(96), 200],
    ["97 characters", "a".repeat(97), 400],
    ["a forbidden character", "a".repeat(16) + ":", 400],
  ]))
    test(`${what} gets ${status}`, async () => {
      const { create, emulator } = setUp();
      const response = await create(request, { idempotencyKey });
      assert.equal(response.status, status);
      assert.equal(emulator.counts.charges, status === 200 ? 1 : 0);
      if (status === 400) assert.equal((await json(response)).error.code, "invalid_idempotency_key");
    });
});

test("the same key and body return the same task without another charge", async () => {
  const { create, advance, emulator } = setUp();
  const first = await create(request, { idempotencyKey: key });
  advance(60);
  const second = await create(request, { idempotencyKey: key });
  assert.equal(first.headers.has("idempotency-replayed"), false);
  assert.equal(second.headers.get("idempotency-replayed"), "true");
  const [before, after] = [await json(first), await json(second)];
  assert.equal(after.id, before.id);
  assert.equal(after.status, "completed");
  assert.equal(emulator.counts.charges, 1);
});

test("rejects the same key with other bytes as a conflict", async () => {
  const { create, emulator } = setUp();
  await create(request, { idempotencyKey: key });
  for (const body of [
    JSON.stringify({ ...request, duration: 6 }),
    JSON.stringify({ ...request, prompt: request.prompt.toUpperCase() }),
    JSON.stringify(request, null, 1),
  ]) {
    const response = await create(request, { idempotencyKey: key, body });
    assert.equal(response.status, 409);
    assert.equal((await json(response)).error.code, "idempotency_conflict");
  }
  assert.equal(emulator.counts.charges, 1);
});

test("idempotency keys are separate for each API key", async () => {
  const { create, emulator } = setUp();
  await create(request, { idempotencyKey: key });
  const other = { idempotencyKey: key, bearer: "sk-other" };
  const response = await create(request, other);
  assert.equal(response.headers.has("idempotency-replayed"), false);
  assert.equal(emulator.counts.charges, 2);
});

test("charges every call without a key", async () => {
  const { create, emulator } = setUp();
  await create();
  await create();
  assert.equal(emulator.counts.charges, 2);
});

test("the key of a rejected call can be used again", async () => {
  const { create } = setUp();
  await create({ ...request, duration: 99 }, { idempotencyKey: key });
  const response = await create(request, { idempotencyKey: key });
  assert.equal(response.status, 200);
  assert.equal(response.headers.has("idempotency-replayed"), false);
});

test("the key of a call whose option threw can be used again", async () => {
  let fails = true;
  const price = () => {
    if (fails) throw new Error("no price");
    return 12;
  };
  const { create } = setUp({ price });
  await assert.rejects(create(request, { idempotencyKey: key }), /no price/);
  fails = false;
  assert.equal((await create(request, { idempotencyKey: key })).status, 200);
});

test("rejects a concurrent call with the same key with paid_outcome_unknown", async () => {
  const { create, emulator } = setUp({
    faults: [{ on: "create", nth: 1, delayMs: 20 }],
  });
  const first = create(request, { idempotencyKey: key });
  const second = await create(request, { idempotencyKey: key });
  assert.equal(second.status, 409);
  assert.equal((await json(second)).error.code, "paid_outcome_unknown");
  assert.equal((await first).status, 200);
  const third = await create(request, { idempotencyKey: key });
  assert.equal(third.headers.get("idempotency-replayed"), "true");
  assert.equal(emulator.counts.charges, 1);
});

test("processes and charges a call after the client disconnected", async () => {
  const { create, emulator } = setUp({
    faults: [{ on: "create", nth: 1, delayMs: 20 }],
  });
  const signal = AbortSignal.timeout(5);
  await assert.rejects(create(request, { idempotencyKey: key, signal }), {
    name: "TimeoutError",
  });
  assert.equal(emulator.counts.charges, 0);
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(emulator.counts.charges, 1);
  const again = await create(request, { idempotencyKey: key });
  assert.equal(again.headers.get("idempotency-replayed"), "true");
});
