/**
 * An emulator of the EvoLink Video Generation API as a `fetch` function: for tests, demos and offline work. It charges
 * nothing, has no dependencies, and sends only the requests of `callbackFetch` and `downloadFetch`.
 * `evolink-video/testing-server` serves it on a port.
 *
 * Units: options that end in `Time` are emulated seconds, as in the API. Names that end in `Ms`, and every `time`, are
 * milliseconds. Without `speed`, an emulated second is a second.
 * @module evolink-video/testing
 */

/** A value for all tasks, or a function that returns one for each task. `sequence` counts tasks from 1. */
export type PerTask<T> = T | ((request: CreateBody, sequence: number) => T);

/** The body of an accepted create call. */
export type CreateBody = {
  /** The model. */
  model: string;
  /** The prompt. */
  prompt: string;
} & Record<string, unknown>;

/** How a task ends. An object is the `error` of a failed task. Failed and cancelled tasks are refunded. */
export type Outcome =
  | "completed"
  | "cancelled"
  | {
      /** The code, for example `"content_policy_violation"`. */
      code: string;
      /** The text of the error. */
      message: string;
      /** The class of errors. */
      type?: string;
      /** The field of the request that is wrong. */
      param?: string;
      /** The suggestion. */
      suggestion?: string;
    };

/**
 * `billing.refund_status` of a failed or cancelled task. `charge_status` follows: `"completed"` and `"not_required"`
 * are `released`, `"pending"` is `reserved`, `"failed"` is `charged`, `"unknown"` is `unknown`. Only the first two
 * return the credits.
 */
export type RefundStatus = "unknown" | "not_required" | "pending" | "failed" | "completed";

/**
 * The location of a completed task's link. `"vendor"`: `results: [url]` and `result_data: [{url}]`, as in the one
 * known real response. The others are paths, where `[]` is an array with one item, and `"results"` an array of
 * strings. `"none"`: no link.
 */
export type ResultShape =
  | "vendor"
  | "results"
  | "results[].url"
  | "result_data[].video_url"
  | "result_data[].url"
  | "result_data.video_url"
  | "output.video_url"
  | "video_url"
  | "result.video_url"
  | "url"
  | "none";

/**
 * The form of errors, both of refused requests and of failed tasks.
 *
 * - `"code"`: `error: {code: "rate_limit_exceeded", message, type}`
 * - `"integer"`: `error: {code: 429, message, type: "rate_limit_exceeded"}`; 400 for every failed task
 * - `"capitals"`: `error: {code: "RATE_LIMIT_EXCEEDED", message, type}`
 * - `"string"`: `error: "rate_limit_exceeded", error_description: message`; `error: message` of a failed task
 * - `"absent"`: no `error`
 *
 * The refusals of the files endpoints are always `{success: false, code, msg}`.
 */
export type ErrorShape = "code" | "integer" | "capitals" | "string" | "absent";

/** The status of a task. */
export type EmulatedStatus = "pending" | "processing" | "completed" | "failed" | "cancelled";

/** The options of {@link createEmulator}. All have defaults. */
export interface EmulatorOptions {
  /**
   * The accepted API keys; others get 401. Default: any non-empty key. Each key has its own tasks, credits, files and
   * idempotency keys.
   */
  apiKeys?: readonly string[];
  /**
   * The initial credits of each account, 0 or more. A create call that costs more than the rest gets 402. Default
   * 1,000,000.
   */
  credits?: number;
  /**
   * The cost of a task in credits, 0 or more. Default 12, as in the reference's example (`per_call`,
   * `credits_reserved: 12`).
   */
  price?: PerTask<number>;
  /** The served models; others get 404 `model_unavailable`. Default: the ten Seedance 2.0 models. */
  models?: readonly string[];

  /**
   * Returns the time in milliseconds since 1970, for a test with a clock of its own. Default `Date.now`. With it,
   * only `delayMs` of faults uses timers.
   */
  now?: () => number;
  /** Emulated seconds per second of `now`; greater than 0. Default 1. */
  speed?: number;
  /**
   * The estimate in emulated seconds, 0 or more; `task_info.estimated_time` is that divided by `speed`, because a
   * client counts seconds of its own. Default: `taskTime`, else 165; 120 for fast models.
   */
  estimatedTime?: PerTask<number>;
  /**
   * Emulated seconds from the creation of a task to its end, 0 or more; `NaN` for a task that never ends. Default:
   * `estimatedTime`, else 60.
   */
  taskTime?: PerTask<number>;
  /**
   * The part of `taskTime` in which a task is `pending`, in emulated seconds. 0: it is `processing` immediately.
   * Default: a tenth.
   */
  pendingTime?: PerTask<number>;
  /**
   * The `progress` of tasks that are `processing`. `"linear"`: 0 to 99. `"steps"`: 0, and 65 after half of the
   * time. `"stuck"`: 0. A function receives the elapsed fraction of the processing time (0 to 1) and returns the
   * progress. Completed tasks have 100. Default `"linear"`.
   */
  progress?: "linear" | "steps" | "stuck" | ((fraction: number) => number);
  /** How tasks end. Default `"completed"`. */
  outcome?: PerTask<Outcome>;

  /** The refund of failed and cancelled tasks. Default `"completed"`. */
  refund?: PerTask<RefundStatus>;
  /** Which tasks have `billing`: failed and cancelled ones, or all. Default `"failed"`. */
  billing?: "failed" | "all";

  /** The location of a completed task's link. Default `"vendor"`. */
  resultShape?: PerTask<ResultShape>;
  /**
   * The link of a completed task. Default: `<origin of the request>/files/<task id>.mp4`, which the emulator
   * serves; behind a server, it plays. `"data"`: the video as a `data:` URL.
   */
  resultUrl?: "data" | (string & {}) | ((taskId: string, origin: string) => string);

  /**
   * Other words for a status: `succeeded`, `success`, `error`, `canceled`, `expired`, `queued`, `running`, capitals,
   * white space, or unknown words. Default: the status.
   */
  statusWords?: Partial<Record<EmulatedStatus, string>>;
  /** The field with the id of a task. Default `"id"`. */
  idField?: "id" | "task_id";
  /** Whether the responses to a create call and a read have the task in `data`. Default `false`. */
  wrapTasks?: boolean;
  /** The form of errors. Default `"code"`. */
  errorShape?: ErrorShape;

  /** Largest number of files that an account can have uploaded at a time, 0 or more. Default 100. */
  maxFiles?: number;
  /** The HTTP status of refusals of the files endpoints. Default: their `code`, which is 400, 401, 404 or 405. */
  fileRefusalStatus?: 200 | 400;
  /** Downloads the file of an upload by URL. Default: nothing is downloaded, and the stored file is empty. */
  downloadFetch?: (url: string) => Promise<Response>;

  /**
   * Sends callbacks when they are due. Default: callbacks are recorded in `Emulator.callbacks`, but not sent. With
   * `now`, requests and `flush` send them, because no timer follows that clock.
   */
  callbackFetch?: typeof fetch;
  /** Accepts a `callback_url` on a loopback address, also with http. Default `false`. */
  loopbackCallbacks?: boolean;
  /** The initial faults. The first that fires is applied. `inject` adds more. Default: none. */
  faults?: readonly Fault[];
}

/**
 * The operation of a request. `upload`, `files` (the list), `quota`, `receipt` and `delete` are those of the files
 * endpoints. `file` fetches a video or an uploaded file. `other`: an unknown path, or a method that the path does not
 * allow.
 */
export type Operation =
  | "create"
  | "read"
  | "batch"
  | "list"
  | "credits"
  | "models"
  | "upload"
  | "files"
  | "quota"
  | "receipt"
  | "delete"
  | "file"
  | "other";

/** The argument of a fault's `when`. */
export interface EmulatedRequest {
  /** The operation of the request. */
  operation: Operation;
  /** The method of HTTP. */
  method: string;
  /** The path of the URL. */
  path: string;
  /** The parsed JSON body, or `undefined` if there is none, it is a form or it is invalid. */
  body: unknown;
  /** The header `Idempotency-Key`; `null` if there is none. */
  idempotencyKey: string | null;
  /** The task id in the path of a read or a video; `null` elsewhere. */
  taskId: string | null;
}

/**
 * A kind of fault.
 *
 * - `"network"`: `fetch` rejects with {@link EmulatedNetworkError}; the server destroys the socket
 * - `"no-answer"`: `fetch` never settles unless it is aborted
 * - `"cut-body"`: half of the response, then an error
 * - `"stall-body"`: half of the response, then nothing
 * - `"endless-body"`: white space without end
 * - `"html"`: an HTML page instead of JSON, with the original status
 * - `"invalid-json"`: half of the JSON, as a complete body
 * - `"wrong-types"`: strings become numbers, and numbers strings
 * - `"missing-id"`: every `id` and `task_id` is removed
 * - an object: a custom response. A string `body` is sent unchanged (`text/plain`), any other value as JSON.
 *   Default: an error in the vendor's format
 */
export type FaultKind =
  | "network"
  | "no-answer"
  | "cut-body"
  | "stall-body"
  | "endless-body"
  | "html"
  | "invalid-json"
  | "wrong-types"
  | "missing-id"
  | {
      /** The HTTP status, 200 to 599. */
      status: number;
      /** Further headers. Default: none. */
      headers?: Record<string, string>;
      /** The body. */
      body?: unknown;
    };

/** A delay, a fault, or both. */
export interface FaultAction {
  /**
   * The delay before the request is processed, in real milliseconds, 0 or more. A create call reserves its
   * idempotency key meanwhile. Default 0.
   */
  delayMs?: number;
  /** The kind of fault. Default: none, only the delay. */
  fault?: FaultKind;
  /**
   * Whether the request is processed, and a create call charged, although its response is lost or corrupted.
   * Default: `false` for `"network"`, `"no-answer"` and custom responses, else `true`. If `false`, the fault is
   * applied to a 502 error.
   */
  carriedOut?: boolean;
}

/** The requests that a fault applies to: those that match both. */
export interface FaultMatch {
  /** The operation. Default `"any"`. */
  on?: Operation | "any";
  /** Returns whether the request matches. Default: it does. */
  when?: (request: EmulatedRequest) => boolean;
}

/** A fault for selected requests. */
export interface FaultRule extends FaultMatch, FaultAction {
  /** Applies to the nth matching request only, counted from 1. Default: to each. */
  nth?: number;
  /** Applies at most this many times, 1 or more. Default: no limit. */
  times?: number;
}

/** Random faults. The same seed and the same requests give the same faults. */
export interface RandomFaults extends FaultMatch {
  /** The seed of the random numbers: any integer, 0 or more. */
  seed: number;
  /** The fraction of matching requests with a fault, 0 to 1. */
  rate: number;
  /** The faults to draw from, with equal probability. Default: all faults with which `fetch` settles. */
  among?: readonly FaultAction[];
}

/** A fault for selected requests, or random faults. */
export type Fault = FaultRule | RandomFaults;

/** The error of a network fault: that of a failed `fetch`, with `emulatedFault` to recognize it. */
export interface EmulatedNetworkError extends TypeError {
  /** Marks the error as one of the emulator. */
  readonly emulatedFault: "network";
}

/** A logged request. It never contains the API key. */
export interface LogEntry {
  /** When it was received, in milliseconds since 1970. */
  time: number;
  /** The operation of the request. `preflight`: an OPTIONS request, to which no faults apply. */
  operation: Operation | "preflight";
  /** The method of HTTP. */
  method: string;
  /** The path of the URL. */
  path: string;
  /** The HTTP status of the response, or `null` if there is none (yet). */
  status: number | null;
  /** The applied fault: its kind, `"status"` for a custom response, `"delay"` for a delay alone, or `null`. */
  fault: string | null;
  /** The header `Idempotency-Key`; `null` if there is none. */
  idempotencyKey: string | null;
  /** The task that was read, created or replayed, even if the response was lost. */
  taskId: string | null;
  /** Whether the response was the task of an earlier call. */
  replayed: boolean;
}

/** A charge of an account. */
export interface Charge {
  /** When it was charged, in milliseconds since 1970. */
  time: number;
  /** The task that was charged. */
  taskId: string;
  /** Credits that were charged. */
  credits: number;
  /** Whether they were returned. */
  refunded: boolean;
}

/** A callback of a task that has ended. */
export interface Callback {
  /** The `callback_url` of the task. */
  url: string;
  /** The body of the callback: the task. */
  task: Record<string, unknown>;
  /** At most 4. Empty without `callbackFetch`. */
  attempts: {
    /** When it was sent, in milliseconds since 1970. */
    time: number;
    /** The HTTP status of the response; `null` if there was none. */
    status: number | null;
  }[];
  /** Whether an attempt got a 2xx status. */
  delivered: boolean;
}

/** How often things happened, since the start or `reset`. */
export interface Counts {
  /** Number of received create calls, including those with a fault. */
  submissions: number;
  /** Number of created tasks. */
  created: number;
  /** Number of responses with the task of an earlier call. */
  replays: number;
  /** Number of charges. */
  charges: number;
  /** Number of refunds. */
  refunds: number;
  /** Credits that were charged. */
  creditsCharged: number;
  /** Credits that were returned. */
  creditsRefunded: number;
  /** Number of reads of one task. */
  reads: number;
  /** Number of reads of many tasks. */
  batchReads: number;
}

/** An emulator of the API. Made by {@link createEmulator}. */
export interface Emulator {
  /**
   * The API as a `fetch` function, to be passed to a client. It does not depend on `this`, and accepts any origin, so
   * that it is the files API too. Links have the origin of the request.
   *
   * @example
   * ```ts
   * const emulator = createEmulator({ taskTime: 0.1 });
   * const client = new VideoClient({ apiKey: "any", fetch: emulator.fetch });
   * (await client.generate(request)).status; // => "completed"
   * ```
   */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /**
   * Adds a fault after the existing ones.
   *
   * @throws `TypeError` if the fault is invalid.
   *
   * @example
   * ```ts
   * emulator.inject({ on: "create", nth: 1, fault: "network", carriedOut: true }); // the answer is lost
   * await client.generate(request);
   * emulator.counts.submissions; // => 2
   * emulator.counts.charges; // => 1
   * ```
   */
  inject(fault: Fault): void;
  /** The received requests, oldest first. */
  readonly requests: readonly Readonly<LogEntry>[];
  /** The charges, oldest first. */
  readonly charges: readonly Readonly<Charge>[];
  /** The callbacks of the tasks that have ended, in the order of their ends. */
  readonly callbacks: readonly Readonly<Callback>[];
  /** How often things happened. */
  readonly counts: Counts;
  /**
   * Sends the callbacks that are due, and resolves when none is in flight. Every request also sends them, without
   * waiting, and so does a timer, which does not keep a process alive (Node and Bun), unless `now` is set. Never
   * rejects.
   *
   * @example
   * ```ts
   * const emulator = createEmulator({ taskTime: 0, callbackFetch: async () => new Response() });
   * const client = new VideoClient({ apiKey: "any", fetch: emulator.fetch });
   * await client.generate({ ...request, callback_url: "https://app.example/callback" });
   * await emulator.flush();
   * emulator.callbacks[0].delivered; // => true
   * ```
   */
  flush(): Promise<void>;
  /**
   * Discards tasks, accounts, logs and injected faults, and restarts the faults of the options. Never throws.
   *
   * @example
   * ```ts
   * await client.generate(request);
   * emulator.reset();
   * emulator.counts.charges; // => 0
   * ```
   */
  reset(): void;
}

/**
 * Creates an emulator.
 *
 * @throws `TypeError` if `speed`, `resultShape`, `errorShape`, a fault or an operation is invalid.
 *
 * @example
 * ```ts
 * const emulator = createEmulator({ taskTime: 0.1, price: 30 });
 * const client = new VideoClient({ apiKey: "any", fetch: emulator.fetch });
 * await client.generate(request);
 * emulator.counts.creditsCharged; // => 30
 * ```
 */
export function createEmulator(options?: EmulatorOptions): Emulator;
