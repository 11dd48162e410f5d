// Where the bytes of a file come from.
import { unlessAborted } from "../abort.js";
import { ConfigurationError, ConnectionError } from "../errors.js";
import { openUrl } from "./remote.js";

/** Why a local file cannot be read. */
export const lost = "it can no longer be read: choose it again";

/**
 * @typedef {object} Source
 * @property {boolean} isLocal whether a read at its end costs little
 * @property {number} size `Infinity` if nobody knows
 * @property {number} bytesRead
 * @property {(start: number, length: number) => Promise<Uint8Array>} read fewer bytes at the end of the file
 * @property {(size: number) => Promise<number>} finalSize of a file that was inspected
 * @property {() => void} close
 */

/**
 * @param {unknown} source
 * @param {import("../media.js").InspectOptions} options
 * @returns {Promise<Source>}
 */
export async function openSource(source, options) {
  if (isBlob(source)) {
    return local(
      source.size,
      options,
      async (start, end) => new Uint8Array(await source.slice(start, end).arrayBuffer()),
    );
  }
  const bytes = bytesOf(source);
  if (bytes) return local(bytes.length, options, async (start, end) => bytes.subarray(start, end));
  const url = String(source instanceof URL ? source.href : typeof source === "string" ? source.trim() : "");
  if (/^(https?|blob|data):/i.test(url) && URL.canParse(url)) {
    // `fetch` refuses it, and its error would show the password.
    if (new URL(url).password)
      throw unreadable("its URL has a password, which `fetch` does not send: remove it");
    return openUrl(url, options);
  }
  throw new ConfigurationError(
    "A file to inspect must be a Blob, bytes, or a URL with https:, http:, blob: or data:. For a path, read the file first.",
    { code: "invalid_source" },
  );
}

/**
 * @param {number} size
 * @param {import("../media.js").InspectOptions} options
 * @param {(start: number, end: number) => Promise<Uint8Array>} slice
 * @returns {Source}
 */
function local(size, { signal }, slice) {
  return {
    isLocal: true,
    size,
    bytesRead: 0,
    async read(start, length) {
      let bytes;
      try {
        bytes = await unlessAborted(slice(start, Math.min(size, start + length)), signal);
      } catch (cause) {
        signal?.throwIfAborted();
        // The file was moved or changed, or access to it was lost.
        throw unreadable(lost, cause);
      }
      this.bytesRead += bytes.length;
      return bytes;
    },
    finalSize: async () => size,
    close() {},
  };
}

/**
 * @param {string} message
 * @param {unknown} [cause]
 */
export const unreadable = (message, cause) =>
  new ConnectionError(message, { code: "file_unreachable", cause });

/**
 * Checked by the members that are used: it may come from another realm, and a host may have no `Blob`.
 * @param {any} value
 * @returns {value is Blob}
 */
function isBlob(value) {
  return typeof value?.slice === "function" && typeof value.size === "number" && "type" in value;
}

/** @param {any} value @returns {Uint8Array | undefined} */
function bytesOf(value) {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  const brand = Object.prototype.toString.call(value);
  if (brand === "[object ArrayBuffer]" || brand === "[object SharedArrayBuffer]")
    return new Uint8Array(value);
  return undefined;
}
