// Bodies of requests, counted as they come: a `Content-Length` proves nothing.
import { Refusal } from "./refusal.js";

/** How long a body may take. */
const maxMs = 30_000;

/**
 * Reads a body of JSON.
 * @param {Request} request
 * @param {number} maxBytes
 * @returns {Promise<Record<string, unknown>>}
 */
export async function readJson(request, maxBytes) {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type) || /charset\s*=\s*(?!"?utf-8\b)/i.test(type))
    throw new Refusal(415, "invalid_request", "The content type must be application/json, in UTF-8.");
  const bytes = await readBytes(request, maxBytes);
  let body;
  try {
    // Another character in place of one that cannot be read would be another order.
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal(400, "invalid_request", "The body is not JSON.");
  }
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  throw new Refusal(400, "invalid_request", "The body must be a JSON object.");
}

/**
 * @param {Request} request
 * @param {number} maxBytes
 */
export async function readBytes(request, maxBytes) {
  const reader = request.body?.getReader();
  const limit = timeLimit();
  /** @type {Uint8Array[]} */
  const parts = [];
  let length = 0;
  try {
    for (let part; reader && !(part = await limit.during(reader.read())).done;) {
      length += part.value.length;
      if (length > maxBytes)
        throw new Refusal(413, "request_too_large", `The body has more than ${maxBytes} bytes.`);
      parts.push(part.value);
    }
  } catch (error) {
    void reader?.cancel(error).catch(() => {});
    throw error instanceof Refusal ? error : new Refusal(400, "invalid_request", "The body broke off.");
  } finally {
    limit.stop();
  }
  if (parts.length === 1) return parts[0];
  const bytes = new Uint8Array(length);
  let end = 0;
  for (const part of parts) bytes.set(part, (end += part.length) - part.length);
  return bytes;
}

/** A limit of time, from now on, for all reads together. */
export function timeLimit() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    const text = `The body did not arrive within ${maxMs / 1000} seconds.`;
    timer = setTimeout(() => reject(new Refusal(408, "request_timeout", text)), maxMs);
  });
  late.catch(() => {});
  return {
    /** @template T @param {Promise<T>} read @returns {Promise<T>} */
    during: (read) => /** @type {Promise<T>} */ (Promise.race([read, late])),
    stop: () => clearTimeout(timer),
  };
}
