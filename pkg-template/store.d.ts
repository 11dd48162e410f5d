/**
 * One video at a time, as the external store of a front end: React, Vue, Svelte, Solid. It makes the idempotency key, so
 * that effects that run twice, retries and reloads are charged once.
 * @module evolink-video/store
 */

import type { CompletedTask, EvolinkError, PollState, Task, VideoClient, VideoRequest } from "./index.js";

/** The properties of every snapshot. */
export interface SnapshotFields {
  /** For `progressEstimate`; `null` before the answer to the submission. */
  readonly state: PollState | null;
  /** The key of the order; `null` if there is none, and of a task that was submitted elsewhere. */
  readonly idempotencyKey: string | null;
}
/**
 * - `"idle"`: nothing was asked for, or `stop` ended the wait.
 * - `"submitting"`, `"waiting"`: a video is being made.
 */
export interface OpenSnapshot extends SnapshotFields {
  /** The state of the store. */
  readonly status: "idle" | "submitting" | "waiting";
  /** The task as it was last seen; `null` before the answer to the submission. */
  readonly task: Task | null;
  /** There was none since the last call. */
  readonly error: null;
}
/** `task.results` has the links. */
export interface CompletedSnapshot extends SnapshotFields {
  /** The video is ready. */
  readonly status: "completed";
  /** The finished task. */
  readonly task: CompletedTask;
  /** There was none. */
  readonly error: null;
}
/**
 * - `"failed"`: nothing was charged. `retry` submits again, as another order.
 * - `"cancelled"`: the task was cancelled.
 * - `"unknown"`: the video may have been charged, and may still be made. `retry` continues the same order.
 */
export interface ErrorSnapshot extends SnapshotFields {
  /** How it ended. */
  readonly status: "failed" | "cancelled" | "unknown";
  /** The task as it was last seen; `null` before the answer to the submission. */
  readonly task: Task | null;
  /** Why the last call failed. */
  readonly error: EvolinkError;
}
/** The state of a store, discriminated by `status`. Frozen, and the same object until something changes. */
export type VideoSnapshot = OpenSnapshot | CompletedSnapshot | ErrorSnapshot;

/** The options of {@link createVideoStore}. */
export interface VideoStoreOptions {
  /**
   * Tells the stores of a client apart. A page that continues an order must use the same name. Default `"video"`.
   */
  name?: string | undefined;
}

/** The methods need no `this`. */
export interface VideoStore {
  /**
   * Calls the listener after each change, as `useSyncExternalStore` of React expects it. Returns a function that ends
   * it. The first call continues an order of an earlier page that the client's `store` has. Never throws.
   *
   * @example
   * ```ts
   * const video = createVideoStore(client);
   * const unsubscribe = video.subscribe(() => console.log(video.getSnapshot().status));
   * await video.generate(request);
   * unsubscribe();
   * ```
   */
  subscribe(listener: () => void): () => void;
  /**
   * Returns the current snapshot. Never throws.
   *
   * @example
   * ```ts
   * const video = createVideoStore(client);
   * video.getSnapshot().status; // => "idle"
   * ```
   */
  getSnapshot(): VideoSnapshot;
  /**
   * Submits a request and waits without a time limit. While a video is being made or its outcome is unknown, the same
   * request is the same order, with the same key. Resolves with `undefined` if `stop` or `reset` ended it. The snapshot
   * has the error too, so the promise may be ignored.
   *
   * @throws `EvolinkError` as `VideoClient.submit` and `VideoClient.wait`.
   * @throws `ConfigurationError` while the store makes another video.
   *
   * @example
   * ```ts
   * const video = createVideoStore(client);
   * const both = [video.generate(request), video.generate(request)]; // an effect that runs twice
   * const [task, same] = await Promise.all(both);
   * task === same; // => true
   * emulator.counts.charges; // => 1
   * ```
   */
  generate(request: VideoRequest): Promise<CompletedTask | undefined>;
  /**
   * Waits for a task that was submitted elsewhere, as `generate` does.
   *
   * @throws `EvolinkError` as `VideoClient.wait`.
   * @throws `ConfigurationError` while the store makes another video.
   *
   * @example
   * ```ts
   * const video = createVideoStore(client);
   * const { task } = await client.submit(request);
   * await video.follow(task.id);
   * video.getSnapshot().status; // => "completed"
   * ```
   */
  follow(taskId: string): Promise<CompletedTask | undefined>;
  /**
   * Continues after an error or `stop`: an unsettled order with its key, which is not charged twice; a failed one as a
   * new order. Otherwise resolves with `undefined`.
   *
   * @throws `EvolinkError` as `generate`.
   *
   * @example
   * ```ts
   * const video = createVideoStore(client);
   * emulator.inject({ on: "create", times: 3, fault: "network", carriedOut: true }); // each answer is lost
   * await video.generate(request).catch(() => {});
   * video.getSnapshot().status; // => "unknown"
   * await video.retry();
   * emulator.counts.charges; // => 1
   * ```
   */
  retry(): Promise<CompletedTask | undefined>;
  /**
   * Ends the wait. A submission that was sent, and its task, continue on the server. Never throws.
   *
   * @example
   * ```ts
   * const video = createVideoStore(client);
   * const outcome = video.generate(request);
   * video.stop();
   * await outcome; // => undefined
   * ```
   */
  stop(): void;
  /**
   * As `stop`, and forgets the order: neither `retry` nor a later page continues it. Cancels nothing on the server.
   * Never throws.
   *
   * @example
   * ```ts
   * const video = createVideoStore(client);
   * await video.generate(request);
   * video.reset();
   * video.getSnapshot().status; // => "idle"
   * ```
   */
  reset(): void;
}

/**
 * Makes a store. Create it outside of components, once for each place that shows one video. Nothing is sent before
 * `subscribe` or another method is called. Never throws.
 *
 * With a `store`, such as `localStorage`, the client keeps the order, and after a reload the first `subscribe`
 * continues it. Tabs with one `localStorage` share the order; with `sessionStorage` each has its own. Without a
 * store, the order lasts as long as the page.
 *
 * @example
 * ```ts
 * // In React: `useSyncExternalStore(video.subscribe, video.getSnapshot, video.getSnapshot)`.
 * const video = createVideoStore(client);
 * video.subscribe(() => console.log(video.getSnapshot().status));
 * await video.generate(request);
 * video.getSnapshot().status; // => "completed"
 * ```
 */
export function createVideoStore(client: VideoClient, options?: VideoStoreOptions): VideoStore;

// Without this, every declaration of the file would be exported.
export {};
