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
/**
 * What a step records.
 * @typedef {{ state: import("./index.js").PollState, delayMs: number | null, task: Task | null, now: number, error?: object }} Seen
 */

// After that, the API knows neither the key of the submission nor the links of the video.
const DAY_MS = 86_400_000;

/** @type {typeof import("./durable.js").generateDurably} */
export async function generateDurably(steps, client, request, { key, timeoutMs = DAY_MS, onTask }) {
  const fatal = (/** @type {unknown} */ error) => steps.fatal?.(/** @type {ClientError} */ (error)) ?? error;
  /**
   * Runs a call of the client in a step. An error that a repetition would meet too is the step's result: the class of
   * what a step throws is lost in some engines, and each would repeat the step.
   * @param {string} name
   * @param {() => Promise<object>} work
   * @returns {Promise<Seen>}
   */
  const run = async (name, work) => {
    const result = await steps.run(name, async () => {
      const done = await work().catch((error) => {
        if (error instanceof EvolinkError && !(/** @type {any} */ (error).retryable))
          return { refused: error };
        throw error;
      });
      const task = /** @type {Partial<Seen>} */ (done).task;
      if (task && name !== "submit") await onTask?.(task);
      return JSON.parse(JSON.stringify({ ...done, now: Date.now() }));
    });
    if (result.refused) throw fatal(EvolinkError.from(result.refused));
    return result;
  };

  try {
    checkKey(key);
    checkFiles(request);
    checkTimeout(timeoutMs);
  } catch (error) {
    throw fatal(error);
  }
  let seen = await run("submit", async () =>
    client.submit(request, { idempotencyKey: await idempotencyKeyOf(key) }),
  );
  const deadline = seen.now + (timeoutMs ?? Infinity);
  // Also after a submission that was answered with a final task, so that `onTask` gets it.
  for (let look = 1; look === 1 || seen.delayMs !== null; look++) {
    const pauseMs = Math.min(seen.delayMs ?? 0, deadline - seen.now);
    if (look > 1 && pauseMs <= 0) throw fatal(timeout(seen, timeoutMs));
    if (pauseMs > 0)
      await (steps.event ? steps.event(`pause ${look}`, pauseMs) : steps.sleep(`pause ${look}`, pauseMs));
    const { state } = seen;
    seen = await run(`look ${look}`, () => client.poll(state));
  }
  const { task, error } = seen;
  if (task?.status === "completed" && task.results.length > 0) return /** @type {CompletedTask} */ (task);
  throw fatal(
    task?.status === "completed" ? EvolinkError.from({ ...error, task }) : outcome(task, seen.state.taskId),
  );
}

/** @param {unknown} timeoutMs */
function checkTimeout(timeoutMs) {
  if (timeoutMs === null || (typeof timeoutMs === "number" && timeoutMs >= 0)) return;
  throw new ConfigurationError(
    `\`timeoutMs\` must be milliseconds or null; received ${String(timeoutMs).slice(0, 40)}.`,
  );
}

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

/** @param {Seen} seen @param {number | null} timeoutMs */
function timeout({ state, task }, timeoutMs) {
  return new WaitTimeoutError(
    `The task ${state.taskId} did not finish within ${timeoutMs} ms (\`timeoutMs\`). Its last status: ${task?.status ?? "never read"}.`,
    { taskId: state.taskId, task: task ?? undefined },
  );
}
