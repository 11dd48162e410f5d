/**
 * A request that has come in whole.
 *
 * @typedef {import("./routes.js").Target & {
 *   request: Request,
 *   bytes: Uint8Array,
 *   body: unknown,
 *   idempotencyKey: string | null,
 * }} Call
 */

/**
 * What a call gives when it is carried out.
 *
 * @typedef {object} Done
 * @property {import("./answers.js").Answer} answer
 * @property {string} [taskId]
 * @property {boolean} [replayed]
 */

/**
 * A call that has begun, and is either finished or, by a fault, abandoned.
 *
 * @typedef {object} Work
 * @property {() => Done} finish
 * @property {() => void} [abandon]
 */

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
    body: parsed(bytes),
    idempotencyKey: request.headers.get("idempotency-key"),
  };
}

/**
 * What a fault may look at: not the headers, where the api key is.
 *
 * @param {Call} call
 * @returns {import("../testing.js").EmulatedRequest}
 */
export function outline(call) {
  const { operation, method, path, body, idempotencyKey, taskId } = call;
  return { operation, method, path, body, idempotencyKey, taskId };
}

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
