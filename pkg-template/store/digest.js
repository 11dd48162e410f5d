/** @typedef {import("../index.js").VideoClient} VideoClient */

/**
 * Distinguishes the names and the requests of one page. FNV-1a with 64 bits: it is synchronous, and pages without https
 * have no `crypto.subtle`.
 * @param {string} text
 */
export function digest(text) {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(36);
}

/**
 * Equal for requests that are sent as the same bytes. Throws as `prepare` does.
 * @param {VideoClient} client
 * @param {import("../index.js").VideoRequest} request
 */
export function digestOf(client, request) {
  const { body } = client.prepare(request);
  const files = Object.values(request)
    .flat()
    .filter((value) => value instanceof Blob)
    .map((file) => [file.size, file.type, /** @type {Partial<File>} */ (file).lastModified]);
  return digest(JSON.stringify([body, files]));
}

/** 128 random bits. */
export const random = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
