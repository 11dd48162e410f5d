// An emulator of the EvoLink Video Generation API as a `fetch` function: for tests, demos and
// offline work. It charges nothing, sends no requests, and has no dependencies.
//
// Units: options that end in `Time` are emulated seconds, as in the API. Names that end in `Ms`,
// and every `time`, are milliseconds.

/** A value for all tasks, or a function that returns one for each task. `sequence` counts tasks from 1. */
export type PerTask<T> = T | ((request: CreateBody, sequence: number) => T);

/** The body of an accepted create call. */
export type CreateBody = { model: string; prompt: string } & Record<string, unknown>;

/** How a task ends. An object is the `error` of a failed task. Failed and cancelled tasks are refunded. */
export type Outcome = "completed" | "cancelled" | { code: string; message: string };

export interface EmulatorOptions {
  /** The accepted API keys; others get 401. Default: any non-empty key. Each key has its own tasks, credits and idempotency keys. */
  apiKeys?: readonly string[];
  /** The initial credits of each account. A create call that costs more than the rest gets 402. Default 1,000,000. */
  credits?: number;
  /** The cost of a task in credits. Default 12, as in the reference's example (`per_call`, `credits_reserved: 12`). */
  price?: PerTask<number>;
  /** The served models; others get 404 `model_unavailable`. Default: the ten Seedance 2.0 models. */
  models?: readonly string[];

  /** Returns the time in milliseconds since 1970. Default `Date.now`. Tasks use no timers, so a test can supply a fake clock. */
  now?: () => number;
  /** Emulated seconds per second of `now`; greater than 0. Default 1. */
  speed?: number;
  /** `task_info.estimated_time` in emulated seconds. Default 165; 120 for fast models. */
  estimatedTime?: PerTask<number>;
  /** Emulated seconds from the creation of a task to its end. Default: `estimatedTime`. */
  taskTime?: PerTask<number>;
  /** The part of `taskTime` in which a task is `pending`, in emulated seconds. Default: a tenth. */
  pendingTime?: PerTask<number>;
  /**
   * The `progress` of tasks that are `processing`. `"linear"`: 0 to 99. `"steps"`: 0, and 65 after half of the
   * time. `"stuck"`: 0. A function receives the elapsed fraction of the processing time (0 to 1) and returns the
   * progress. Completed tasks have 100. Default `"linear"`.
   */
  progress?: "linear" | "steps" | "stuck" | ((fraction: number) => number);
  /** How tasks end. Default `"completed"`. */
  outcome?: PerTask<Outcome>;

  /** The location of a completed task's link: `results: [url]`, `result_data: [{video_url}]` or `output: {video_url}`. Default `"results"`. */
  resultShape?: "results" | "result_data" | "output";
  /**
   * The link of a completed task. Default: `<origin of the request>/files/<task id>.mp4`, which the emulator
   * serves; behind a server, it plays. `"data"`: the video as a `data:` URL.
   */
  resultUrl?: "data" | (string & {}) | ((taskId: string, origin: string) => string);

  /** Sends callbacks. Default: callbacks are recorded in `Emulator.callbacks`, but not sent. */
  callbackFetch?: typeof fetch;
  /** The initial faults. The first that fires is applied. `inject` adds more. */
  faults?: readonly Fault[];
}

/** The operation of a request. `other`: an unknown path, or a method that the path does not allow. */
export type Operation = "create" | "read" | "batch" | "list" | "credits" | "models" | "file" | "other";

/** The argument of a fault's `when`. */
export interface EmulatedRequest {
  operation: Operation;
  method: string;
  path: string;
  /** The parsed JSON body, or `undefined` if there is none or it is invalid. */
  body: unknown;
  idempotencyKey: string | null;
  /** The task id in the path of a read or a file. */
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
 * - `"missing-id"`: every `id` is removed
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
  | { status: number; headers?: Record<string, string>; body?: unknown };

/** A delay, a fault, or both. */
export interface FaultAction {
  /** The delay before the request is processed, in real milliseconds. A create call reserves its idempotency key meanwhile. */
  delayMs?: number;
  fault?: FaultKind;
  /**
   * Whether the request is processed, and a create call charged, although its response is lost or corrupted.
   * Default: `false` for `"network"`, `"no-answer"` and custom responses, else `true`. If `false`, the fault is
   * applied to a 502 error.
   */
  carriedOut?: boolean;
}

export interface FaultMatch {
  /** Default `"any"`. */
  on?: Operation | "any";
  when?: (request: EmulatedRequest) => boolean;
}

/** A fault for selected requests. */
export interface FaultRule extends FaultMatch, FaultAction {
  /** Applies to the nth matching request only, counted from 1. */
  nth?: number;
  /** Applies at most this many times. Default: no limit. */
  times?: number;
}

/** Random faults. The same seed and the same requests give the same faults. */
export interface RandomFaults extends FaultMatch {
  seed: number;
  /** The fraction of matching requests with a fault, 0 to 1. */
  rate: number;
  /** The faults to draw from, with equal probability. Default: all faults with which `fetch` settles. */
  among?: readonly FaultAction[];
}

export type Fault = FaultRule | RandomFaults;

/** The error of a network fault: that of a failed `fetch`, with `emulatedFault` to recognize it. */
export interface EmulatedNetworkError extends TypeError {
  readonly emulatedFault: "network";
}

/** A logged request. It never contains the API key. */
export interface LogEntry {
  /** When it was received. */
  time: number;
  /** `preflight`: an OPTIONS request, to which no faults apply. */
  operation: Operation | "preflight";
  method: string;
  path: string;
  /** The status of the response, or `null` if there is none (yet). */
  status: number | null;
  /** The applied fault: its kind, `"status"` for a custom response, `"delay"` for a delay alone, or `null`. */
  fault: string | null;
  idempotencyKey: string | null;
  /** The task that was read, created or replayed, even if the response was lost. */
  taskId: string | null;
  /** Whether the response was the task of an earlier call. */
  replayed: boolean;
}

export interface Charge {
  time: number;
  taskId: string;
  credits: number;
  refunded: boolean;
}

export interface Callback {
  url: string;
  /** The body of the callback: the task. */
  task: Record<string, unknown>;
  /** At most 4. `status` is `null` if there was no response. Empty without `callbackFetch`. */
  attempts: { time: number; status: number | null }[];
  /** Whether an attempt got a 2xx status. */
  delivered: boolean;
}

export interface Counts {
  /** Received create calls, including those with a fault. */
  submissions: number;
  /** Created tasks. */
  created: number;
  /** Responses with the task of an earlier call. */
  replays: number;
  charges: number;
  refunds: number;
  creditsCharged: number;
  creditsRefunded: number;
  reads: number;
  batchReads: number;
}

export interface Emulator {
  /** The API as a `fetch` function, to be passed to a client. It does not depend on `this`, and accepts any origin. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Adds a fault after the existing ones. */
  inject(fault: Fault): void;
  /** The received requests, oldest first. */
  readonly requests: readonly Readonly<LogEntry>[];
  /** The charges, oldest first. */
  readonly charges: readonly Readonly<Charge>[];
  /** The callbacks of the tasks that have ended, in the order of their ends. */
  readonly callbacks: readonly Readonly<Callback>[];
  readonly counts: Counts;
  /**
   * Sends the callbacks that are due, and resolves when none is in flight. Every request also sends them, without
   * waiting. There are no timers that would send them, or keep a process alive.
   */
  flush(): Promise<void>;
  /** Discards tasks, accounts, logs and injected faults, and restarts the faults of the options. */
  reset(): void;
}

/**
 * Creates an emulator.
 * @throws {TypeError} if `speed`, a fault or an operation is invalid.
 */
export function createEmulator(options?: EmulatorOptions): Emulator;
