import { taskIdOf } from "./routes.js";

/**
 * A request with its complete body.
 *
 * @typedef {import("./routes.js").Target & {
 *   request: Request,
 *   bytes: Uint8Array<ArrayBuffer>,
 *   body: unknown,
 *   idempotencyKey: string | null,
 * }} Call
 */

/**
 * The result of a processed call.
 *
 * @typedef {object} Result
 * @property {import("./responses.js").EmulatedResponse} response
 * @property {string} [taskId]
 * @property {boolean} [replayed]
 */

/**
 * A call in progress. It is either finished or, by a fault, abandoned.
 *
 * @typedef {object} Work
 * @property {() => Result | Promise<Result>} finish
 * @property {() => void} [abandon]
 */

/**
 * A call whose response needs nothing but the state when it is finished.
 *
 * @param {() => import("./responses.js").EmulatedResponse} response
 * @returns {Work}
 */
export const immediate = (response) => ({ finish: () => ({ response: response() }) });

/**
 * @param {Request} request
 * @param {import("./routes.js").Target} target
 * @returns {Promise<Call>}
 */
export async function receive(request, target) {
  const bytes = new Uint8Array(await request.arrayBuffer());
  return {
    ...target,
    request,
    bytes,
    body: isForm(request) ? undefined : parsed(bytes),
    idempotencyKey: request.headers.get("idempotency-key"),
  };
}

/**
 * What a fault's `when` receives. It excludes the headers, which contain the API key.
 *
 * @param {Call} call
 * @returns {import("../testing.js").EmulatedRequest}
 */
export function emulatedRequest(call) {
  const { operation, method, path, body, idempotencyKey } = call;
  return { operation, method, path, body, idempotencyKey, taskId: taskIdOf(call) };
}

/** @param {Request} request */
const isForm = ({ headers }) => /^multipart\/form-data/i.test(headers.get("content-type") ?? "");

/**
 * @param {Uint8Array} bytes
 * @returns {unknown}
 */
function parsed(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
