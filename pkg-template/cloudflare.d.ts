/**
 * Cloudflare's parts: Workflows, Durable Objects, R2. The types of the platform are structural, so that no package is
 * needed for them.
 * @module evolink-video/cloudflare
 */

import type { Steps } from "./durable.js";
import type {
  CancelledTask,
  CompletedTask,
  EvolinkError,
  FailedTask,
  PollState,
  Store,
  Task,
  VideoClient,
  VideoRequest,
} from "./index.js";

// ---- Workflows

/** `step` of a `WorkflowEntrypoint`. */
export interface WorkflowStepLike {
  do(name: string, config: any, callback: () => Promise<any>): Promise<any>;
  sleep(name: string, duration: number): Promise<void>;
  waitForEvent(name: string, options: { type: string; timeout?: number }): Promise<unknown>;
}

/** Of `step.do`. */
export interface WorkflowConfig {
  retries?: { limit: number; delay: number | string; backoff?: "constant" | "linear" | "exponential" };
  timeout?: number | string;
}

/** The options of {@link workflowSteps}. */
export interface WorkflowOptions {
  /**
   * The `type` of the event that wakes the instance early. The handler of the API's callback sends it with
   * `instance.sendEvent({ type, payload })`. A callback that is lost costs only the schedule's delay. Default: no
   * event.
   */
  event?: string | undefined;
  /** How each step is repeated. Default: 10 times in two hours, with growing delays. */
  config?: WorkflowConfig | undefined;
}

/**
 * Makes the steps of `generateDurably` in a Workflow. Never throws.
 *
 * @param NonRetryableError The class of `cloudflare:workflows`.
 *
 * @example
 * ```ts
 * // In `run(event, step)` of a `WorkflowEntrypoint`.
 * const steps = workflowSteps(step, NonRetryableError);
 * const task = await generateDurably(steps, client, request, { key: event.instanceId });
 * task.status; // => "completed"
 * ```
 */
export function workflowSteps(
  step: WorkflowStepLike,
  NonRetryableError: new (message: string, name?: string) => Error,
  options?: WorkflowOptions,
): Steps;

// ---- Durable Objects

/** A transaction of {@link DurableStorage}. */
export interface DurableTransaction {
  get(key: string): Promise<unknown>;
  get(keys: string[]): Promise<Map<string, unknown>>;
  put(key: string, value: unknown): Promise<void>;
  put(entries: Record<string, unknown>): Promise<void>;
  delete(key: string): Promise<boolean>;
  delete(keys: string[]): Promise<number>;
}

/** `ctx.storage` of a Durable Object. */
export interface DurableStorage extends DurableTransaction {
  list(options?: { prefix?: string; end?: string; limit?: number }): Promise<Map<string, unknown>>;
  transaction<T>(closure: (transaction: DurableTransaction) => Promise<T>): Promise<T>;
  getAlarm(): Promise<number | null>;
  setAlarm(scheduledTime: number): Promise<void>;
  deleteAlarm(): Promise<void>;
}

/** A `Store` whose values can also be changed atomically. */
export interface DurableStore extends Store {
  /** Returns a value; `null` if there is none. */
  getItem(key: string): Promise<string | null>;
  /** Writes a value. */
  setItem(key: string, value: string): Promise<void>;
  /** Removes a value, if there is one. */
  removeItem(key: string): Promise<void>;
  /** Returns the keys that begin with `base`. */
  getKeys(base?: string): Promise<string[]>;
  /**
   * Replaces a value with what `change` returns for it, and resolves with that; `null` for none. No other write comes
   * in between. `change` may be called again.
   */
  update(
    key: string,
    change: (value: string | null) => string | null | Promise<string | null>,
  ): Promise<string | null>;
}

/**
 * Makes the `store` of a client from the storage of a Durable Object. Never throws; its methods reject if the storage
 * does.
 *
 * @example
 * ```ts
 * const store = durableStore(ctx.storage);
 * const client = new VideoClient({ apiKey: "sk-...", store });
 * await client.submit(request);
 * (await client.pending()).length; // => 1
 * ```
 */
export function durableStore(storage: DurableStorage): DurableStore;

/** A task as an alarm last saw it. */
export interface FollowedTask<Ref = unknown> {
  /** The task; `null` until it was read. */
  task: Task | null;
  /** For `progressEstimate`; `null` until the task was read. */
  state: PollState | null;
  /** The value that was passed to `submit` or `follow`. */
  ref: Ref;
  /** Why the task is no longer followed: the error that `onError` received. */
  error?: EvolinkError;
}

/** The options of {@link videoAlarm}. */
export interface AlarmOptions<Ref = unknown> {
  /**
   * Gets each task that ended, at least once: again if it threw, if it took more than five minutes, or if the object died
   * meanwhile. `saveToR2` stores a video only once.
   */
  onTask(
    task: CompletedTask | FailedTask | CancelledTask,
    about: {
      /** The value that was passed to `submit` or `follow`. */
      ref: Ref;
    },
  ): unknown;
  /**
   * Receives tasks and orders that were given up, at least once each: a task that the API does not know or calls invalid
   * in five reads, that has no link or did not end within three days, and an interrupted order that the API refuses now
   * or that is a day old. Default: none.
   */
  onError?:
    | ((
        error: EvolinkError,
        about: {
          /** The id of the task. */
          id?: string;
          /** The idempotency key of the order. */
          key?: string;
          /** The value that was passed to `submit` or `follow`. */
          ref: Ref;
        },
      ) => unknown)
    | undefined;
}

/** The tasks that an object follows. Made by {@link videoAlarm}. */
export interface VideoAlarm<Ref = unknown> {
  /**
   * Submits an order and follows its task. The order is written before it is sent. A repeated call with the same `key`
   * is the same order, and resolves with its task.
   *
   * An error with `charged: "no"` ends the order. After any other, and after the death of the process, the alarm sends
   * it again with the same idempotency key. Files of the request must be URLs. A key is kept for good, about 200 bytes.
   *
   * @param options.key The id of the order: any string.
   * @param options.ref Passed to `onTask`: any value that can be stored.
   * @throws `ValidationError` with every issue, or if a file of the request is not a URL.
   * @throws `EvolinkError` as `VideoClient.submit`.
   *
   * @example
   * ```ts
   * const alarm = videoAlarm(ctx.storage, client, { onTask: (task, { ref }) => console.log(ref, task.status) });
   * const task = await alarm.submit(request, { key: "order-7", ref: { user: "ann" } });
   * const same = await alarm.submit(request, { key: "order-7", ref: { user: "ann" } });
   * same.id === task.id; // => true
   * ```
   */
  submit(request: VideoRequest, options: { key: string; ref?: Ref }): Promise<Task>;
  /**
   * Follows a task that was submitted elsewhere. Does nothing if it is followed already.
   *
   * @throws `ConfigurationError` for an id that no task has.
   *
   * @example
   * ```ts
   * const alarm = videoAlarm(ctx.storage, client, { onTask: (task, { ref }) => console.log(ref, task.status) });
   * const { task } = await client.submit(request);
   * await alarm.follow(task.id, { ref: { user: "ann" } });
   * ```
   */
  follow(
    target: string | Task,
    options?: {
      /** Passed to `onTask`: any value that can be stored. Default: `undefined`. */
      ref?: Ref;
    },
  ): Promise<void>;
  /**
   * Returns the last known state of a task, from the storage; `null` if it is not followed. Forgotten a week after
   * `onTask`.
   *
   * @throws `Error` of the storage, if that fails.
   *
   * @example
   * ```ts
   * const alarm = videoAlarm(ctx.storage, client, { onTask: (task, { ref }) => console.log(ref, task.status) });
   * const { id } = await alarm.submit(request, { key: "order-7", ref: { user: "ann" } });
   * const followed = await alarm.look(id);
   * followed?.ref; // => { user: "ann" }
   * ```
   */
  look(id: string): Promise<FollowedTask<Ref> | null>;
  /**
   * Must be called by the object's `alarm` method. Reads what is due, 50 tasks with one call, and sets the next alarm.
   *
   * @throws `Error` of the storage, if that fails. Cloudflare repeats the alarm then.
   *
   * @example
   * ```ts
   * let delivered = "";
   * const videos = videoAlarm(ctx.storage, client, { onTask: (task) => (delivered = task.status) });
   * await videos.submit(request, { key: "order-7" });
   * await new Promise((resolve) => setTimeout(resolve, 1500)); // Cloudflare calls `alarm` when it is due
   * await videos.alarm();
   * delivered; // => "completed"
   * ```
   */
  alarm(): Promise<void>;
}

/**
 * Follows the tasks of an account in one Durable Object, thousands of them, with one alarm. The object's only alarm
 * must be this one. Make it once, in the constructor. Never throws.
 *
 * A task may be read up to five seconds late, to share a call with others.
 *
 * @example
 * ```ts
 * // In the constructor of a Durable Object whose `alarm` method calls `videos.alarm()`.
 * const videos = videoAlarm(ctx.storage, client, {
 *   onTask: (task, { ref }) => console.log(ref, task.status), // your database
 * });
 * await videos.submit(request, { key: "order-7", ref: { user: "ann" } });
 * ```
 */
export function videoAlarm<Ref = unknown>(
  storage: DurableStorage,
  client: Pick<VideoClient, "submit" | "retrieve" | "pollAll">,
  options: AlarmOptions<Ref>,
): VideoAlarm<Ref>;

// ---- R2

/** An object of R2. */
export interface R2ObjectLike {
  size: number;
  etag: string;
}

/** A bucket of R2, as bound to a Worker. */
export interface R2BucketLike {
  head(key: string): Promise<R2ObjectLike | null>;
  get(key: string): Promise<(R2ObjectLike & { body: ReadableStream<any> }) | null>;
  put(key: string, value: any, options?: any): Promise<R2ObjectLike | null>;
}

/** The part of a `Response` that {@link saveToR2} reads. */
export interface ResponseLike {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: ReadableStream<any> | null;
}

/** Fetches a link. Default of {@link SaveOptions.fetch}: the host's `fetch`. */
export type FetchLike = (url: string, init: { signal: AbortSignal }) => Promise<ResponseLike>;

/** The options of {@link saveToR2}. */
export interface SaveOptions {
  /** Name of the object. Default: the id of the task, and `.mp4`. */
  key?: string | undefined;
  /** Fetches the link. Default: the host's `fetch`. */
  fetch?: FetchLike | undefined;
  /** Aborts the transfer, which rejects with `signal.reason`. Default: none. */
  signal?: AbortSignal | undefined;
}

/** A video in R2. */
export interface SavedVideo {
  /** Name of the object. */
  key: string;
  /** Bytes of the video. */
  bytes: number;
  /** Hexadecimal digest of the video; `null` for a stream outside of workerd. */
  sha256: string | null;
  /** The ETag of the object. */
  etag: string;
  /** Whether this call stored it. `false`: an earlier one did. */
  stored: boolean;
}

/**
 * Stores the first video of a task in R2, once: its link expires 24 hours after completion. The video is streamed, and
 * stored only if it has the length of its `Content-Length` and the type of a video.
 *
 * A link that does not work yet is tried again for half a minute.
 *
 * @throws `ValidationError` if the task has no link.
 * @throws `NotFoundError` with the code `result_expired` if the link expired.
 * @throws `ConnectionError` with the code `broken_answer` if the transfer broke off. Call again.
 * @throws `ServerError` with the code `invalid_answer` if the link leads to no video, or if R2 did not store it. Call
 * again.
 *
 * @example
 * ```ts
 * const task = await client.generate(request);
 * const { key, stored } = await saveToR2(task, env.VIDEOS, { fetch: emulator.fetch });
 * key === `${task.id}.mp4`; // => true
 * stored; // => true
 * ```
 */
export function saveToR2(
  task: CompletedTask,
  bucket: R2BucketLike,
  options?: SaveOptions,
): Promise<SavedVideo>;
