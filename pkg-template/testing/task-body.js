import { billingOf } from "./billing.js";
import { resultOf } from "./result.js";
import { endOf, progressOf, statusOf } from "./task.js";
import { taskError } from "./error-shape.js";

/** @typedef {import("./task.js").Task} Task */
/** @typedef {import("./task.js").Status} Status */
/** @typedef {import("./clock.js").Clock} Clock */
/** @typedef {import("../testing.js").EmulatorOptions} Options */

/** [client] Credits per US dollar and per yuan. */
const creditsPerUsd = 68;
const creditsPerCny = 10;

/**
 * The task object of a create call, a read, a batch or a callback.
 *
 * @param {Task} task
 * @param {Clock} clock
 * @param {Options} options
 * @param {string} origin of the request that reads it
 * @returns {Record<string, unknown>}
 */
export function taskBody(task, clock, options, origin) {
  const status = statusOf(task, clock);
  const isRefundable = status === "failed" || status === "cancelled";
  return {
    [options.idField ?? "id"]: task.id,
    object: "video.generation.task",
    created: Math.floor(task.created / 1000),
    model: task.request.model,
    status: options.statusWords?.[status] ?? status,
    progress: progressOf(task, clock, options.progress),
    type: "video",
    ...bodies[status](task, clock, options, origin),
    ...((isRefundable || options.billing === "all") && {
      billing: billingOf(task, status, endOf(task, clock)),
    }),
  };
}

/** What a task has in addition, by its status. */
/** @type {Record<Status, (task: Task, clock: Clock, options: Options, origin: string) => Record<string, unknown>>} */
const bodies = {
  // [ref]
  pending: ({ estimatedTime, request, credits }, clock) => ({
    task_info: {
      can_cancel: true,
      estimated_time: toldSeconds(clock.real(estimatedTime)),
      video_duration: request.duration ?? 5, // [ref] the default
    },
    ...reservation(credits),
  }),

  // [doc] without the estimate and the cost
  processing: () => ({ task_info: { can_cancel: true } }),

  // [real]
  completed: (task, clock, { resultUrl }, origin) => ({
    ...resultOf(task, resultUrl, origin),
    duration: Math.max(1, Math.round(clock.real(task.taskTime))),
    task_info: { can_cancel: false },
    usage: { cost: costOf(task.credits), credits_used: task.credits },
  }),

  // [doc]
  failed: ({ outcome }, _clock, { errorShape }) => ({
    ...taskError(outcome, errorShape),
    task_info: { can_cancel: false },
  }),

  // [doc]
  cancelled: () => ({ task_info: { can_cancel: false } }),
};

/**
 * What a task may cost.
 *
 * @param {number} credits
 */
export const reservation = (credits) => ({
  usage: { billing_rule: "per_call", credits_reserved: credits, user_group: "default" },
});

/**
 * The API's seconds are whole. A client of a fast emulator needs more digits.
 *
 * @param {number} seconds
 */
const toldSeconds = (seconds) => (seconds < 10 ? round(seconds, 3) : Math.round(seconds));

/** @param {number} credits */
const costOf = (credits) => ({
  credits,
  usd: round(credits / creditsPerUsd, 3),
  cny: round(credits / creditsPerCny, 3),
});

/**
 * @param {number} value
 * @param {number} digits
 */
const round = (value, digits) => Number(value.toFixed(digits));

/**
 * An item of the list. It has no link [client].
 *
 * @param {Task} task
 * @param {Clock} clock
 * @param {Options} options
 */
export function listItem(task, clock, { progress, statusWords, idField = "id" }) {
  const status = statusOf(task, clock);
  const isCompleted = status === "completed";
  return {
    [idField]: task.id,
    model: task.request.model,
    type: "video",
    status: statusWords?.[status] ?? status,
    progress: progressOf(task, clock, progress),
    created_at: Math.floor(task.created / 1000),
    has_results: isCompleted,
    result_count: isCompleted ? 1 : 0,
    credits_used: isCompleted ? task.credits : 0,
  };
}
