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
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get("content-type") ?? ""))
    throw new Refusal(415, "invalid_request", "The content type must be application/json.");
  const text = new TextDecoder().decode(await readBytes(request, maxBytes));
  let body;
  try {
    body = JSON.parse(text);
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
  const bytes = new Uint8Array(maxBytes);
  let length = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    const text = `The body did not arrive within ${maxMs / 1000} seconds.`;
    timer = setTimeout(() => reject(new Refusal(408, "request_timeout", text)), maxMs);
  });
  try {
    for (let part; reader && !(part = await Promise.race([reader.read(), late])).done;) {
      if (length + part.value.length > maxBytes)
        throw new Refusal(413, "request_too_large", `The body has more than ${maxBytes} bytes.`);
      bytes.set(part.value, length);
      length += part.value.length;
    }
  } catch (error) {
    void reader?.cancel(error).catch(() => {});
    throw error instanceof Refusal ? error : new Refusal(400, "invalid_request", "The body broke off.");
  } finally {
    clearTimeout(timer);
  }
  return bytes.subarray(0, length);
}
