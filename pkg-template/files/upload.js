// Uploads of one file: the same bytes once.
import { unlessAborted } from "../abort.js";
import { EvolinkError } from "../errors.js";
import { bodyOf, digestOf } from "./body.js";
import { failure } from "./failure.js";
import { Progress } from "./progress.js";
import { uploadFetch } from "./send.js";

/**
 * What a client passes.
 * @typedef {object} Context
 * @property {(name: any, ...args: any[]) => any} compute
 * @property {(operation: any, ...args: any[]) => Promise<any>} start
 * @property {unknown[]} setup of the client, which also stands for it
 * @property {() => Promise<{ checkFiles: (request: any, options: any) => Promise<{ issues: any[], files: any[] }> }>} loadMedia
 */
/** @typedef {import("./body.js").Body} Body */
/** @typedef {import("../index.js").Upload} Upload */
/** @typedef {import("../index.js").UploadOptions} UploadOptions */

/** How long a URL must still work to be used again. */
const leastMs = 60 * 60 * 1000;
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
export async function upload(context, source, options) {
  const { compute, setup } = context;
  const { signal, dedupe = true, onProgress } = options ?? {};
  const destination = /** @type {import("../index.js").FileDestination | undefined} */ (setup[5]);
  const body = bodyOf(source, options ?? {});
  compute("checkUpload", factsOf(body), !destination, options);
  const stop = new AbortController();
  const progress = new Progress(body.bytes, onProgress, (error) => stop.abort(error));
  const send = () =>
    destination
      ? put(context, destination, body, digest, progress, signal)
      : uploadToApi(context, body, options ?? {}, progress, stop);
  const digest = dedupe || destination ? await unlessAborted(read(digestOf(body)), signal) : null;
  const uploaded = dedupe && digest !== null ? await shared(setup, digest, signal, send) : await send();
  progress.end();
  stop.signal.throwIfAborted();
  return uploaded;
}

/**
 * Uploads the same bytes once.
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
 * @param {Body} body
 * @param {string | null} sha256
 * @param {Progress} progress
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<Upload>}
 */
async function put({ compute, setup }, destination, body, sha256, progress, signal) {
  const { name, mediaType, bytes } = body;
  const file = /** @type {Blob | ReadableStream<Uint8Array>} */ (body.blob ?? body.stream);
  progress.update(0);
  const stored = await unlessAborted(
    (async () =>
      destination.put(file, {
        ...{ sha256, mediaType, bytes, name },
        signal: signal ?? new AbortController().signal,
        onProgress: ({ sentBytes }) => progress.update(sentBytes),
      }))(),
    signal,
  ).catch((cause) => {
    if (signal?.aborted || cause instanceof EvolinkError) throw cause;
    throw failure(
      "upload_failed",
      "The option `files.put` threw, so the file is not uploaded. See `cause`.",
      cause,
    );
  });
  compute("checkStored", setup, stored);
  const { url, expiresAt = null } = stored;
  return { url: String(url), expiresAt, fileId: null, bytes, mediaType, reused: false };
}

/** @param {Body} body */
const factsOf = ({ name, mediaType, bytes }) => ({ name, mediaType, bytes });

/**
 * A file on a disk may be moved or changed after it was chosen.
 * @template T
 * @param {Promise<T>} work
 */
const read = (work) =>
  work.catch((cause) => {
    throw failure("file_unreachable", "The file can no longer be read: choose it again. See `cause`.", cause);
  });
