/** @typedef {import("../testing.js").ErrorShape} ErrorShape */

/**
 * A refusal or the error of a task, before it has a shape.
 *
 * @typedef {{ code: string, message: string, type?: string, param?: string, [field: string]: unknown }} Refusal
 */

/** [doc] The integer of a failed task's code, for which no real one is known. */
const taskErrorInteger = 400;

/** @type {readonly string[]} */
const errorShapes = ["code", "integer", "capitals", "string", "absent"];

/** @param {ErrorShape | undefined} shape */
export function checkErrorShape(shape) {
  if (shape !== undefined && !errorShapes.includes(shape))
    throw new TypeError(`unknown errorShape ${JSON.stringify(shape)}`);
}

/**
 * The body of a refused request: [doc] by default.
 *
 * @param {number} status
 * @param {Refusal} refusal
 * @param {ErrorShape} [shape]
 * @returns {Record<string, unknown>}
 */
export function refusalBody(status, refusal, shape) {
  if (shape === "string") return { error: refusal.code, error_description: refusal.message };
  return shape === "absent" ? {} : { error: withCode(refusal, status, shape) };
}

/**
 * The `error` of a failed task: [doc] an object, a string, or absent.
 *
 * @param {import("../testing.js").Outcome} outcome
 * @param {ErrorShape} [shape]
 * @returns {Record<string, unknown>}
 */
export function taskError(outcome, shape) {
  if (typeof outcome !== "object" || shape === "absent") return {};
  return { error: shape === "string" ? outcome.message : withCode(outcome, taskErrorInteger, shape) };
}

/**
 * @param {Refusal} refusal
 * @param {number} integer
 * @param {ErrorShape} [shape]
 */
function withCode(refusal, integer, shape) {
  if (shape === "integer") return { ...refusal, code: integer, type: refusal.code };
  return shape === "capitals" ? { ...refusal, code: refusal.code.toUpperCase() } : refusal;
}
