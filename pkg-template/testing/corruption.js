import { json, text } from "./responses.js";
import { pause } from "./clock.js";

/** @typedef {import("./responses.js").EmulatedResponse} EmulatedResponse */
/** @typedef {ReadableStream<Uint8Array<ArrayBuffer>>} ByteStream */

/**
 * Applies a fault to a response.
 *
 * @param {EmulatedResponse} response
 * @param {import("../testing.js").FaultKind | undefined} fault
 * @param {AbortSignal | undefined} signal
 * @param {import("./responses.js").Refuse} refuse
 * @returns {{ response: EmulatedResponse, stream?: ByteStream }}
 */
export function corrupt(response, fault, signal, refuse) {
  if (typeof fault === "object") return { response: customResponse(fault, refuse) };
  const half = response.body.slice(0, Math.ceil(response.body.length / 2));
  switch (fault) {
    case "cut-body":
      return { response, stream: bodyStream(half, signal, breakOff) };
    case "stall-body":
      return { response, stream: bodyStream(half, signal, stall) };
    case "endless-body":
      return {
        response: withBody(response, new Uint8Array(0)),
        stream: bodyStream(whiteSpace(), signal, sendWhiteSpace),
      };
    case "html":
      return {
        response: text(response.status, "<!doctype html><title>Proxy</title>\n", {
          "content-type": "text/html",
        }),
      };
    case "invalid-json":
      return { response: withBody(response, half) };
    case "wrong-types":
      return { response: replaceValues(response, wrongType) };
    case "missing-id":
      return { response: replaceValues(response, withoutId) };
    default:
      return { response };
  }
}

/** [doc] The codes of an error by its status. */
/** @type {Record<number, string>} */
const codes = {
  400: "invalid_request",
  401: "unauthorized",
  402: "insufficient_quota",
  403: "model_access_denied",
  429: "rate_limit_exceeded",
  500: "internal_error",
  503: "service_unavailable",
};

/**
 * @param {{ status: number, headers?: Record<string, string>, body?: unknown }} fault
 * @param {import("./responses.js").Refuse} refuse
 */
function customResponse({ status, headers = {}, body }, refuse) {
  if (typeof body === "string") return text(status, body, { "content-type": "text/plain", ...headers });
  return body === undefined
    ? refuse(status, codes[status] ?? "injected_fault", "Injected fault", { headers })
    : json(status, body, headers);
}

/**
 * @param {EmulatedResponse} response
 * @param {Uint8Array<ArrayBuffer>} body
 * @returns {EmulatedResponse}
 */
function withBody({ status, headers: { "content-length": _, ...headers } }, body) {
  return { status, headers, body };
}

/**
 * @param {EmulatedResponse} response
 * @param {(key: string, value: unknown) => unknown} replacer
 */
function replaceValues(response, replacer) {
  if (response.headers["content-type"] !== "application/json") return response;
  const value = JSON.parse(new TextDecoder().decode(response.body));
  return withBody(response, json(200, replacing(value, replacer)).body);
}

/**
 * @param {unknown} value
 * @param {(key: string, value: unknown) => unknown} replacer
 */
function replacing(value, replacer) {
  return JSON.parse(JSON.stringify(value, replacer));
}

/**
 * @param {string} _key
 * @param {unknown} value
 */
function wrongType(_key, value) {
  if (typeof value === "string") return value.length;
  return typeof value === "number" ? String(value) : value;
}

/**
 * @param {string} key
 * @param {unknown} value
 */
function withoutId(key, value) {
  return key === "id" || key === "task_id" ? undefined : value;
}

/**
 * A body with a valid start. An abort errors it, as it does the body of a real `fetch`.
 *
 * @param {Uint8Array<ArrayBuffer>} first
 * @param {AbortSignal | undefined} signal
 * @param {(controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>) => void | Promise<void>} then
 *   called for more data after the first chunk was read
 * @returns {ByteStream}
 */
function bodyStream(first, signal, then) {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(first);
      signal?.addEventListener("abort", () => controller.error(signal.reason), {
        once: true,
      });
    },
    pull: then,
  });
}

/** @param {ReadableStreamDefaultController} controller */
function breakOff(controller) {
  controller.error(new TypeError("terminated"));
}

/** @returns {Promise<void>} */
function stall() {
  return new Promise(() => {});
}

const whiteSpace = () => new Uint8Array(16_384).fill(0x20);

/**
 * Sends one chunk per turn of the event loop, so that the reader's timers run.
 *
 * @param {ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>} controller
 */
async function sendWhiteSpace(controller) {
  await pause(0, undefined);
  controller.enqueue(whiteSpace());
}
