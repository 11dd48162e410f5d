import { json, refusal } from "./answers.js";
import { knownModels } from "./models.js";
import { isObject, violation } from "./rules.js";
import { createTask, viewTask } from "./tasks.js";
import { enter } from "./world.js";

/** @typedef {import("./world.js").World} World */
/** @typedef {import("./world.js").Account} Account */
/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./call.js").Done} Done */

/** [client] */
const idempotencyKey = /^[A-Za-z0-9._-]{16,96}$/;

/**
 * A create call. With an idempotency key it has a beginning and an end: between
 * them, while a fault delays it, another call with the key finds it undecided.
 *
 * @param {World} world
 * @param {Account} account
 * @param {Call} call
 * @returns {import("./call.js").Work}
 */
export function beginSubmission(world, account, call) {
  const { submissions } = account;
  const { idempotencyKey: key, bytes } = call;
  if (key === null) return { finish: () => decide(world, account, call) };
  if (!idempotencyKey.test(key))
    return refuse(
      400,
      "invalid_idempotency_key",
      "Idempotency-Key must be 16 to 96 characters of A-Z a-z 0-9 . _ -",
    );

  const earlier = submissions.get(key);
  if (earlier === undefined) {
    /** @type {import("./world.js").Submission} */
    const submission = { bytes, task: null };
    submissions.set(key, submission);
    return {
      finish() {
        const done = decide(world, account, call);
        submission.task = world.tasks.get(done.taskId ?? "") ?? null;
        // What was refused was not charged: the key is free again.
        if (submission.task === null) submissions.delete(key);
        return done;
      },
      abandon: () => submissions.delete(key),
    };
  }

  const { task } = earlier;
  if (!sameBytes(earlier.bytes, bytes))
    return refuse(409, "idempotency_conflict", "The Idempotency-Key was used for another body");
  if (task === null)
    return refuse(
      409,
      "paid_outcome_unknown",
      "An earlier call with this Idempotency-Key is still being decided",
    );
  return {
    finish: () => ({
      answer: json(200, viewTask(task, world.clock, world.options, call.origin), {
        "idempotency-replayed": "true",
      }),
      taskId: task.id,
      replayed: true,
    }),
  };
}

/**
 * Checks the body, charges, and makes the task.
 *
 * @param {World} world
 * @param {Account} account
 * @param {Call} call
 * @returns {Done}
 */
function decide(world, account, { body, origin }) {
  const { options, clock, tasks } = world;
  if (!isObject(body))
    return {
      answer: refusal(400, "invalid_json", "The body must be a JSON object"),
    };

  const { model } = body;
  if (typeof model !== "string" || model === "")
    return {
      answer: refusal(400, "invalid_parameter", "model is required, a string", {
        param: "model",
      }),
    };
  // [doc] 404; [client] the code.
  if (!(options.models ?? knownModels).includes(model))
    return {
      answer: refusal(404, "model_unavailable", `There is no model ${model}`, {
        param: "model",
      }),
    };

  const broken = violation(body);
  if (broken !== null)
    return {
      answer: refusal(400, "invalid_parameter", broken.message, broken),
    };

  const task = createTask(options, {
    request: /** @type {import("../testing.js").CreateBody} */ (body),
    sequence: tasks.size + 1,
    created: clock.now(),
    origin,
  });
  if (task.credits > account.credits)
    return {
      answer: refusal(
        402,
        "insufficient_quota",
        `This costs ${task.credits} credits, ${account.credits} are left`,
      ),
    };

  enter(world, account, task);
  return {
    answer: json(200, viewTask(task, clock, options, origin)),
    taskId: task.id,
  };
}

/**
 * @param {number} status
 * @param {string} code
 * @param {string} message
 */
function refuse(status, code, message) {
  return { finish: () => ({ answer: refusal(status, code, message) }) };
}

/**
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
function sameBytes(a, b) {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
