import { json, errorResponse } from "./responses.js";
import { knownModels } from "./models.js";
import { firstViolation, isObject } from "./checks.js";
import { createTask, viewTask } from "./tasks.js";
import { addTask } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Account} Account */
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
  if (key === null) return { finish: () => decide(state, account, call) };
  if (!idempotencyKey.test(key))
    return reject(
      400,
      "invalid_idempotency_key",
      "Idempotency-Key must be 16 to 96 characters of A-Z a-z 0-9 . _ -",
    );

  const earlier = submissions.get(key);
  if (earlier === undefined) {
    /** @type {import("./state.js").Submission} */
    const submission = { bytes, task: null };
    submissions.set(key, submission);
    return {
      finish() {
        const done = decide(state, account, call);
        submission.task = state.tasks.get(done.taskId ?? "") ?? null;
        // A rejected call was not charged, so its key can be used again.
        if (submission.task === null) submissions.delete(key);
        return done;
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
      response: json(200, viewTask(task, state.clock, state.options, call.origin), {
        "idempotency-replayed": "true",
      }),
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
 * @returns {Result}
 */
function decide(state, account, { body, origin }) {
  const { options, clock, tasks } = state;
  if (!isObject(body))
    return {
      response: errorResponse(400, "invalid_json", "The body must be a JSON object"),
    };

  const { model } = body;
  if (typeof model !== "string" || model === "")
    return {
      response: errorResponse(400, "invalid_parameter", "model is required and must be a string", {
        param: "model",
      }),
    };
  // [doc] 404; [client] the code.
  if (!(options.models ?? knownModels).includes(model))
    return {
      response: errorResponse(404, "model_unavailable", `Model ${model} does not exist`, {
        param: "model",
      }),
    };

  const violation = firstViolation(body);
  if (violation !== null)
    return {
      response: errorResponse(400, "invalid_parameter", violation.message, violation),
    };

  const task = createTask(options, {
    request: /** @type {import("../testing.js").CreateBody} */ (body),
    sequence: tasks.size + 1,
    created: clock.now(),
    origin,
  });
  if (task.credits > account.credits)
    return {
      response: errorResponse(
        402,
        "insufficient_quota",
        `The task costs ${task.credits} credits, but only ${account.credits} remain`,
      ),
    };

  addTask(state, account, task);
  return {
    response: json(200, viewTask(task, clock, options, origin)),
    taskId: task.id,
  };
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
