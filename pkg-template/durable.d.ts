/**
 * Videos that outlive the process, on any durable engine: Cloudflare Workflows, BullMQ, Restate, Inngest. Imports none.
 * @module evolink-video/durable
 */

import type {
  CompletedTask,
  EvolinkError,
  OutcomeUnknownError,
  Task,
  VideoClient,
  VideoRequest,
} from "./index.js";

/** The steps of an engine. */
export interface Steps {
  /**
   * Runs `work` and records its result, which is plain JSON. A replay returns the recorded result instead of
   * running it again. If `work` throws, the engine repeats the step.
   */
  run<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Sleeps for at least `ms`, which may be longer than the process lives. */
  sleep(name: string, ms: number): Promise<unknown>;
  /**
   * In place of `sleep`, where something can wake the engine early, such as the API's callback. It must also resolve
   * after `ms`, since callbacks get lost.
   */
  event?(name: string, ms: number): Promise<unknown>;
  /** Returns the engine's error that is not retried, such as `NonRetryableError`. Default: the error itself. */
  fatal?(error: EvolinkError): Error;
}

/** The options of {@link followDurably}. */
export interface FollowOptions {
  /**
   * Time limit from the first step, in milliseconds, 0 or more; `null` for none. Default 86,400,000, which is 24
   * hours: after that, the API knows neither the key of the submission nor the links of the video.
   */
  timeoutMs?: number | null | undefined;
  /**
   * Called inside a step after each read, at least once for each: a step that is repeated calls it again. If it
   * throws, the engine repeats the step. Default: none.
   */
  onTask?: ((task: Task) => unknown) | undefined;
}

/** The options of {@link generateDurably}. */
export interface DurableOptions extends FollowOptions {
  /**
   * The id of the order or of the run: any string that is the same in each replay, and another for each video. The
   * order is charged once for each `key`.
   */
  key: string;
}

/**
 * Submits a request and waits for the video, in the steps `submit`, `pause 1`, `look 1`, `pause 2` and so on. One
 * video takes about ten looks. Steps have fixed names, so one run of the engine makes one video.
 *
 * - The idempotency key is a digest of `key`: whenever the process dies, the next attempt is not charged again.
 * - Errors with `retryable: true`, such as {@link OutcomeUnknownError}, are thrown as they are inside the step, so that
 *   the engine repeats it with the same key. Let it do so for hours.
 * - All other errors go through `steps.fatal`.
 *
 * The files of the request must be URLs.
 *
 * @throws `ValidationError` if a file of the request is not a URL.
 * @throws `EvolinkError` as `VideoClient.submit` and `VideoClient.poll`.
 * @throws `TaskFailedError` or `TaskCancelledError` if the task ends that way.
 * @throws `WaitTimeoutError` after `timeoutMs`.
 *
 * @example
 * ```ts
 * // In `run(event, step)` of a Workflow. The guide "Durable jobs" has BullMQ and others.
 * const steps = workflowSteps(step, NonRetryableError);
 * const task = await generateDurably(steps, client, request, { key: event.instanceId });
 * task.results[0]; // => /\.mp4$/
 * ```
 */
export function generateDurably(
  steps: Steps,
  client: Pick<VideoClient, "submit" | "poll">,
  request: VideoRequest,
  options: DurableOptions,
): Promise<CompletedTask>;

/**
 * Waits for the video of a task that something else submitted, such as a proxy, in the steps `begin`, `look 1`,
 * `pause 2`, `look 2` and so on; otherwise as {@link generateDurably}.
 *
 * @throws `EvolinkError` as `VideoClient.submit` and `VideoClient.poll`.
 * @throws `TaskFailedError` or `TaskCancelledError` if the task ends that way.
 * @throws `WaitTimeoutError` after `timeoutMs`.
 *
 * @example
 * ```ts
 * const submitted = await step.do("submit", {}, async () => (await client.submit(request)).task.id);
 * const steps = workflowSteps(step, NonRetryableError);
 * const task = await followDurably(steps, client, submitted);
 * task.status; // => "completed"
 * ```
 */
export function followDurably(
  steps: Steps,
  client: Pick<VideoClient, "poll">,
  target: string | Task,
  options?: FollowOptions,
): Promise<CompletedTask>;
