// Copies a video from its link to R2 once, as a checked stream.
import { ConnectionError, EvolinkError, NotFoundError, ServerError, ValidationError } from "../errors.js";

/** @typedef {import("../cloudflare.js").R2BucketLike} Bucket */
/** @typedef {import("../cloudflare.js").R2ObjectLike} Stored */
/** @typedef {import("../index.js").CompletedTask} CompletedTask */

// A link may start to work a moment after the task is completed.
const LINK_TRIES_MS = [1_000, 2_000, 4_000, 8_000, 15_000];
// Without a response, or without another byte of it.
const IDLE_MS = 60_000;
// A Worker has 128 MB. Only a video of unknown length is held in memory.
const MAX_HELD_BYTES = 64_000_000;
const octets = /^(application|binary)\/octet-stream$/;

/** @type {typeof import("../cloudflare.js").saveToR2} */
export async function saveToR2(task, bucket, { key = `${task.id}.mp4`, fetch: send = fetch, signal } = {}) {
  const url = task?.status === "completed" ? task.results[0] : undefined;
  if (!url)
    throw new ValidationError(
      `\`task\` must be a completed task with a link; its status is ${task?.status}.`,
    );
  const earlier = await bucket.head(key);
  if (earlier) return found(bucket, key, earlier);

  const idle = idleLimit(signal);
  try {
    const response = await open(task, url, send, idle);
    const contentType = typeOf(response, task.id);
    const bytes = lengthOf(response);
    const body = /** @type {ReadableStream<Uint8Array>} */ (response.body);
    if (bytes === 0) throw empty(task);
    const options = { httpMetadata: { contentType }, onlyIf: { etagDoesNotMatch: "*" } };
    const saved =
      bytes === null
        ? await saveHeld(task, bucket, key, body, options, idle)
        : await saveStream(task, bucket, key, body, bytes, options, idle);
    if (saved) return saved;
  } finally {
    idle.stop();
  }
  // Another attempt stored it first.
  const winner = await bucket.head(key);
  if (winner) return found(bucket, key, winner);
  throw new ServerError(`R2 did not store \`${key}\`, and has no such object.`);
}

/**
 * What an earlier attempt stored. Its digest is computed again, so that each attempt has the same result.
 * @param {Bucket} bucket
 * @param {string} key
 * @param {Stored} object
 */
async function found(bucket, key, { size, etag }) {
  const hash = digester();
  const body = hash && (await bucket.get(key))?.body;
  if (!hash || !body) return { key, bytes: size, sha256: null, etag, stored: false };
  for await (const chunk of chunksOf(body)) await hash.write(chunk);
  return { key, bytes: size, sha256: await hash.end(), etag, stored: false };
}

/**
 * @param {CompletedTask} task
 * @param {Bucket} bucket
 * @param {string} key
 * @param {ReadableStream<Uint8Array>} body
 * @param {number} bytes
 * @param {object} options
 * @param {ReturnType<typeof idleLimit>} idle
 */
async function saveStream(task, bucket, key, body, bytes, options, idle) {
  // R2 accepts only streams of known length. This one also fails if the length is wrong.
  const Pipe = /** @type {any} */ (globalThis).FixedLengthStream;
  const { readable, writable } = /** @type {TransformStream} */ (
    Pipe ? new Pipe(bytes) : new TransformStream()
  );
  const writer = writable.getWriter();
  const hash = digester();
  const reader = body.getReader();
  let isStored = false;
  /** @type {unknown} */
  let failure;
  const copying = (async () => {
    try {
      let count = 0;
      for (;;) {
        const { done, value } = await idle.during(reader.read());
        if (done) break;
        count += value.byteLength;
        if (count > bytes) break;
        await Promise.all([writer.write(value), hash?.write(value)]);
      }
      if (count !== bytes) throw cutOff(task, count, bytes);
      await writer.close();
    } catch (error) {
      failure = isStored ? undefined : transferError(task, error);
      await writer.abort(error).catch(() => {});
    }
  })();
  try {
    const object = await bucket.put(key, readable, options);
    isStored = true;
    if (!object) return null;
    await copying;
    return { key, bytes, sha256: (await hash?.end()) ?? null, etag: object.etag, stored: true };
  } catch (error) {
    // R2 only reports that the stream ended, which is a consequence of this error.
    throw failure ?? error;
  } finally {
    isStored = true;
    await reader.cancel().catch(() => {});
  }
}

/**
 * @param {CompletedTask} task
 * @param {Bucket} bucket
 * @param {string} key
 * @param {ReadableStream<Uint8Array>} body
 * @param {object} options
 * @param {ReturnType<typeof idleLimit>} idle
 */
async function saveHeld(task, bucket, key, body, options, idle) {
  /** @type {BlobPart[]} */
  const parts = [];
  let bytes = 0;
  try {
    for await (const chunk of chunksOf(body, idle)) {
      parts.push(/** @type {any} */ (chunk));
      bytes += chunk.byteLength;
      if (bytes > MAX_HELD_BYTES) break;
    }
  } catch (error) {
    throw transferError(task, error);
  }
  if (bytes > MAX_HELD_BYTES) {
    throw new ServerError(
      `The video of ${task.id} has more than ${MAX_HELD_BYTES} bytes and no Content-Length.`,
      {
        code: "invalid_answer",
        taskId: task.id,
        charged: "yes",
      },
    );
  }
  if (bytes === 0) throw empty(task);
  const video = await new Blob(parts).arrayBuffer();
  const sha256 = hex(await crypto.subtle.digest("SHA-256", video));
  const object = await bucket.put(key, video, { ...options, sha256 });
  return object && { key, bytes, sha256, etag: object.etag, stored: true };
}

/**
 * The response of the link, which may be a 404 for a moment.
 * @param {CompletedTask} task
 * @param {string} url
 * @param {import("../cloudflare.js").FetchLike} send
 * @param {ReturnType<typeof idleLimit>} idle
 */
async function open(task, url, send, idle) {
  for (const delayMs of [...LINK_TRIES_MS, null]) {
    /** @type {any} */
    let error;
    try {
      const response = await idle.during(send(url, { signal: idle.signal }));
      // Partial content is unexpected, because no range was requested.
      if (response.status === 200 && response.body) return response;
      void response.body?.cancel().catch(() => {});
      error = refusal(task, response.status);
    } catch (cause) {
      idle.signal.throwIfAborted();
      error = transferError(task, cause);
    }
    if (delayMs === null || !error.retryable) throw error;
    await idle.sleep(delayMs);
  }
  throw new Error("unreachable");
}

/** @param {CompletedTask} task @param {number} status */
function refusal(task, status) {
  const gone = [403, 404, 410].includes(status);
  const fields = { status, taskId: task.id, charged: /** @type {const} */ ("yes") };
  if (gone && task.expiresAt !== undefined && Date.now() >= task.expiresAt) {
    const when = new Date(task.expiresAt).toISOString();
    return new NotFoundError(
      `The link to the video of ${task.id} expired on ${when}, and was answered with ${status}.`,
      {
        ...fields,
        code: "result_expired",
      },
    );
  }
  const message = `The link to the video of ${task.id} was answered with ${status}.`;
  const isPassing =
    gone || status < 300 || status === 408 || status === 425 || status === 429 || status >= 500;
  const Class = status === 404 ? NotFoundError : ServerError;
  return new Class(message, { ...fields, code: `http_${status}`, retryable: isPassing });
}

/** @param {import("../cloudflare.js").ResponseLike} response @param {string} taskId */
function typeOf(response, taskId) {
  const [type] = (response.headers.get("content-type") ?? "").toLowerCase().split(/\s*;/);
  if (type.startsWith("video/")) return type;
  // Object stores send this for a file without a type.
  if (octets.test(type)) return "video/mp4";
  void response.body?.cancel().catch(() => {});
  throw new ServerError(
    `The link to the video of ${taskId} has the content type "${type.slice(0, 60)}"; expected a video.`,
    { code: "invalid_answer", taskId, charged: "yes", retryable: true },
  );
}

/**
 * The length of a compressed response is not the length of the video.
 * @param {import("../cloudflare.js").ResponseLike} response
 */
function lengthOf({ headers }) {
  const length = headers.get("content-length");
  const encoding = headers.get("content-encoding") ?? "identity";
  return length !== null && /^\d+$/.test(length) && encoding === "identity" ? Number(length) : null;
}

/** Stored, it would be taken for the video from then on. @param {CompletedTask} task */
const empty = ({ id }) =>
  new ServerError(`The link to the video of ${id} was answered with an empty body.`, {
    code: "invalid_answer",
    taskId: id,
    charged: "yes",
    retryable: true,
  });

/** @param {CompletedTask} task @param {number} count @param {number} bytes */
const cutOff = ({ id }, count, bytes) =>
  new ConnectionError(
    `The video of ${id} has ${bytes} bytes by its Content-Length, but ${count < bytes ? `only ${count}` : "more"} arrived.`,
    { code: "broken_answer", taskId: id, charged: "yes" },
  );

/** @param {CompletedTask} task @param {unknown} cause @returns {EvolinkError} */
function transferError({ id }, cause) {
  if (cause instanceof EvolinkError) return cause;
  if (/** @type {any} */ (cause)?.name === "AbortError") return /** @type {any} */ (cause);
  const message = `The transfer of the video of ${id} failed. See \`cause\`.`;
  return new ConnectionError(message, { code: "broken_answer", taskId: id, charged: "yes", cause });
}

/**
 * Aborts with the caller's signal, and after a minute without data.
 * @param {AbortSignal | undefined} signal
 */
function idleLimit(signal) {
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  /** @type {Promise<never>} */
  const aborted = new Promise((_, reject) => {
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason));
    if (controller.signal.aborted) reject(controller.signal.reason);
  });
  aborted.catch(() => {});
  return {
    signal: controller.signal,
    /** @template T @param {Promise<T>} work @returns {Promise<T>} */
    async during(work) {
      const stalled = new ConnectionError(`No data arrived for ${IDLE_MS} ms.`, {
        code: "request_timeout",
        charged: "yes",
      });
      const timer = setTimeout(() => controller.abort(stalled), IDLE_MS);
      try {
        return await Promise.race([work, aborted]);
      } finally {
        clearTimeout(timer);
      }
    },
    /** @param {number} ms */
    async sleep(ms) {
      /** @type {ReturnType<typeof setTimeout> | undefined} */
      let timer;
      const slept = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
      try {
        await Promise.race([slept, aborted]);
      } finally {
        clearTimeout(timer);
      }
    },
    stop() {
      signal?.removeEventListener("abort", abort);
    },
  };
}

/** @param {ReadableStream<Uint8Array>} body @param {ReturnType<typeof idleLimit>} [idle] */
async function* chunksOf(body, idle) {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await (idle ? idle.during(reader.read()) : reader.read());
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** SHA-256 of a stream. Only workerd can compute it; other hosts would need the whole video in memory. */
function digester() {
  const Digest = /** @type {any} */ (globalThis.crypto).DigestStream;
  if (!Digest) return null;
  const stream = new Digest("SHA-256");
  const writer = /** @type {WritableStream} */ (stream).getWriter();
  // The caller learns of a failure from the transfer.
  stream.digest.catch(() => {});
  return {
    /** @param {Uint8Array} chunk */
    write: (chunk) => writer.write(chunk),
    /** @returns {Promise<string>} */
    async end() {
      await writer.close();
      return hex(await stream.digest);
    },
  };
}

/** @param {ArrayBuffer} bytes */
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
