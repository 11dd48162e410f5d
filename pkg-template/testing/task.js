import { taskId } from "./ids.js";
import { estimateOf } from "./models.js";

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
 * @property {import("../testing.js").RefundStatus} refund
 * @property {import("../testing.js").ResultShape} resultShape
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

/** In seconds. Shorter than most real tasks, so that demos end soon. */
const DEFAULT_TASK_TIME = 60;

/**
 * @param {import("../testing.js").EmulatorOptions} options
 * @param {{ request: import("../testing.js").CreateBody, sequence: number, created: number, origin: string }} call
 * @returns {Task}
 */
export function createTask(options, { request, sequence, created, origin }) {
  /** @type {<T>(option: import("../testing.js").PerTask<T>) => T} */
  const pick = (option) => forTask(option, request, sequence);
  const estimatedTime = pick(options.estimatedTime ?? options.taskTime ?? estimateOf(request.model));
  const taskTime = pick(options.taskTime ?? options.estimatedTime ?? DEFAULT_TASK_TIME);
  return {
    id: taskId(created, sequence),
    created,
    request,
    origin,
    credits: pick(options.price ?? 12), // [ref] the reference's example
    estimatedTime,
    taskTime,
    pendingTime: pick(options.pendingTime ?? taskTime / 10),
    outcome: pick(options.outcome ?? /** @type {const} */ ("completed")),
    refund: pick(options.refund ?? /** @type {const} */ ("completed")),
    resultShape: pick(options.resultShape ?? /** @type {const} */ ("vendor")),
  };
}

/** @typedef {"pending" | "processing" | "completed" | "failed" | "cancelled"} Status */

/**
 * @param {Task} task
 * @param {import("./clock.js").Clock} clock
 * @returns {Status}
 */
export function statusOf(task, clock) {
  const age = clock.age(task.created);
  // A task whose time is NaN never ends.
  if (!(age >= task.taskTime)) return age < task.pendingTime ? "pending" : "processing";
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
