import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { json, key, paths, request, setUp } from "./support.js";

describe("responds with 401 to", () => {
  for (const [what, headers] of /** @type {const} */ ([
    ["no key", {}],
    ["an empty key", { authorization: "Bearer " }],
    ["another scheme", { authorization: "Basic c2s=" }],
    ["a key that is not accepted", { authorization: "Bearer sk-b" }],
  ]))
    test(what, async () => {
      const { call } = setUp({ apiKeys: ["sk-a"] });
      for (const path of [paths.credits, "/v1/tasks/task-unified-1-a"]) {
        const response = await call(path, { bearer: null, headers });
        assert.equal(response.status, 401);
        const { error } = await json(response);
        assert.deepEqual(error, {
          code: "unauthorized",
          message: "Invalid or expired token",
          type: "authentication_error",
        });
      }
    });
});

test("accepts any key by default, and only the listed ones with `apiKeys`", async () => {
  assert.equal((await setUp().call(paths.credits)).status, 200);
  const { call } = setUp({ apiKeys: ["sk-a", "sk-test"] });
  assert.equal((await call(paths.credits)).status, 200);
});

test("responds with 404 to a task of another key", async () => {
  const { task, call } = setUp();
  const { id } = await task();
  const response = await call(`/v1/tasks/${id}`, { bearer: "sk-other" });
  assert.equal(response.status, 404);
  assert.equal((await json(response)).error.code, "task_not_found");
});

test("rejects create calls with 402 when the credits are used up", async () => {
  const { create, call, emulator } = setUp({ credits: 30 });
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await create()).status);
  assert.deepEqual(statuses, [200, 200, 402]);
  const { error } = await json(await create());
  assert.equal(error.code, "insufficient_quota");
  assert.equal(error.type, "insufficient_quota");
  assert.deepEqual(await json(await call(paths.credits)), {
    success: true,
    message: "",
    data: {
      token: { remaining_credits: 6, used_credits: 24, unlimited_credits: false },
      user: { remaining_credits: 6, used_credits: 24 },
    },
  });
  assert.equal(emulator.counts.creditsCharged, 24);
});

test("each key has its own credits", async () => {
  const { create } = setUp({ credits: 12 });
  assert.equal((await create()).status, 200);
  assert.equal((await create(request, { bearer: "sk-b" })).status, 200);
  assert.equal((await create()).status, 402);
});

test("refunds failed tasks", async () => {
  const outcome = { code: "service_error", message: "Later" };
  const { create, call, advance } = setUp({ credits: 12, outcome });
  assert.equal((await create()).status, 200);
  assert.equal((await create()).status, 402);
  advance(60);
  const { data } = await json(await call(paths.credits));
  assert.deepEqual([data.user.remaining_credits, data.user.used_credits], [12, 0]);
  assert.equal((await create()).status, 200);
});

test("`price` can depend on the request", async () => {
  const price = (/** @type {any} */ { duration }) => duration * 13.5;
  const { task, emulator } = setUp({ price });
  const { usage } = await task({ ...request, duration: 10 });
  assert.equal(usage.credits_reserved, 135);
  assert.equal(emulator.charges[0].credits, 135);
});

test("counts and logs requests without the API key", async () => {
  const { task, read, call, emulator } = setUp();
  const { id } = await task(request, {
    idempotencyKey: key,
    bearer: "sk-secret",
  });
  await task({});
  await read(id, { bearer: "sk-secret" });
  await call(paths.batch, { method: "POST", body: '{"task_ids":[]}' });
  await task(request, { idempotencyKey: key, bearer: "sk-secret" });
  assert.deepEqual(emulator.counts, {
    submissions: 3,
    created: 1,
    replays: 1,
    charges: 1,
    refunds: 0,
    creditsCharged: 12,
    creditsRefunded: 0,
    reads: 1,
    batchReads: 1,
  });
  const { requests } = emulator;
  assert.deepEqual(
    requests.map(({ operation, status, taskId }) => [operation, status, taskId]),
    [
      ["create", 200, id],
      ["create", 400, null],
      ["read", 200, id],
      ["batch", 200, null],
      ["create", 200, id],
    ],
  );
  assert.deepEqual(requests[4], {
    time: 1761313744000,
    operation: "create",
    method: "POST",
    path: paths.create,
    status: 200,
    fault: null,
    idempotencyKey: key,
    taskId: id,
    replayed: true,
  });
  assert.equal(JSON.stringify(requests).includes("sk-secret"), false);
});

test("reset discards everything but the options", async () => {
  const { task, emulator, call, create } = setUp({
    credits: 12,
    faults: [{ on: "credits", nth: 1, fault: { status: 500 } }],
  });
  const { id } = await task(request, { idempotencyKey: key });
  await call(paths.credits);
  emulator.inject({ on: "create", fault: { status: 500 } });
  emulator.reset();
  assert.deepEqual(emulator.requests, []);
  assert.equal(emulator.counts.charges, 0);
  assert.equal((await call(`/v1/tasks/${id}`)).status, 404);
  assert.equal((await call(paths.credits)).status, 500);
  const again = await create(request, { idempotencyKey: key });
  assert.equal(again.status, 200);
  assert.equal(again.headers.has("idempotency-replayed"), false);
});
