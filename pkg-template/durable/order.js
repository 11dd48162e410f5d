// The idempotency key and the checks of an order, for every engine.
import { base64Url } from "../base64-url.js";
import { ConfigurationError, ValidationError } from "../errors.js";
import { fileFields, isFile } from "../local-files.js";

/** @typedef {import("../index.js").VideoRequest} VideoRequest */

/**
 * The idempotency key of an order: the same for every attempt, in every process. A digest, because the API wants at
 * least 16 characters, and "7" padded could be "70" padded.
 * @param {string} key
 */
export async function idempotencyKeyOf(key) {
  const text = new TextEncoder().encode(`evolink-video order\n${key}`);
  return base64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", text)));
}

/** @param {unknown} key */
export function checkKey(key) {
  if (typeof key === "string" && key !== "") return;
  const received = key === "" ? "an empty string" : key === null ? "null" : typeof key;
  throw new ConfigurationError(
    `\`key\` must be a non-empty string, such as the id of the order; received ${received}.`,
  );
}

/**
 * An attempt in another process would upload a file to a different URL, and the API refuses a key with a different
 * request.
 * @param {VideoRequest} request
 */
export function checkFiles(request) {
  for (const field of fileFields) {
    const files = request?.[field];
    const index = Array.isArray(files) ? files.findIndex(isFile) : -1;
    if (index >= 0) {
      throw new ValidationError(
        `\`${field}[${index}]\` is a file, but a durable order takes URLs. Upload it first, with \`client.upload\`.`,
      );
    }
  }
}
