// Sends the body of an upload: with XMLHttpRequest in browsers, whose `fetch` reports no progress, otherwise as a form
// or as a stream.
import { failure, invalidOption } from "./failure.js";

/** How much of a stream is read into one buffer. */
const chunkBytes = 64 * 1024;

/** @typedef {import("./body.js").Body} Body */
/** @typedef {import("./progress.js").Progress} Progress */
/** @typedef {import("../index.js").FetchInit} FetchInit */
/** @typedef {import("../index.js").FetchResponse} FetchResponse */

/**
 * A `fetch` that adds the body to the request of an upload. It forwards the request for the receipt unchanged.
 * @param {Body} body
 * @param {Progress} progress
 * @param {((url: string, init: any) => Promise<FetchResponse>) | undefined} fetch of the caller's
 * @param {(error: unknown) => void} fail ends the upload
 */
export function uploadFetch(body, progress, fetch, fail) {
  const usesXhr = !fetch && typeof XMLHttpRequest === "function";
  return async (/** @type {string} */ url, /** @type {FetchInit} */ init) => {
    const send = fetch ?? globalThis.fetch;
    if (init.method !== "POST") return send(url, init);
    progress.update(0);
    if (body.stream && !usesXhr) return send(url, streamed(body, body.stream, progress, init, fail));
    const blob = body.blob ?? (await collected(body, fail));
    if (!usesXhr && !fetch && progress.isReported && sendsStreams())
      return send(url, streamed(body, blob.stream(), progress, init, fail));
    const form = new FormData();
    const typed = blob.type === body.mediaType ? blob : new Blob([blob], { type: body.mediaType });
    form.append("file", typed, body.name);
    return usesXhr ? sendXhr(url, init, form, progress) : send(url, { ...init, body: form });
  };
}

/** Whether the host's `fetch` sends a stream of known length as such. */
function sendsStreams() {
  const { FixedLengthStream, process, Bun, Deno } = /** @type {any} */ (globalThis);
  return Boolean(FixedLengthStream ?? (process?.versions?.node && !Bun && !Deno));
}

/**
 * Browsers cannot send streams over HTTP/1.1. They may keep a Blob outside of memory.
 * @param {Body} body
 * @param {(error: unknown) => void} fail
 */
async function collected({ stream, bytes }, fail) {
  const blob = await new Response(stream).blob();
  if (blob.size !== bytes) fail(wrongLength(blob.size, bytes));
  return blob;
}

/**
 * @param {string} url
 * @param {FetchInit} init
 * @param {FormData} form
 * @param {Progress} progress
 * @returns {Promise<FetchResponse>}
 */
function sendXhr(url, { method, headers, signal }, form, progress) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const abort = () => {
      xhr.abort();
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    xhr.open(method, url);
    /** @type {Headers} */ (headers).forEach((value, name) => xhr.setRequestHeader(name, value));
    // Includes the bytes of the form around the file.
    xhr.upload.onprogress = ({ loaded }) => progress.update(loaded);
    xhr.onerror = () => reject(new TypeError("XMLHttpRequest failed"));
    xhr.onload = () => {
      const answer = new Headers();
      for (const line of xhr
        .getAllResponseHeaders()
        .trim()
        .split(/[\r\n]+/)) {
        const [name, ...value] = line.split(":");
        if (name) answer.append(name, value.join(":").trim());
      }
      resolve({ status: xhr.status, headers: answer, text: async () => xhr.responseText });
    };
    xhr.onloadend = () => signal.removeEventListener("abort", abort);
    xhr.send(form);
  });
}

/**
 * The request with a form of known length, of which only one chunk is in memory.
 * @param {Body} body
 * @param {ReadableStream<Uint8Array>} stream
 * @param {Progress} progress
 * @param {FetchInit} init
 * @param {(error: unknown) => void} fail
 */
function streamed({ name, mediaType, bytes }, stream, progress, init, fail) {
  const boundary = `evolink-video-${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;
  const encoder = new TextEncoder();
  const filename = name.replace(/["\r\n]/g, encodeURIComponent);
  const type = mediaType.replace(/[^\x21-\x7e]/g, "") || "application/octet-stream";
  const head = encoder.encode(
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: ${type}\r\n\r\n`,
  );
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  const length = head.length + bytes + tail.length;
  const headers = /** @type {Headers} */ (init.headers);
  headers.set("Content-Type", `multipart/form-data; boundary=${boundary}`);
  const { FixedLengthStream } = /** @type {any} */ (globalThis);
  const { readable, writable } = FixedLengthStream ? new FixedLengthStream(length) : new TransformStream();
  const source = { ...readerOf(stream, Boolean(FixedLengthStream)), bytes, signal: init.signal };
  void pump(source, writable, head, tail, progress, fail);
  if (FixedLengthStream) return { ...init, body: readable };
  headers.set("Content-Length", String(length));
  return { ...init, body: readable, duplex: "half" };
}

/**
 * Writes a form. Never rejects.
 * @param {ReturnType<typeof readerOf> & { bytes: number, signal: AbortSignal }} source
 * @param {WritableStream<Uint8Array>} writable
 * @param {Uint8Array} head
 * @param {Uint8Array} tail
 * @param {Progress} progress
 * @param {(error: unknown) => void} fail
 */
async function pump({ read, cancel, bytes, signal }, writable, head, tail, progress, fail) {
  const writer = writable.getWriter();
  const abort = () => void cancel(signal.reason).catch(() => {});
  signal.addEventListener("abort", abort, { once: true });
  // An attempt that was aborted may be repeated.
  const failed = (/** @type {unknown} */ error) => {
    if (!signal.aborted) fail(error);
    return error;
  };
  try {
    await writer.write(head);
    for (let sent = 0; ; progress.update(sent)) {
      const { done, value } = await read().catch((cause) => {
        throw failed(failure("file_unreachable", "The stream failed. See `cause`.", cause));
      });
      if (done || sent + value.length > bytes) {
        if (!done || sent < bytes) throw failed(wrongLength(done ? sent : sent + value.length, bytes));
        break;
      }
      sent += value.length;
      await writer.write(value);
    }
    await writer.write(tail);
    await writer.close();
  } catch (error) {
    void writer.abort(error).catch(() => {});
    void cancel(error).catch(() => {});
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/**
 * A reader of a stream. It reuses one buffer, because workerd collects garbage late.
 * @param {ReadableStream<Uint8Array>} stream
 * @param {boolean} reusesBuffer
 */
function readerOf(stream, reusesBuffer) {
  const inPlace = reusesBuffer ? byobReader(stream) : undefined;
  const reader = inPlace ?? stream.getReader();
  const cancel = async (/** @type {unknown} */ reason) => reader.cancel(reason);
  let buffer = new ArrayBuffer(inPlace ? chunkBytes : 0);
  const read = async () => {
    if (!inPlace) return /** @type {ReadableStreamDefaultReader<Uint8Array>} */ (reader).read();
    const result = await inPlace.read(new Uint8Array(buffer));
    if (result.value) buffer = result.value.buffer;
    return result;
  };
  return { read, cancel };
}

/** @param {ReadableStream<Uint8Array>} stream */
function byobReader(stream) {
  try {
    return stream.getReader({ mode: "byob" });
  } catch {
    // JavaScript made the stream.
    return undefined;
  }
}

/** @param {number} seen @param {number} bytes */
const wrongLength = (seen, bytes) =>
  invalidOption(
    `The stream has ${seen > bytes ? "more than " : ""}${Math.min(seen, bytes)} bytes, not ${bytes}.`,
  );
