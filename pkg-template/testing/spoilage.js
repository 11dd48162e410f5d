import { refusal, json, text } from "./answers.js";
import { pause } from "./clock.js";

/** @typedef {import("./answers.js").Answer} Answer */
/** @typedef {ReadableStream<Uint8Array<ArrayBuffer>>} ByteStream */

/**
 * The answer as a fault leaves it.
 *
 * @param {Answer} answer
 * @param {import("../testing.js").FaultKind | undefined} fault
 * @param {AbortSignal | undefined} signal
 * @returns {{ answer: Answer, stream?: ByteStream }}
 */
export function spoil(answer, fault, signal) {
  if (typeof fault === "object") return { answer: ownAnswer(fault) };
  const half = answer.body.slice(0, Math.ceil(answer.body.length / 2));
  switch (fault) {
    case "cut-body":
      return { answer, stream: beginning(half, signal, cut) };
    case "stall-body":
      return { answer, stream: beginning(half, signal, stall) };
    case "endless-body":
      return {
        answer: withBody(answer, new Uint8Array(0)),
        stream: beginning(blanks(), signal, goOn),
      };
    case "html":
      return {
        answer: text(answer.status, "<!doctype html><title>Proxy</title>\n", {
          "content-type": "text/html",
        }),
      };
    case "invalid-json":
      return { answer: withBody(answer, half) };
    case "wrong-types":
      return { answer: rewritten(answer, wrongType) };
    case "missing-id":
      return { answer: rewritten(answer, withoutId) };
    default:
      return { answer };
  }
}

/** @param {{ status: number, headers?: Record<string, string>, body?: unknown }} fault */
function ownAnswer({ status, headers = {}, body }) {
  if (typeof body === "string") return text(status, body, { "content-type": "text/plain", ...headers });
  return body === undefined
    ? refusal(status, "injected_fault", "An injected fault", { headers })
    : json(status, body, headers);
}

/**
 * @param {Answer} answer
 * @param {Uint8Array<ArrayBuffer>} body
 * @returns {Answer}
 */
function withBody({ status, headers: { "content-length": _, ...headers } }, body) {
  return { status, headers, body };
}

/**
 * @param {Answer} answer
 * @param {(key: string, value: unknown) => unknown} replacer
 */
function rewritten(answer, replacer) {
  if (answer.headers["content-type"] !== "application/json") return answer;
  const value = JSON.parse(new TextDecoder().decode(answer.body));
  return withBody(answer, json(200, replacing(value, replacer)).body);
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
  return key === "id" ? undefined : value;
}

/**
 * A body that begins well. An abort ends it, as it ends the body of a real `fetch`.
 *
 * @param {Uint8Array<ArrayBuffer>} first
 * @param {AbortSignal | undefined} signal
 * @param {(controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>) => void | Promise<void>} then
 *   asked for more when the first has been read
 * @returns {ByteStream}
 */
function beginning(first, signal, then) {
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
function cut(controller) {
  controller.error(new TypeError("terminated"));
}

/** @returns {Promise<void>} */
function stall() {
  return new Promise(() => {});
}

const blanks = () => new Uint8Array(16_384).fill(0x20);

/**
 * One piece at each turn of the event loop, so that the reader's own timers run.
 *
 * @param {ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>} controller
 */
async function goOn(controller) {
  await pause(0, undefined);
  controller.enqueue(blanks());
}
