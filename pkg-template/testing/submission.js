import { errorResponse } from "./responses.js";
import { knownModels } from "./models.js";
import { firstViolation, isObject } from "./checks.js";
import { addTask } from "./state.js";
import { createTask } from "./task.js";
import { taskResponse } from "./task-response.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Account} Account */
/** @typedef {import("./task.js").Task} Task */
/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./call.js").Result} Result */

/** [client] */
const idempotencyKey = /^[A-Za-z0-9._-]{16,96}$/;

/**
 * A create call. With an idempotency key it starts and finishes separately: while a
 * fault delays it, another call with the key gets 409 `paid_outcome_unknown`.
 *
 * @param {State} state
 * @param {Account} account
 * @param {Call} call
 * @returns {import("./call.js").Work}
 */
export function beginSubmission(state, account, call) {
  const { submissions } = account;
  const { idempotencyKey: key, bytes } = call;
  if (key === null) return { finish: () => created(state, call, decide(state, account, call)) };
  if (!idempotencyKey.test(key))
    return reject(
      400,
      "invalid_idempotency_key",
      "Idempotency-Key must be 16 to 96 characters of A-Z a-z 0-9 . _ -",
    );

  const earlier = submissions.get(key);
  if (earlier === undefined) {
    submissions.set(key, { bytes, task: null });
    return {
      finish() {
        // A rejected call was not charged, so its key can be used again.
        submissions.delete(key);
        const decision = decide(state, account, call);
        if ("id" in decision) submissions.set(key, { bytes, task: decision });
        return created(state, call, decision);
      },
      abandon: () => submissions.delete(key),
    };
  }

  const { task } = earlier;
  if (!sameBytes(earlier.bytes, bytes))
    return reject(409, "idempotency_conflict", "The Idempotency-Key was used with a different body");
  if (task === null)
    return reject(
      409,
      "paid_outcome_unknown",
      "An earlier call with this Idempotency-Key is still being processed",
    );
  return {
    finish: () => ({
      response: taskResponse(state, task, call, { "idempotency-replayed": "true" }),
      taskId: task.id,
      replayed: true,
    }),
  };
}

/**
 * Validates the body, charges, and creates the task.
 *
 * @param {State} state
 * @param {Account} account
 * @param {Call} call
 * @returns {Task | import("./responses.js").EmulatedResponse} the refusal
 */
function decide(state, account, { body, origin }) {
  const { options, clock, tasks } = state;
  if (!isObject(body)) return errorResponse(400, "invalid_request", "The body must be a JSON object");

  const { model } = body;
  const param = "model";
  if (typeof model !== "string" || model === "")
    return errorResponse(400, "invalid_request", "model is required and must be a string", { param });
  // [doc] 404; [client] the code and the type.
  const code = "model_unavailable";
  if (!(options.models ?? knownModels).includes(model))
    return errorResponse(404, code, `Model ${model} does not exist`, { type: code, param });

  const violation = firstViolation(body, options);
  if (violation !== null) return errorResponse(400, "invalid_request", violation.message, violation);

  const task = createTask(options, {
    request: /** @type {import("../testing.js").CreateBody} */ (body),
    sequence: tasks.size + 1,
    created: clock.now(),
    origin,
  });
  if (task.credits > account.credits)
    return errorResponse(
      402,
      "insufficient_quota",
      `The task costs ${task.credits} credits, but only ${account.credits} remain`,
    );

  addTask(state, account, task);
  return task;
}

/**
 * @param {State} state
 * @param {Call} call
 * @param {ReturnType<typeof decide>} decision
 * @returns {Result}
 */
function created(state, call, decision) {
  if (!("id" in decision)) return { response: decision };
  return { response: taskResponse(state, decision, call), taskId: decision.id };
}

/**
 * @param {number} status
 * @param {string} code
 * @param {string} message
 */
function reject(status, code, message) {
  return { finish: () => ({ response: errorResponse(status, code, message) }) };
}

/**
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
function sameBytes(a, b) {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
