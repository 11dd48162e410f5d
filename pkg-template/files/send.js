// Sends the body of an upload: with XMLHttpRequest in browsers, whose `fetch` reports no progress, otherwise as a form
// or as a stream.
import { failure, invalidOption } from "./failure.js";

/** @typedef {import("./body.js").Body} Body */
/** @typedef {import("./progress.js").Progress} Progress */
/** @typedef {import("../index.js").FetchInit} FetchInit */
/** @typedef {import("../index.js").FetchResponse} FetchResponse */

/**
 * A `fetch` that adds the body to the request of an upload. It passes its other request, for the receipt, on.
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
 * Browsers send no streams over HTTP/1.1. They may keep a Blob outside of memory.
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
 * The request with a form of known length, of which only a chunk is held.
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
  const reader = stream.getReader();
  const cancel = (/** @type {unknown} */ reason) => void reader.cancel(reason).catch(() => {});
  init.signal.addEventListener("abort", () => cancel(init.signal.reason), { once: true });
  let sent = 0;
  /** @type {ReadableStream<Uint8Array>} */
  const form = new ReadableStream(
    {
      start: (controller) => controller.enqueue(head),
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) {
            sent += value.length;
            if (sent > bytes) throw wrongLength(sent, bytes);
            controller.enqueue(value);
            progress.update(sent);
            return;
          }
          if (sent < bytes) throw wrongLength(sent, bytes);
          controller.enqueue(tail);
          controller.close();
        } catch (cause) {
          const known = /** @type {any} */ (cause)?.code === "invalid_option";
          const error = known ? cause : failure("file_unreachable", "The stream failed. See `cause`.", cause);
          cancel(error);
          controller.error(error);
          fail(error);
        }
      },
      cancel,
    },
    { highWaterMark: 0 },
  );
  const headers = /** @type {Headers} */ (init.headers);
  headers.set("Content-Type", `multipart/form-data; boundary=${boundary}`);
  const { FixedLengthStream } = /** @type {any} */ (globalThis);
  if (FixedLengthStream) {
    const fixed = new FixedLengthStream(length);
    form.pipeTo(fixed.writable).catch(() => {});
    return { ...init, body: fixed.readable };
  }
  headers.set("Content-Length", String(length));
  return { ...init, body: form, duplex: "half" };
}

/** @param {number} seen @param {number} bytes */
const wrongLength = (seen, bytes) =>
  invalidOption(
    `The stream has ${seen > bytes ? "more than " : ""}${Math.min(seen, bytes)} bytes, not ${bytes}.`,
  );
