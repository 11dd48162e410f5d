import { estimateOf } from "./models.js";
import { sampleVideoUrl } from "./sample-video.js";

/**
 * A task. All its properties are determined at creation; its status and progress
 * depend on the clock alone.
 *
 * @typedef {object} Task
 * @property {string} id
 * @property {number} created milliseconds since 1970
 * @property {import("../testing.js").CreateBody} request
 * @property {string} origin of the request that created it
 * @property {number} credits
 * @property {number} estimatedTime emulated seconds, as are the next two
 * @property {number} pendingTime
 * @property {number} taskTime
 * @property {import("../testing.js").Outcome} outcome
 */

/**
 * @template T
 * @param {import("../testing.js").PerTask<T>} option
 * @param {import("../testing.js").CreateBody} request
 * @param {number} sequence
 * @returns {T}
 */
function forTask(option, request, sequence) {
  return typeof option === "function" ? /** @type {Function} */ (option)(request, sequence) : option;
}

/**
 * @param {import("../testing.js").EmulatorOptions} options
 * @param {{ request: import("../testing.js").CreateBody, sequence: number, created: number, origin: string }} call
 * @returns {Task}
 */
export function createTask(options, { request, sequence, created, origin }) {
  /** @type {<T>(option: import("../testing.js").PerTask<T>) => T} */
  const pick = (option) => forTask(option, request, sequence);
  const estimatedTime = pick(options.estimatedTime ?? estimateOf(request.model));
  const taskTime = pick(options.taskTime ?? estimatedTime);
  return {
    id: `task-unified-${Math.floor(created / 1000)}-${idSuffix(sequence)}`,
    created,
    request,
    origin,
    credits: pick(options.price ?? 12), // [ref] the reference's example
    estimatedTime,
    taskTime,
    pendingTime: pick(options.pendingTime ?? taskTime / 10),
    outcome: pick(options.outcome ?? /** @type {const} */ ("completed")),
  };
}

/**
 * [ref] Eight letters and digits. They depend on the sequence number alone, so that runs are reproducible.
 *
 * @param {number} sequence
 */
function idSuffix(sequence) {
  // Multiplying by an odd factor modulo 2^40 is a permutation, so that all ids are distinct.
  const mixed = (BigInt(sequence) * 0x9e3779b97fn) % (1n << 40n);
  return mixed.toString(36).padStart(8, "0");
}

/** @typedef {"pending" | "processing" | "completed" | "failed" | "cancelled"} Status */

/**
 * @param {Task} task
 * @param {import("./clock.js").Clock} clock
 * @returns {Status}
 */
export function statusOf(task, clock) {
  const age = clock.age(task.created);
  if (age < task.taskTime) return age < task.pendingTime ? "pending" : "processing";
  return typeof task.outcome === "object" ? "failed" : task.outcome;
}

/**
 * @param {Task} task
 * @param {import("./clock.js").Clock} clock
 */
export const endOf = (task, clock) => clock.after(task.created, task.taskTime);

/**
 * @param {Task} task
 * @param {import("./clock.js").Clock} clock
 * @param {import("../testing.js").EmulatorOptions["progress"]} curve
 * @returns {number}
 */
export function progressOf(task, clock, curve = "linear") {
  const status = statusOf(task, clock);
  if (status === "completed") return 100;
  if (status !== "processing") return 0; // [doc] a failed task shows 0
  const fraction = (clock.age(task.created) - task.pendingTime) / (task.taskTime - task.pendingTime);
  if (typeof curve === "function") return curve(fraction);
  if (curve === "stuck") return 0;
  if (curve === "steps") return fraction < 0.5 ? 0 : 65;
  return Math.floor(fraction * 100);
}

/**
 * The task object: [ref] after creation, [doc] later, [client] its cost.
 *
 * @param {Task} task
 * @param {import("./clock.js").Clock} clock
 * @param {import("../testing.js").EmulatorOptions} options
 * @param {string} origin of the request that reads it
 * @returns {Record<string, unknown>}
 */
export function viewTask(task, clock, options, origin) {
  const status = statusOf(task, clock);
  return {
    id: task.id,
    object: "video.generation.task",
    created: Math.floor(task.created / 1000),
    model: task.request.model,
    status,
    progress: progressOf(task, clock, options.progress),
    type: "video",
    ...(status === "completed" && resultOf(task, options, origin)),
    ...(status === "failed" && { error: task.outcome }),
    ...costOf(task, status),
  };
}

/**
 * `task_info` and the cost of the task: complete while pending, reduced later [doc].
 *
 * @param {Task} task
 * @param {Status} status
 */
function costOf(task, status) {
  if (status === "pending")
    return {
      task_info: {
        can_cancel: true,
        estimated_time: Math.round(task.estimatedTime),
        video_duration: task.request.duration ?? 5, // [ref] the default
      },
      usage: {
        billing_rule: "per_call",
        credits_reserved: task.credits,
        user_group: "default",
      },
    };
  if (status === "processing") return { task_info: { can_cancel: true } };
  const charged = status === "completed";
  const credits = charged ? task.credits : 0;
  return {
    task_info: { can_cancel: false },
    // [client] 68 credits equal 1 US dollar.
    usage: { credits_used: credits, cost: { credits, usd: credits / 68 } },
    // [client] has these fields; their possible values are not documented.
    billing: {
      charge_status: charged ? "charged" : "not_charged",
      refund_status: charged ? "none" : "refunded",
    },
  };
}

/**
 * The three known locations of the link: [doc], [client], [third].
 *
 * @param {Task} task
 * @param {import("../testing.js").EmulatorOptions} options
 * @param {string} origin
 */
function resultOf(task, { resultShape = "results", resultUrl }, origin) {
  const url = linkOf(task.id, resultUrl, origin);
  return {
    results: { results: [url] },
    result_data: { result_data: [{ video_url: url }] },
    output: { output: { video_url: url } },
  }[resultShape];
}

/**
 * @param {string} id
 * @param {import("../testing.js").EmulatorOptions["resultUrl"]} option
 * @param {string} origin
 */
function linkOf(id, option, origin) {
  if (option === undefined) return `${origin}/files/${id}.mp4`;
  if (option === "data") return sampleVideoUrl();
  return typeof option === "function" ? option(id, origin) : option;
}

/**
 * A list item. It has no link [client].
 *
 * @param {Task} task
 * @param {import("./clock.js").Clock} clock
 * @param {import("../testing.js").EmulatorOptions} options
 */
export function listTask(task, clock, { progress }) {
  const status = statusOf(task, clock);
  const done = status === "completed";
  return {
    id: task.id,
    model: task.request.model,
    type: "video",
    status,
    progress: progressOf(task, clock, progress),
    created_at: Math.floor(task.created / 1000),
    has_results: done,
    result_count: done ? 1 : 0,
    credits_used: done ? task.credits : 0,
  };
}
