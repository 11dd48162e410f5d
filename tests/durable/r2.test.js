// `saveToR2` outside of Cloudflare, with a bucket in memory. `engines.test.js` tests it in workerd.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mock, test } from "node:test";
import { clock, cloudflare, library } from "./support.js";

const video = new Uint8Array(300_000).map((_, index) => index * 7);
const sha256 = createHash("sha256").update(video).digest("hex");
/** @type {import("../../pkg-template/index.js").CompletedTask} */
const task = {
  id: "task-1",
  status: "completed",
  progress: 100,
  results: ["https://cdn.example/a.mp4"],
  expiresAt: clock.now + 86_400_000,
};

/** A bucket that stores only complete files. */
function createBucket() {
  /** @type {Map<string, { bytes: Uint8Array, options: any }>} */
  const objects = new Map();
  const describe = (/** @type {string} */ key) => {
    const object = objects.get(key);
    return object ? { size: object.bytes.length, etag: `etag-${key}` } : null;
  };
  return {
    objects,
    head: async (/** @type {string} */ key) => describe(key),
    get: async (/** @type {string} */ key) => {
      const object = describe(key);
      return object && { ...object, body: /** @type {ReadableStream} */ (new Blob([video]).stream()) };
    },
    async put(/** @type {string} */ key, /** @type {any} */ body, /** @type {any} */ options) {
      const bytes = new Uint8Array(await new Response(body).arrayBuffer());
      if (objects.has(key)) return null;
      objects.set(key, { bytes, options });
      return describe(key);
    },
  };
}

/** @param {Record<string, string>} [headers] @param {BodyInit} [body] @param {number} [status] */
const answer = (headers, body = video, status = 200) =>
  new Response(body, { status, headers: { "content-type": "video/mp4", ...headers } });
const length = { "content-length": String(video.length) };

/** Answers in turn; the last one again. @param {(() => Response)[]} answers */
const fetchOf = (...answers) => {
  let calls = 0;
  const send = async () => answers[Math.min(calls++, answers.length - 1)]();
  return Object.assign(send, { calls: () => calls });
};

test("stores the video with its type, once", async () => {
  const bucket = createBucket();
  const send = fetchOf(() => answer({ ...length, "content-type": "video/mp4; codecs=avc1" }));
  const saved = await cloudflare.saveToR2(task, bucket, { fetch: send });
  assert.deepEqual(saved, {
    ...{ key: "task-1.mp4", bytes: video.length, sha256: null, etag: "etag-task-1.mp4", stored: true },
  });
  const object = bucket.objects.get("task-1.mp4");
  assert.deepEqual(object?.bytes, video);
  assert.deepEqual(object?.options, {
    httpMetadata: { contentType: "video/mp4" },
    onlyIf: { etagDoesNotMatch: "*" },
  });
  assert.deepEqual(await cloudflare.saveToR2(task, bucket, { fetch: send }), { ...saved, stored: false });
  assert.equal(send.calls(), 1);
});

test("holds a video of unknown length, and has its digest", async () => {
  const bucket = createBucket();
  const saved = await cloudflare.saveToR2(task, bucket, { fetch: fetchOf(() => answer()), key: "a" });
  assert.deepEqual([saved.sha256, saved.bytes], [sha256, video.length]);
  assert.equal(bucket.objects.get("a")?.options.sha256, sha256);
});

test("never stores a video that was cut off, or that is longer than it says", async () => {
  for (const announced of [video.length + 1, video.length - 1]) {
    const bucket = createBucket();
    const send = fetchOf(() => answer({ "content-length": String(announced) }));
    await assert.rejects(cloudflare.saveToR2(task, bucket, { fetch: send }), { code: "broken_answer" });
    assert.equal(bucket.objects.size, 0);
  }
});

test("refuses what is no video", async () => {
  const bucket = createBucket();
  const page = fetchOf(() => answer({ "content-type": "text/html" }, "<!doctype html>"));
  await assert.rejects(cloudflare.saveToR2(task, bucket, { fetch: page }), /"text\/html"; expected a video/);
  assert.equal(bucket.objects.size, 0);
});

test("never stores an empty answer, or a part that nobody asked for", async () => {
  for (const headers of [{ "content-length": "0" }, {}]) {
    const bucket = createBucket();
    const send = fetchOf(() => answer(/** @type {any} */ (headers), ""));
    await assert.rejects(cloudflare.saveToR2(task, bucket, { fetch: send }), {
      code: "invalid_answer",
      retryable: true,
    });
    assert.equal(bucket.objects.size, 0);
  }
  mock.timers.enable({ apis: ["setTimeout"] });
  const ticking = setInterval(() => mock.timers.tick(1_000), 1);
  try {
    const bucket = createBucket();
    const part = () => answer({ "content-length": "9" }, "ninebytes", 206);
    await cloudflare.saveToR2(task, bucket, { fetch: fetchOf(part, () => answer(length)) });
    assert.deepEqual(bucket.objects.get("task-1.mp4")?.bytes, video);
  } finally {
    clearInterval(ticking);
    mock.timers.reset();
  }
});

test("tries a link again that is not there for a moment, but not an expired one", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const ticking = setInterval(() => mock.timers.tick(1_000), 1);
  try {
    const missing = () => answer({}, "", 404);
    const late = fetchOf(missing, missing, missing, () => answer(length));
    assert.equal((await cloudflare.saveToR2(task, createBucket(), { fetch: late })).stored, true);
    const never = fetchOf(missing);
    await assert.rejects(cloudflare.saveToR2(task, createBucket(), { fetch: never }), {
      name: "NotFoundError",
      retryable: true,
    });
    assert.equal(never.calls(), 6);
    const expired = fetchOf(() => answer({}, "", 403));
    const old = { ...task, expiresAt: clock.now - 1 };
    await assert.rejects(cloudflare.saveToR2(old, createBucket(), { fetch: expired }), {
      code: "result_expired",
      retryable: false,
    });
    assert.equal(expired.calls(), 1);
  } finally {
    clearInterval(ticking);
    mock.timers.reset();
  }
});

test("ends when the caller aborts", async () => {
  const send = () => new Promise(() => {});
  const signal = AbortSignal.timeout(20);
  const saving = cloudflare.saveToR2(task, createBucket(), { fetch: /** @type {any} */ (send), signal });
  await assert.rejects(saving, { name: "TimeoutError" });
});

test("rejects a task without a link", async () => {
  const pending = /** @type {any} */ ({ id: "task-1", status: "pending", progress: 0 });
  await assert.rejects(cloudflare.saveToR2(pending, createBucket()), library.ValidationError);
});
