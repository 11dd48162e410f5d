// Error responses, in the format of the API, which the client in the page reads.
import { EvolinkError, ValidationError } from "../errors.js";
import { maxSeconds, timeLimit } from "./time-limit.js";

/** Ends the handling of a request with a response. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} message
   * @param {{ headers?: Record<string, string>, cause?: unknown, [field: string]: unknown }} [fields] of the error of the
   *   answer, but for these two
   */
  constructor(status, code, message, { headers = {}, cause, ...fields } = {}) {
    super(message, { cause });
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.body = { error: { code, message, ...fields } };
  }
}

/**
 * Calls a function of the options.
 * @template T
 * @param {string} name
 * @param {() => T | PromiseLike<T>} work
 * @param {(found: T) => unknown} [undo] of what comes too late
 */
export async function calling(name, work, undo) {
  const working = (async () => work())();
  const limit = timeLimit(() => {
    void working.then(undo).catch(() => {});
    return new Error(`\`${name}\` did not settle within ${maxSeconds} seconds.`);
  });
  try {
    return await limit.during(working);
  } catch (cause) {
    throw cause instanceof Refusal ? cause : unsent(`${name}_failed`, cause);
  } finally {
    limit.stop();
  }
}

/**
 * The response if the server itself failed before it sent anything. The client in the page may try again. It treats any
 * other 5xx status as an unknown outcome.
 * @param {string} code
 * @param {unknown} cause
 */
export const unsent = (code, cause) =>
  new Refusal(503, code, "The server failed before it sent anything.", {
    headers: { "retry-after": "1" },
    cause,
  });

/** The errors that the page must fix itself, by the API's status. */
const passed = [400, 404, 409, 413, 422];

/**
 * The API's own message: the client in the page adds the meaning of the status and the code, as the server's client did.
 * @param {import("../index.js").EvolinkError} error
 */
function messageOf({ body, message }) {
  try {
    const { error, msg } = JSON.parse(body ?? "");
    const own = error?.message ?? msg;
    return typeof own === "string" && own !== "" ? own : message;
  } catch {
    return message;
  }
}

/**
 * The response to an error of a call. The page learns nothing about the key and the account: users cannot fix a refusal
 * of these, and a 401 would sign them out.
 * @param {unknown} thrown
 * @param {boolean} isCreate
 */
export function refusalOf(thrown, isCreate) {
  const error = /** @type {import("../index.js").EvolinkError} */ (EvolinkError.from(thrown));
  const { code, param, suggestion, requestId, status = 0 } = error;
  const message = messageOf(error);
  const shown = { param, suggestion, request_id: requestId };
  if (error instanceof ValidationError) return new Refusal(400, code, message, { issues: error.issues });
  if (isCreate && error.charged !== "no") {
    const text = "The outcome is unknown. Send the same request with the same Idempotency-Key again.";
    return new Refusal(504, "paid_outcome_unknown", text, shown);
  }
  if (status === 429 || status === 503 || (isCreate && error.retryable)) {
    // Without the header, a client does not know that a 503 was refused before it was charged.
    const seconds = Math.max(1, Math.ceil((error.retryAfterMs ?? 1000) / 1000));
    const isLimit = status === 429;
    const headers = isLimit && !error.retryAfterMs ? undefined : { "retry-after": String(seconds) };
    return new Refusal(isLimit ? 429 : 503, code, message, { ...shown, ...(headers && { headers }) });
  }
  if (passed.includes(status)) return new Refusal(status, code, message, shown);
  if (!isCreate && error.retryable) return new Refusal(502, code, "The API is not available now.", shown);
  return new Refusal(424, "upstream_refused", "The API did not accept the server's request.", {
    request_id: requestId,
  });
}
