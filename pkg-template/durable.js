// One video on any durable engine. Everything that differs from one replay to the next (the clock, the network, random
// numbers) stays inside the steps.
import { checkFiles, checkKey, idempotencyKeyOf } from "./durable/order.js";
import {
  ConfigurationError,
  EvolinkError,
  TaskCancelledError,
  TaskFailedError,
  WaitTimeoutError,
} from "./errors.js";

/** @typedef {import("./durable.js").Steps} Steps */
/** @typedef {import("./index.js").CompletedTask} CompletedTask */
/** @typedef {import("./index.js").Task} Task */
/** @typedef {import("./index.js").EvolinkError} ClientError */

// After that, the API knows neither the key of the submission nor the links of the video.
const DAY_MS = 86_400_000;

/** @type {typeof import("./durable.js").generateDurably} */
export async function generateDurably(steps, client, request, { key, ...options }) {
  const run = runner(steps);
  try {
    checkKey(key);
    checkFiles(request);
    checkTimeout(options.timeoutMs);
  } catch (error) {
    throw fatal(steps, error);
  }
  const submitted = await run("submit", async () => {
    const { task, state, delayMs } = await client.submit(request, {
      idempotencyKey: await idempotencyKeyOf(key),
    });
    return { target: state, taskId: task.id, delayMs };
  });
  return toEnd(steps, client, submitted, options);
}

/** @type {typeof import("./durable.js").followDurably} */
export async function followDurably(steps, client, target, options = {}) {
  try {
    checkTimeout(options.timeoutMs);
  } catch (error) {
    throw fatal(steps, error);
  }
  const taskId = typeof target === "string" ? target : target.id;
  const begun = await runner(steps)("begin", async () => ({ target, taskId, delayMs: 0 }));
  return toEnd(steps, client, begun, options);
}

/**
 * Runs a call of the client in a step. An error that a repetition would not avoid is the step's result: the class of
 * an error that a step throws is lost in some engines, and every engine would repeat the step.
 * @param {Steps} steps
 */
const runner =
  (steps) =>
  /**
   * @template T
   * @param {string} name
   * @param {() => Promise<T>} work
   * @param {(result: T) => unknown} [afterwards]
   * @returns {Promise<T & { now: number }>}
   */
  async (name, work, afterwards) => {
    const result = await steps.run(name, async () => {
      const done = await work().catch((error) => {
        if (error instanceof EvolinkError && !(/** @type {any} */ (error).retryable))
          return { refused: plain(error) };
        throw error;
      });
      if (!("refused" in /** @type {object} */ (done))) await afterwards?.(/** @type {T} */ (done));
      return JSON.parse(JSON.stringify({ ...done, now: Date.now() }));
    });
    if ("refused" in result) throw fatal(steps, EvolinkError.from(result.refused));
    return /** @type {T & { now: number }} */ (result);
  };

/** @param {Steps} steps @param {unknown} error */
const fatal = (steps, error) => steps.fatal?.(/** @type {ClientError} */ (error)) ?? error;

/**
 * Polls until the task is final.
 * @param {Steps} steps
 * @param {Pick<import("./index.js").VideoClient, "poll">} client
 * @param {{ target: import("./index.js").Target, taskId: string, delayMs: number | null, now: number }} begun
 * @param {import("./durable.js").FollowOptions} options
 * @returns {Promise<CompletedTask>}
 */
async function toEnd(steps, client, begun, { timeoutMs = DAY_MS, onTask }) {
  const run = runner(steps);
  const { taskId } = begun;
  const deadline = begun.now + (timeoutMs ?? Infinity);
  let seen = {
    ...begun,
    task: /** @type {Task | null} */ (null),
    error: /** @type {object | undefined} */ (undefined),
  };
  // Also after a submission that was answered with a final task, so that `onTask` gets it.
  for (let look = 1; look === 1 || seen.delayMs !== null; look++) {
    const pauseMs = Math.min(seen.delayMs ?? 0, deadline - seen.now);
    if (look > 1 && pauseMs <= 0) throw fatal(steps, timeout(taskId, seen.task, timeoutMs));
    if (pauseMs > 0)
      await (steps.event ? steps.event(`pause ${look}`, pauseMs) : steps.sleep(`pause ${look}`, pauseMs));
    const { target } = seen;
    seen = await run(
      `look ${look}`,
      async () => {
        const { task, state, delayMs, error } = await client.poll(target);
        return { taskId, target: state, task, delayMs, error: error && plain(error) };
      },
      ({ task }) => task && onTask?.(task),
    );
  }
  const { task, error } = seen;
  if (task?.status === "completed" && task.results.length > 0) return /** @type {CompletedTask} */ (task);
  throw fatal(
    steps,
    task?.status === "completed" ? EvolinkError.from({ ...error, task }) : outcome(task, taskId),
  );
}

/** @param {unknown} timeoutMs */
function checkTimeout(timeoutMs = DAY_MS) {
  if (timeoutMs === null || (typeof timeoutMs === "number" && timeoutMs >= 0)) return;
  throw new ConfigurationError(
    `\`timeoutMs\` must be milliseconds or null; received ${String(timeoutMs).slice(0, 40)}.`,
  );
}

/** @param {EvolinkError} error */
const plain = (error) => JSON.parse(JSON.stringify(error));

/** @param {Task | null} task @param {string} taskId */
function outcome(task, taskId) {
  if (task?.status === "failed") {
    const { code, message } = task.error;
    return new TaskFailedError(`The task ${taskId} failed: ${message} (${code}). It is not charged.`, {
      task,
    });
  }
  const cancelled = task?.status === "cancelled" ? task : undefined;
  return new TaskCancelledError(`The task ${taskId} was cancelled.`, { task: cancelled, taskId });
}

/** @param {string} taskId @param {Task | null} task @param {number | null} timeoutMs */
function timeout(taskId, task, timeoutMs) {
  return new WaitTimeoutError(
    `The task ${taskId} did not finish within ${timeoutMs} ms (\`timeoutMs\`). Its last status: ${task?.status ?? "never read"}.`,
    { taskId, task: task ?? undefined },
  );
}
