// Files in requests, instead of URLs.

/** The fields of a request that accept files. */
export const fileFields = /** @type {const} */ (["image_urls", "video_urls", "audio_urls"]);

/** More entries are never valid, and an array may be endless. */
const maxEntries = 100;

/**
 * By its brand: it may come from another realm, and a host may have no `Blob`. Before September 2024, workerd gave its
 * classes no brands.
 * @param {unknown} value
 * @returns {value is Blob}
 */
export const isFile = (value) => {
  // Most entries are URLs.
  if (typeof value !== "object") return false;
  try {
    const { Blob } = globalThis;
    const hasBrand = /^\[object (Blob|File)\]$/.test(Object.prototype.toString.call(value));
    return hasBrand || (typeof Blob === "function" && value instanceof Blob);
  } catch {
    return false;
  }
};

/**
 * The first entries of a field of a request. Never throws.
 * @param {unknown} request
 * @param {string} field
 * @returns {unknown[]}
 */
export function filesOf(request, field) {
  try {
    const files = /** @type {any} */ (request)?.[field];
    return Array.isArray(files) ? files.slice(0, maxEntries) : [];
  } catch {
    return [];
  }
}

/**
 * A copy with its own arrays, which the caller cannot change while files are uploaded.
 * @param {object} request
 */
export const copyOf = (request) => ({
  ...request,
  ...Object.fromEntries(
    fileFields
      .filter((field) => filesOf(request, field).length > 0)
      .map((field) => [field, filesOf(request, field)]),
  ),
});

/** @param {unknown} request */
export const hasFiles = (request) => fileFields.some((field) => filesOf(request, field).some(isFile));
