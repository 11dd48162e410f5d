// Uploads one file, and identical bytes only once.
import { unlessAborted } from "../abort.js";
import { EvolinkError, RequestTimeoutError } from "../errors.js";
import { bodyOf, digestOf } from "./body.js";
import { failure, invalidOption } from "./failure.js";
import { Progress } from "./progress.js";
import { uploadFetch } from "./send.js";

/**
 * What a client passes.
 * @typedef {object} Context
 * @property {(name: any, ...args: any[]) => any} compute
 * @property {(operation: any, ...args: any[]) => Promise<any>} start
 * @property {unknown[]} setup of the client, which also stands for it
 * @property {() => Promise<{ checkFiles: (request: any, options: any, uploads: boolean) => Promise<{ issues: any[], files: any[] }> }>} loadMedia
 */
/** @typedef {import("./body.js").Body} Body */
/** @typedef {import("../index.js").Upload} Upload */
/** @typedef {import("../index.js").UploadOptions} UploadOptions */

/** How long a URL must still work to be used again. */
const leastMs = 60 * 60 * 1000;
/** The time limit of an attempt, as in src/domain/config.rs. */
const defaultTimeoutMs = 60_000;
/** The slowest upload that a time limit allows, in bytes per millisecond, as in src/client/upload.rs. */
const slowest = 32.768;
/** What timers take. */
const maxTimerMs = 2 ** 31 - 1;
/** How many uploads a client remembers. */
const maxKnown = 100;

/**
 * The uploads of each client by the digest of their bytes; `undefined` of one that failed.
 * @type {WeakMap<unknown[], Map<string, Promise<Upload | undefined>>>}
 */
const memories = new WeakMap();

/**
 * @param {Context} context
 * @param {unknown} source
 * @param {UploadOptions} [options]
 * @returns {Promise<Upload>}
 */
export const upload = async (context, source, options) =>
  uploadBody(context, bodyOf(source, options ?? {}), options);

/**
 * @param {Context} context
 * @param {Body} body
 * @param {UploadOptions} [options]
 * @returns {Promise<Upload>}
 */
export async function uploadBody(context, body, options) {
  const { compute, setup } = context;
  const { signal, dedupe = true, onProgress } = options ?? {};
  const destination = /** @type {import("../index.js").FileDestination | undefined} */ (setup[5]);
  compute("checkUpload", factsOf(body), !destination, options);
  const stop = new AbortController();
  const progress = new Progress(body.bytes, onProgress, (error) => stop.abort(error));
  const send = () =>
    destination
      ? put(context, destination, { ...body, sha256: digest }, progress, stop, options ?? {})
      : uploadToApi(context, body, options ?? {}, progress, stop);
  const digest = dedupe || destination ? await unlessAborted(digestOf(body, compute), signal) : null;
  const uploaded = dedupe && digest !== null ? await shared(setup, digest, signal, send) : await send();
  progress.end();
  stop.signal.throwIfAborted();
  return uploaded;
}

/**
 * Uploads identical bytes only once.
 * @param {unknown[]} setup
 * @param {string} digest
 * @param {AbortSignal | undefined} signal
 * @param {() => Promise<Upload>} send
 * @returns {Promise<Upload>}
 */
async function shared(setup, digest, signal, send) {
  const memory = memories.get(setup) ?? new Map();
  memories.set(setup, memory);
  for (let known; (known = memory.get(digest));) {
    // If that upload fails or is aborted, this one is the next to try.
    const uploaded = await unlessAborted(known, signal);
    if (uploaded && (uploaded.expiresAt ?? Infinity) - Date.now() >= leastMs)
      return { ...uploaded, reused: true };
    if (memory.get(digest) === known) memory.delete(digest);
  }
  const sent = send();
  memory.set(
    digest,
    sent.catch(() => undefined),
  );
  for (const oldest of memory.keys()) if (memory.size > maxKnown) memory.delete(oldest);
  return sent;
}

/**
 * @param {Context} context
 * @param {Body} body
 * @param {UploadOptions} options
 * @param {Progress} progress
 * @param {AbortController} stop
 * @returns {Promise<Upload>}
 */
async function uploadToApi({ start, setup }, body, options, progress, stop) {
  const [config, apiKey, fetch, , onEvent] = /** @type {any[]} */ (setup);
  const carrier = uploadFetch(body, progress, fetch, (error) => stop.abort(error));
  const facts = { ...factsOf(body), replays: !body.stream };
  const { signal, headers, requestTimeoutMs, maxRetries } = options;
  const call = { signal, headers, requestTimeoutMs, maxRetries };
  const own = { signal: stop.signal };
  const uploaded = await start("upload", [config, apiKey, carrier, undefined, onEvent], facts, call, own);
  return { ...uploaded, reused: false };
}

/**
 * @param {Context} context
 * @param {import("../index.js").FileDestination} destination
 * @param {Body & { sha256: string | null }} body
 * @param {Progress} progress
 * @param {AbortController} stop
 * @param {UploadOptions} options
 * @returns {Promise<Upload>}
 */
async function put({ compute, setup }, destination, body, progress, stop, { signal, requestTimeoutMs }) {
  const { name, mediaType, bytes, sha256 } = body;
  const file = /** @type {Blob | ReadableStream<Uint8Array>} */ (body.blob ?? body.stream);
  // The same limit as for an upload to the API. `setup[0]` contains the options of the client.
  const attemptMs = requestTimeoutMs ?? JSON.parse(String(setup[0])).requestTimeoutMs ?? defaultTimeoutMs;
  const limitMs = Math.min(attemptMs + Math.floor(bytes / slowest), maxTimerMs);
  const abort = () => stop.abort(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const late = () =>
    stop.abort(new RequestTimeoutError(`The option \`files.put\` did not settle within ${limitMs} ms.`));
  const timer = setTimeout(late, limitMs);
  progress.update(0);
  const storing = (async () =>
    destination.put(file, {
      ...{ sha256, mediaType, bytes, name },
      signal: stop.signal,
      onProgress: ({ sentBytes }) => progress.update(sentBytes),
    }))();
  const stored = await unlessAborted(storing, stop.signal)
    .catch((cause) => {
      if (stop.signal.aborted || cause instanceof EvolinkError) throw cause;
      throw failure(
        "upload_failed",
        "The option `files.put` threw, so the file is not uploaded. See `cause`.",
        cause,
      );
    })
    .finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    });
  compute("checkStored", setup, stored);
  const { url, expiresAt = null } = stored;
  if (
    expiresAt !== null &&
    !(typeof expiresAt === "number" && expiresAt > Date.now() && expiresAt < Infinity)
  )
    throw invalidOption(
      `\`files.put\` must return \`expiresAt\` in milliseconds since 1970, later than now, or null, but it is ${typeof expiresAt === "number" ? expiresAt : `a ${typeof expiresAt}`}.`,
    );
  return { url: String(url), expiresAt, fileId: null, bytes, mediaType, reused: false };
}

/** @param {Body} body */
const factsOf = ({ name, mediaType, bytes }) => ({ name, mediaType, bytes });
