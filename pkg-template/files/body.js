// What is uploaded.
import { isFile } from "../local-files.js";
import { failure, invalidOption } from "./failure.js";

/**
 * A file to upload: a Blob, or a stream, which can be sent only once.
 * @typedef {object} Body
 * @property {string} name
 * @property {string} mediaType empty if it is not known
 * @property {number} bytes
 * @property {Blob} [blob]
 * @property {ReadableStream<Uint8Array>} [stream]
 * @property {string | null} [sha256] if its storage knows it
 */

/**
 * @param {any} source
 * @param {import("../index.js").UploadOptions} options
 * @returns {Body}
 */
export function bodyOf(source, options) {
  const body = bodyOfSource(source, options);
  if (body.stream?.locked) throw invalidOption("The stream is locked: something else is reading it.");
  const mediaType = options.mediaType || body.mediaType;
  return { ...body, mediaType, name: options.name || body.name || defaultName(mediaType) };
}

/**
 * @param {any} source
 * @param {import("../index.js").UploadOptions} options
 * @returns {Body}
 */
function bodyOfSource(source, { bytes }) {
  if (isFile(source)) {
    const { name = "" } = /** @type {Partial<File>} */ (source);
    return { name, mediaType: source.type, bytes: source.size, blob: source };
  }
  if (ArrayBuffer.isView(source) || Object.prototype.toString.call(source) === "[object ArrayBuffer]") {
    const blob = new Blob([/** @type {BlobPart} */ (source)]);
    return { name: "", mediaType: "", bytes: blob.size, blob };
  }
  if (typeof source?.getReader === "function") {
    if (bytes === undefined) throw invalidOption("The option `bytes`, the length of the stream, is missing.");
    return { name: "", mediaType: "", bytes, stream: source };
  }
  // An object of R2, as `bucket.get(key)` returns it.
  if (typeof source?.body?.getReader === "function" && typeof source.size === "number") {
    const name = String(source.key ?? "").replace(/^.*\//s, "");
    const { sha256 } = source.checksums ?? {};
    const mediaType = String(source.httpMetadata?.contentType ?? "");
    return { name, mediaType, bytes: source.size, stream: source.body, sha256: sha256 ? hex(sha256) : null };
  }
  throw invalidOption(
    "A file to upload must be a Blob, bytes, a ReadableStream with the option `bytes`, or an R2 object.",
  );
}

/** The extension is that of the media type: servers may look at it. @param {string} mediaType */
function defaultName(mediaType) {
  const format = /^\w+\/(?:x-)?(\w+)$/.exec(mediaType)?.[1];
  const extensions = /** @type {Record<string, string>} */ ({ jpeg: "jpg", quicktime: "mov", mpeg: "mp3" });
  return format ? `file.${extensions[format] ?? format}` : "file";
}

/**
 * The SHA-256 digest; `null` for a stream.
 * @param {Body} body
 * @param {import("./upload.js").Context["compute"]} compute
 * @returns {Promise<string | null>}
 */
export async function digestOf({ blob, sha256 }, compute) {
  if (sha256 !== undefined || !blob) return sha256 ?? null;
  try {
    return await sha256Of(blob, compute);
  } catch (cause) {
    // A file on a disk may be moved or changed after it was chosen.
    throw failure("file_unreachable", "The file can no longer be read: choose it again. See `cause`.", cause);
  }
}

/**
 * @param {Blob} blob
 * @param {import("./upload.js").Context["compute"]} compute
 */
async function sha256Of(blob, compute) {
  const { crypto } = /** @type {any} */ (globalThis);
  if (crypto?.DigestStream) {
    // workerd. Nothing is held in memory.
    const digest = new crypto.DigestStream("SHA-256");
    await blob.stream().pipeTo(digest);
    return hex(await digest.digest);
  }
  // A buffer of jsdom is no `ArrayBuffer` of Node, but a view on it is accepted.
  const bytes = new Uint8Array(await blob.arrayBuffer());
  // Pages without https have no `subtle`.
  return crypto?.subtle ? hex(await crypto.subtle.digest("SHA-256", bytes)) : compute("sha256", bytes);
}

/** @param {ArrayBuffer} bytes */
const hex = (bytes) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
