import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { json, origin, paths, request, setUp } from "./support.js";

test("fetch accepts a string, a URL and a Request, and does not depend on `this`", async () => {
  const { fetch } = setUp().emulator;
  const headers = { authorization: "Bearer sk-test" };
  const url = origin + paths.models;
  for (const input of [url, new URL(url), new Request(url)])
    assert.equal((await fetch(input, { headers })).status, 200);
  assert.equal((await fetch(new Request(url, { headers }))).status, 200);
  await assert.rejects(fetch("no URL"), TypeError);
});

test("accepts a body of bytes", async () => {
  const { create } = setUp();
  const body = new TextEncoder().encode(JSON.stringify(request));
  assert.equal((await create(request, { body })).status, 200);
});

describe("rejects", () => {
  for (const [method, path, status] of /** @type {const} */ ([
    ["GET", "/", 404],
    ["GET", "/v1/videos", 404],
    ["POST", "/v2/videos/generations", 404],
    ["GET", "/v1/tasks/a/b", 404],
    ["GET", "/files/a.mp3", 404],
    ["GET", "/files/task-unified-1-a.mp4", 404],
    ["GET", paths.create, 405],
    ["GET", paths.batch, 405],
    ["DELETE", "/v1/tasks/a", 405],
    ["POST", paths.list, 405],
    ["POST", paths.credits, 405],
    ["GET", "/files/uploads/file_a/a.png", 404],
  ]))
    test(`${method} ${path} with ${status}`, async () => {
      const { call } = setUp();
      const response = await call(path, { method });
      assert.equal(response.status, status);
      const { error } = await json(response);
      assert.deepEqual(Object.keys(error).sort(), ["code", "message", "type"]);
      assert.equal(response.headers.has("allow"), status === 405);
    });
});

test("every response has the time of the clock", async () => {
  const { call } = setUp();
  const { headers } = await call(paths.models);
  assert.equal(headers.get("date"), "Fri, 24 Oct 2025 13:49:04 GMT");
});

test("every response has a unique request id and CORS headers", async () => {
  const { call, create, emulator } = setUp();
  emulator.inject({ on: "credits", fault: { status: 500 } });
  const responses = [
    await create(),
    await create({}),
    await call("/nothing"),
    await call(paths.credits),
    await call(paths.credits, { method: "OPTIONS" }),
    await call(paths.models, { bearer: null }),
  ];
  const ids = responses.map(({ headers }) => headers.get("x-request-id"));
  assert.equal(new Set(ids).size, responses.length);
  for (const { headers } of responses) {
    assert.match(headers.get("x-request-id") ?? "", /^req_\d+$/);
    assert.equal(headers.get("access-control-allow-origin"), "*");
    assert.equal(
      headers.get("access-control-expose-headers"),
      "retry-after, x-request-id, idempotency-replayed",
    );
  }
});

test("responds to preflights without a key and without faults", async () => {
  const { call, emulator } = setUp({ faults: [{ fault: "network" }] });
  const requested = "authorization,content-type,idempotency-key";
  const response = await call(paths.create, {
    method: "OPTIONS",
    bearer: null,
    headers: { "access-control-request-headers": requested },
  });
  assert.equal(response.status, 204);
  assert.equal(response.headers.get("access-control-allow-headers"), requested);
  assert.match(response.headers.get("access-control-allow-methods") ?? "", /POST/);
  assert.equal(emulator.requests[0].operation, "preflight");
  assert.equal(emulator.counts.submissions, 0);
});

test("rejects a malformed task id with 400, and an unknown one with 404", async () => {
  const { call } = setUp();
  const malformed = await call("/v1/tasks/abc");
  assert.equal(malformed.status, 400);
  assert.deepEqual(await json(malformed), {
    error: {
      code: "invalid_task_id",
      message: "Invalid task ID format, must start with 'task-unified-'",
      type: "invalid_request_error",
      param: "task_id",
    },
  });
  const unknown = await call("/v1/tasks/task-unified-1-unknown0");
  assert.equal(unknown.status, 404);
  assert.equal((await json(unknown)).error.param, "task_id");
});

describe("the video of a completed task", () => {
  async function finished() {
    const setup = setUp();
    const { id } = await setup.task();
    setup.advance(60);
    return { ...setup, path: `/files/${id}.mp4` };
  }

  test("is an MP4 of a few KB that requires no key", async () => {
    const { call, path } = await finished();
    const response = await call(path, { bearer: null });
    const bytes = new Uint8Array(await response.arrayBuffer());
    assert.equal(response.headers.get("content-type"), "video/mp4");
    assert.equal(response.headers.get("accept-ranges"), "bytes");
    assert.equal(Number(response.headers.get("content-length")), bytes.length);
    assert.equal(new TextDecoder().decode(bytes.slice(4, 8)), "ftyp");
    assert.ok(bytes.length > 1000 && bytes.length < 10_000);
  });

  test("is available for 24 hours after the end of the task", async () => {
    const { task, call, advance } = setUp();
    const path = `/files/${(await task()).id}.mp4`;
    const statuses = [];
    for (const seconds of [59, 1, 86_399, 1]) {
      advance(seconds);
      statuses.push((await call(path)).status);
    }
    assert.deepEqual(statuses, [404, 200, 200, 404]);
  });

  test("HEAD returns its length without a body", async () => {
    const { call, path } = await finished();
    const response = await call(path, { method: "HEAD" });
    assert.ok(Number(response.headers.get("content-length")) > 1000);
    assert.equal(await response.text(), "");
  });

  for (const [range, status, start, end] of /** @type {const} */ ([
    ["bytes=0-", 206, 0, undefined],
    ["bytes=0-99", 206, 0, 100],
    ["bytes=100-99999", 206, 100, undefined],
    ["bytes=-10", 206, -10, undefined],
    ["bytes=99999-", 416, 0, 0],
    ["bytes=-0", 416, 0, 0],
    ["bytes=0-1,5-6", 200, 0, undefined],
    ["lines=1-2", 200, 0, undefined],
  ]))
    test(`${range} gets ${status}`, async () => {
      const { call, path } = await finished();
      const whole = new Uint8Array(await (await call(path)).arrayBuffer());
      const response = await call(path, { headers: { range } });
      assert.equal(response.status, status);
      const contentRange = response.headers.get("content-range");
      if (status === 416) {
        assert.equal(contentRange, `bytes */${whole.length}`);
        return;
      }
      const bytes = new Uint8Array(await response.arrayBuffer());
      assert.deepEqual(bytes, whole.slice(start, end));
      if (status === 206) {
        const first = start < 0 ? whole.length + start : start;
        assert.equal(contentRange, `bytes ${first}-${first + bytes.length - 1}/${whole.length}`);
      }
    });
});
