// Bodies of requests. Their bytes are counted as they arrive, because `Content-Length` may be wrong.
import { Refusal } from "./refusal.js";
import { maxSeconds, timeLimit } from "./time-limit.js";

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
    // Replacing an invalid character would change the order.
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
  /** @type {Uint8Array[]} */
  const parts = [];
  let length = 0;
  try {
    if (request.body)
      await reading(request.body.getReader(), async (read) => {
        for (let part; !(part = await read()).done;) {
          length += part.value.length;
          if (length > maxBytes)
            throw new Refusal(413, "request_too_large", `The body has more than ${maxBytes} bytes.`);
          parts.push(part.value);
        }
      });
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(400, "invalid_request", "The body was cut off.");
  }
  if (parts.length === 1) return parts[0];
  const bytes = new Uint8Array(length);
  let end = 0;
  for (const part of parts) bytes.set(part, (end += part.length) - part.length);
  return bytes;
}

/** @typedef {ReadableStreamDefaultReader<Uint8Array>} Reader */

/**
 * Reads from a body for a limited time. If that fails, the rest of the body is cancelled.
 * @template T
 * @param {Reader} reader
 * @param {(read: () => ReturnType<Reader["read"]>) => Promise<T>} work
 */
export async function reading(reader, work) {
  const text = `The body did not arrive within ${maxSeconds} seconds.`;
  const limit = timeLimit(() => new Refusal(408, "request_timeout", text));
  try {
    return await work(() => limit.during(reader.read()));
  } catch (error) {
    void reader.cancel(error).catch(() => {});
    throw error;
  } finally {
    limit.stop();
  }
}
