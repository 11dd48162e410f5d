// The response formats of the vendor's pages and clients, and of other gateways.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createEmulator } from "../../pkg-template/testing.js";
import { json, paths, request, setUp } from "./support.js";

/** @typedef {import("../../pkg-template/testing.js").EmulatorOptions} EmulatorOptions */

/**
 * The bodies of a task: created, and at its end.
 *
 * @param {EmulatorOptions} options
 */
async function bodiesOf(options) {
  const { create, call, advance, emulator } = setUp(options);
  const created = await json(await create());
  const id = String(emulator.requests[0].taskId);
  advance(60);
  const ended = await json(await call(`/v1/tasks/${id}`));
  return { id, created, ended };
}

describe("the link of a completed task is in", () => {
  const url = "https://cdn.example/v.mp4";
  /** @type {[import("../../pkg-template/testing.js").ResultShape, object][]} */
  const shapes = [
    ["vendor", { results: [url], result_data: [{ url }] }],
    ["results", { results: [url] }],
    ["results[].url", { results: [{ url }] }],
    ["result_data[].video_url", { result_data: [{ video_url: url }] }],
    ["result_data[].url", { result_data: [{ url }] }],
    ["result_data.video_url", { result_data: { video_url: url } }],
    ["output.video_url", { output: { video_url: url } }],
    ["video_url", { video_url: url }],
    ["result.video_url", { result: { video_url: url } }],
    ["url", { url }],
    ["none", {}],
  ];
  for (const [resultShape, expected] of shapes)
    test(resultShape, async () => {
      const {
        results,
        result_data,
        output,
        video_url,
        result,
        url: direct,
      } = (await bodiesOf({ resultUrl: url, resultShape })).ended;
      const places = { results, result_data, output, video_url, result, url: direct };
      assert.deepEqual(JSON.parse(JSON.stringify(places)), expected);
    });

  test("the place that a function chooses", async () => {
    const { ended } = await bodiesOf({
      resultUrl: url,
      resultShape: (_request, n) => (n === 1 ? "url" : "none"),
    });
    assert.equal(ended.url, url);
  });
});

test("throws for an unknown shape", () => {
  for (const options of [{ resultShape: "links" }, { errorShape: "words" }])
    assert.throws(() => createEmulator(/** @type {any} */ (options)), /^TypeError: unknown \w+Shape/);
});

test("`statusWords` replaces the words of statuses, in the list too", async () => {
  const statusWords = { pending: "queued", processing: "RUNNING", completed: " Succeeded " };
  const { task, read, call, advance } = setUp({ statusWords });
  const created = await task();
  const words = [created.status];
  for (const seconds of [20, 145]) {
    advance(seconds);
    words.push((await read(created.id)).status);
  }
  assert.deepEqual(words, ["queued", "RUNNING", " Succeeded "]);
  const { data } = await json(await call(`${paths.list}?status=completed`));
  assert.deepEqual(
    data.map((/** @type {any} */ item) => item.status),
    [" Succeeded "],
  );
});

test("`idField` names the field of the id", async () => {
  const { created, ended, id } = await bodiesOf({ idField: "task_id" });
  for (const body of [created, ended]) {
    assert.equal(body.task_id, id);
    assert.equal("id" in body, false);
  }
});

test("`wrapTasks` puts tasks into `data`", async () => {
  const { created, ended, id } = await bodiesOf({ wrapTasks: true });
  assert.deepEqual(Object.keys(created), ["code", "data"]);
  assert.equal(created.code, 200);
  assert.equal(created.data.id, id);
  assert.equal(ended.success, true);
  assert.equal(ended.data.status, "completed");
});

describe("errors", () => {
  const outcome = { code: "service_error", message: "Later" };
  const refused = { code: "unauthorized", message: "Invalid or expired token", type: "authentication_error" };
  const absent = /** @type {Record<string, unknown>} */ ({});
  for (const [errorShape, refusal, failure] of /** @type {const} */ ([
    ["code", { error: refused }, outcome],
    [
      "integer",
      { error: { ...refused, code: 401, type: "unauthorized" } },
      { code: 400, message: "Later", type: "service_error" },
    ],
    ["capitals", { error: { ...refused, code: "UNAUTHORIZED" } }, { ...outcome, code: "SERVICE_ERROR" }],
    ["string", { error: "unauthorized", error_description: "Invalid or expired token" }, "Later"],
    ["absent", absent, undefined],
  ]))
    test(`have the shape "${errorShape}"`, async () => {
      const { call } = setUp({ errorShape });
      const response = await call(paths.credits, { bearer: null });
      assert.equal(response.status, 401);
      assert.deepEqual(await json(response), refusal);
      const { ended } = await bodiesOf({ errorShape, outcome });
      assert.equal(ended.status, "failed");
      assert.deepEqual(ended.error, failure);
    });

  test("of injected faults have the shape too", async () => {
    const { call } = setUp({ errorShape: "integer", faults: [{ fault: { status: 402 } }] });
    const { error } = await json(await call(paths.credits));
    assert.deepEqual([error.code, error.type], [402, "insufficient_quota"]);
  });
});

describe("`billing`", () => {
  const outcome = { code: "generation_timeout", message: "timed out" };
  for (const [refund, charge_status, more, refunds] of /** @type {const} */ ([
    ["completed", "released", { refunded_credits: 12, refunded_at: "2025-10-24T13:50:04Z" }, 1],
    ["not_required", "released", {}, 1],
    ["pending", "reserved", {}, 0],
    ["failed", "charged", { charged_credits: 12 }, 0],
    ["unknown", "unknown", {}, 0],
  ]))
    test(`of a failed task whose refund is "${refund}"`, async () => {
      const { task, read, call, advance, emulator } = setUp({ outcome, refund, credits: 20 });
      const { id } = await task();
      advance(60);
      assert.deepEqual((await read(id)).billing, {
        refund_scope: "account_balance",
        charge_status,
        refund_status: refund,
        reserved_credits: 12,
        ...more,
      });
      assert.equal(emulator.counts.refunds, refunds);
      const { data } = await json(await call(paths.credits));
      assert.equal(data.user.remaining_credits, refunds === 1 ? 20 : 8);
    });

  test("of every task", async () => {
    const { task, read, advance } = setUp({ billing: "all" });
    const created = await task();
    assert.deepEqual(created.billing, {
      refund_scope: "account_balance",
      charge_status: "reserved",
      refund_status: "not_required",
      reserved_credits: 12,
    });
    advance(60);
    const { billing } = await read(created.id);
    assert.deepEqual([billing.charge_status, billing.charged_credits], ["charged", 12]);
  });

  test("is only in failed and cancelled tasks by default", async () => {
    const { created, ended } = await bodiesOf({});
    assert.equal("billing" in created || "billing" in ended, false);
  });
});

test("an error of a task can have the vendor's further fields", async () => {
  const outcome = {
    code: "invalid_audio",
    message: "The audio is longer than 15 seconds.",
    type: "task_error",
    suggestion: "Shorten the audio.",
  };
  assert.deepEqual((await bodiesOf({ outcome })).ended.error, outcome);
});

test("list items have the vendor's fields", async () => {
  const { task, call, advance } = setUp();
  const { id } = await task(request);
  advance(60);
  const { data } = await json(await call(paths.list));
  assert.deepEqual(data, [
    {
      id,
      model: "seedance-2.0",
      type: "video",
      status: "completed",
      progress: 100,
      created_at: 1761313744,
      has_results: true,
      result_count: 1,
      credits_used: 12,
    },
  ]);
});
