import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createEmulator } from "../../pkg-template/testing.js";
import { json, origin, paths, request, setUp } from "./support.js";

test("a created task equals the reference's example", async () => {
  const { task } = setUp();
  const { id, ...rest } = await task({ ...request, duration: 8 });
  assert.match(id, /^task-unified-1761313744-[0-9a-z]{8}$/);
  assert.deepEqual(rest, {
    object: "video.generation.task",
    created: 1761313744,
    model: "seedance-2.0",
    status: "pending",
    progress: 0,
    type: "video",
    task_info: { can_cancel: true, estimated_time: 165, video_duration: 8 },
    usage: {
      billing_rule: "per_call",
      credits_reserved: 12,
      user_group: "default",
    },
  });
});

test("a thousand tasks created in the same second have distinct ids", async () => {
  const { task } = setUp();
  const ids = new Set();
  for (let i = 0; i < 1000; i++) ids.add((await task()).id);
  assert.equal(ids.size, 1000);
});

test("the cost of a read does not depend on the number of open tasks", async () => {
  let clockCalls = 0;
  const { task, read } = setUp({ now: () => (clockCalls++, 1_761_313_744_000) });
  const { id } = await task();
  const clockCallsOfRead = async () => {
    clockCalls = 0;
    await read(id);
    return clockCalls;
  };
  const alone = await clockCallsOfRead();
  for (let i = 0; i < 100; i++) await task();
  assert.equal(await clockCallsOfRead(), alone);
});

test("a task whose time is NaN does not delay the end of other tasks", async () => {
  const taskTime = (/** @type {any} */ _request, /** @type {number} */ n) => (n === 2 ? NaN : 10);
  const { task, emulator, advance } = setUp({ taskTime, outcome: "cancelled" });
  for (let i = 0; i < 3; i++) await task();
  advance(10);
  assert.deepEqual(
    emulator.charges.map(({ refunded }) => refunded),
    [true, false, true],
  );
});

test("a task is pending, then processing, then completed", async () => {
  const { task, read, advance } = setUp();
  const { id } = await task();
  const seen = [];
  for (const seconds of [5, 1, 53, 1]) {
    advance(seconds);
    seen.push(await read(id));
  }
  assert.deepEqual(
    seen.map(({ status, progress }) => [status, progress]),
    [
      ["pending", 0],
      ["processing", 0],
      ["processing", 98],
      ["completed", 100],
    ],
  );
  assert.deepEqual(seen[2].task_info, { can_cancel: true });
  assert.equal("usage" in seen[2] || "results" in seen[2], false);
});

test("a task can be processing immediately, and its create call tells the cost", async () => {
  const { task, read } = setUp({ pendingTime: 0 });
  const created = await task();
  assert.equal(created.status, "processing");
  assert.equal(created.usage.credits_reserved, 12);
  assert.equal("usage" in (await read(created.id)), false);
});

test("a completed task has the fields of the real response", async () => {
  const { task, read, advance } = setUp({ taskTime: 206, price: 13.5 });
  const { id } = await task();
  advance(206);
  const url = `${origin}/files/${id}.mp4`;
  assert.deepEqual(await read(id), {
    created: 1761313744,
    duration: 206,
    id,
    model: "seedance-2.0",
    object: "video.generation.task",
    progress: 100,
    result_data: [{ url }],
    results: [url],
    status: "completed",
    task_info: { can_cancel: false },
    type: "video",
    usage: { cost: { credits: 13.5, usd: 0.199, cny: 1.35 }, credits_used: 13.5 },
  });
});

test("estimates 120 s for a fast model", async () => {
  const { task } = setUp();
  const model = "seedance-2.0-fast-text-to-video";
  const { task_info } = await task({ ...request, model });
  assert.equal(task_info.estimated_time, 120);
});

test("times can depend on the request and the sequence number", async () => {
  const { task, read, advance } = setUp({
    estimatedTime: ({ duration }) => Number(duration) * 10,
    taskTime: (_request, sequence) => sequence * 100,
    pendingTime: 90,
  });
  const first = await task({ ...request, duration: 4 });
  const second = await task({ ...request, duration: 5 });
  assert.equal(first.task_info.estimated_time, 40);
  assert.equal(second.task_info.estimated_time, 50);
  advance(89);
  assert.equal((await read(first.id)).status, "pending");
  advance(11);
  assert.equal((await read(first.id)).status, "completed");
  assert.equal((await read(second.id)).status, "processing");
  advance(100);
  assert.equal((await read(second.id)).status, "completed");
});

test("`speed` makes tasks age faster", async () => {
  const { task, read, advance } = setUp({ speed: 100 });
  const { id } = await task();
  advance(0.59);
  assert.equal((await read(id)).status, "processing");
  advance(0.01);
  assert.equal((await read(id)).status, "completed");
});

test("tells the estimate in the client's seconds", async () => {
  for (const [options, seconds] of /** @type {const} */ ([
    [{ speed: 10 }, 17],
    [{ speed: 100 }, 1.65],
    [{ taskTime: 40 }, 40],
    [{ taskTime: 40, estimatedTime: 60, speed: 2 }, 30],
  ])) {
    const { task_info } = await setUp(options).task();
    assert.equal(task_info.estimated_time, seconds, JSON.stringify(options));
  }
});

test("a task whose time is NaN never ends", async () => {
  const { task, read, advance } = setUp({ taskTime: NaN });
  const { id } = await task();
  advance(1e6);
  assert.equal((await read(id)).status, "processing");
});

test("uses the host's clock by default", async () => {
  const { fetch } = createEmulator({ speed: 10_000 });
  const headers = { authorization: "Bearer sk-test" };
  const created = await json(
    await fetch(origin + paths.create, {
      method: "POST",
      headers,
      body: JSON.stringify(request),
    }),
  );
  assert.ok(Math.abs(created.created - Date.now() / 1000) < 5);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const url = `${origin}/v1/tasks/${created.id}`;
  assert.equal((await json(await fetch(url, { headers }))).status, "completed");
});

for (const speed of [0, -1, NaN, Infinity])
  test(`throws for a speed of ${speed}`, () => {
    assert.throws(() => createEmulator({ speed }), /^TypeError: speed/);
  });

describe("progress at 0, 25, 50, 75 and 100 % of the processing time", () => {
  /** @type {[import("../../pkg-template/testing.js").EmulatorOptions["progress"], number[]][]} */
  const curves = [
    ["linear", [0, 25, 50, 75, 100]],
    ["steps", [0, 0, 65, 65, 100]],
    ["stuck", [0, 0, 0, 0, 100]],
    [(fraction) => 100 - fraction * 100, [100, 75, 50, 25, 100]],
  ];
  for (const [progress, expected] of curves)
    test(`${typeof progress === "string" ? progress : "a function"}`, async () => {
      const options = { progress, taskTime: 50, pendingTime: 10 };
      const { task, read, advance } = setUp(options);
      const { id } = await task();
      const seen = [];
      for (let i = 0; i < 5; i++) {
        advance(10);
        seen.push((await read(id)).progress);
      }
      assert.deepEqual(seen, expected);
    });
});

test("a failed task has an error, no results, and is refunded", async () => {
  const outcome = { code: "content_policy_violation", message: "A face" };
  const { task, read, advance, emulator } = setUp({ outcome });
  const { id } = await task();
  advance(59);
  assert.equal(emulator.counts.refunds, 0);
  advance(1);
  const failed = await read(id);
  assert.equal(failed.status, "failed");
  assert.deepEqual(failed.error, outcome);
  assert.equal(failed.progress, 0);
  assert.equal("results" in failed, false);
  assert.deepEqual(failed.billing, {
    refund_scope: "account_balance",
    charge_status: "released",
    refund_status: "completed",
    reserved_credits: 12,
    refunded_credits: 12,
    refunded_at: "2025-10-24T13:50:04Z",
  });
  assert.deepEqual(emulator.charges, [{ time: 1761313744000, taskId: id, credits: 12, refunded: true }]);
  assert.equal(emulator.counts.creditsRefunded, 12);
});

test("a cancelled task has no error, no results, and is refunded", async () => {
  const { task, read, advance, emulator } = setUp({ outcome: "cancelled" });
  const { id } = await task();
  advance(60);
  const cancelled = await read(id);
  assert.equal(cancelled.status, "cancelled");
  assert.equal(cancelled.billing.refund_status, "completed");
  assert.equal("error" in cancelled || "results" in cancelled, false);
  assert.equal(emulator.counts.refunds, 1);
});

test("`outcome` can depend on the sequence number", async () => {
  const { task, read, advance } = setUp({
    outcome: (_request, sequence) =>
      sequence % 2 === 0 ? { code: "service_error", message: "Later" } : "completed",
  });
  const ids = [(await task()).id, (await task()).id];
  advance(60);
  assert.equal((await read(ids[0])).status, "completed");
  assert.equal((await read(ids[1])).status, "failed");
});

describe("the link of a completed task", () => {
  test("is the string `resultUrl`", async () => {
    const { task, read, advance } = setUp({ resultUrl: "https://cdn.example/v.mp4" });
    const { id } = await task();
    advance(60);
    assert.deepEqual((await read(id)).results, ["https://cdn.example/v.mp4"]);
  });

  test("is returned by the function `resultUrl`", async () => {
    const resultUrl = (/** @type {string} */ id, /** @type {string} */ from) => `${from}/${id.slice(0, 12)}`;
    const { task, read, advance } = setUp({ resultUrl });
    const { id } = await task();
    advance(60);
    assert.deepEqual((await read(id)).results, [`${origin}/task-unified`]);
  });

  test("is the video as a data: URL", async () => {
    const { task, read, advance } = setUp({ resultUrl: "data" });
    const { id } = await task();
    advance(60);
    const [link] = (await read(id)).results;
    const response = await fetch(link);
    const bytes = new Uint8Array(await response.arrayBuffer());
    assert.equal(response.headers.get("content-type"), "video/mp4");
    assert.equal(new TextDecoder().decode(bytes.slice(4, 8)), "ftyp");
  });
});

test("a batch returns the account's known tasks, each once", async () => {
  const { task, call, advance } = setUp();
  const own = [await task(), await task()].map(({ id }) => id);
  const foreign = (await task(request, { bearer: "sk-other" })).id;
  advance(60);
  const task_ids = [own[1], "task-unified-1-unknown0", foreign, ...own];
  const response = await call(paths.batch, {
    method: "POST",
    body: JSON.stringify({ task_ids }),
  });
  const { data } = await json(response);
  assert.deepEqual(
    data.map((/** @type {any} */ each) => each.id),
    [own[1], own[0]],
  );
  assert.deepEqual(data[0].results, [`${origin}/files/${own[1]}.mp4`]);
});

for (const [what, body, status] of /** @type {const} */ ([
  ["50 ids", { task_ids: Array(50).fill("a") }, 200],
  ["51 ids", { task_ids: Array(51).fill("a") }, 400],
  ["no ids", {}, 400],
  ["an id that is not a string", { task_ids: [1] }, 400],
]))
  test(`a batch with ${what} gets ${status}`, async () => {
    const { call } = setUp();
    const init = { method: "POST", body: JSON.stringify(body) };
    const response = await call(paths.batch, init);
    assert.equal(response.status, status);
    if (status === 400) assert.equal((await json(response)).error.param, "task_ids");
  });

test("the list has the account's tasks, newest first, without links", async () => {
  const { task, call, advance } = setUp({ resultUrl: "https://link.example/" });
  const first = await task();
  advance(60);
  const second = await task();
  await task(request, { bearer: "sk-other" });
  const text = await (await call(paths.list)).text();
  const { data, ...rest } = JSON.parse(text);
  assert.deepEqual(rest, { object: "list", total: 2, page: 1, page_size: 20 });
  assert.deepEqual(
    data.map((/** @type {any} */ item) => [item.id, item.status, item.created_at]),
    [
      [second.id, "pending", second.created],
      [first.id, "completed", first.created],
    ],
  );
  assert.equal(text.includes("link.example"), false);
});

test("the list can be filtered and paged", async () => {
  const { task, call, advance } = setUp();
  await task();
  advance(60);
  const model = "seedance-2.0-text-to-video";
  const ids = [await task(), await task({ ...request, model }), await task()];
  const list = async (/** @type {string} */ query) => {
    const { data } = await json(await call(`${paths.list}?${query}`));
    return data.map((/** @type {any} */ item) => item.id);
  };
  assert.deepEqual(await list(`model=${model}`), [ids[1].id]);
  assert.equal((await list("status=completed")).length, 1);
  assert.equal((await list("type=image")).length, 0);
  assert.deepEqual(await list("status=pending&page=2&page_size=2"), [ids[0].id]);
  assert.equal((await list("status=processing")).length, 3);
  advance(50);
  assert.equal((await list("status=processing")).length, 3);
  assert.equal((await list("status=pending")).length, 0);
});
