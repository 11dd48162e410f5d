// The EvoLink Video Generation API as a function: for tests, demos and offline
// work. It charges nothing, sends nothing, and has no dependency.
//
// Units: option names in `Time` are emulated seconds, as in the API; names in
// `Ms` and every `time` are milliseconds.

/** A value for every task, or a function that gives one for each. */
export type PerTask<T> = T | ((request: CreateBody, sequence: number) => T);

/** Body of an accepted create call. */
export type CreateBody = { model: string; prompt: string } & Record<string, unknown>;

/** How a task ends. An object is a failed task's `error`; failed and cancelled tasks are refunded. */
export type Outcome = "completed" | "cancelled" | { code: string; message: string };

export interface EmulatorOptions {
  /** Bearer keys that are let in; others get 401. Default: any non-empty key. Each key is an account of its own: tasks, credits, idempotency keys. */
  apiKeys?: readonly string[];
  /** Credits each account starts with; a create call that costs more than what is left gets 402. Default 1 000 000. */
  credits?: number;
  /** Credits a task costs. Default 12, flat: the reference's example (`per_call`, `credits_reserved: 12`). */
  price?: PerTask<number>;
  /** Models that exist; others get 404 `model_unavailable`. Default: the ten Seedance 2.0 models. */
  models?: readonly string[];

  /** Time source, milliseconds since 1970. Default `Date.now`. Tasks only look at it, so a test may move it by hand. */
  now?: () => number;
  /** Emulated seconds that pass in a second of `now`. Above 0. Default 1. */
  speed?: number;
  /** `task_info.estimated_time`, emulated seconds. Default 165, and 120 for fast models. */
  estimatedTime?: PerTask<number>;
  /** Emulated seconds from creation to the end. Default: the task's estimate. */
  taskTime?: PerTask<number>;
  /** Emulated seconds of `taskTime` that a task is `pending`. Default: a tenth of it. */
  pendingTime?: PerTask<number>;
  /**
   * What `progress` shows while `processing`. `"linear"`: 0 to 99. `"steps"`: 0, from half-time on 65.
   * `"stuck"`: 0. A function gets the fraction of the processing time that is over (0 to 1) and its result is
   * shown as it is. Completed tasks show 100. Default `"linear"`.
   */
  progress?: "linear" | "steps" | "stuck" | ((fraction: number) => number);
  /** Default `"completed"`. */
  outcome?: PerTask<Outcome>;

  /** Where a completed task has its link: `results: [url]`, `result_data: [{video_url}]` or `output: {video_url}`. Default `"results"`. */
  resultShape?: "results" | "result_data" | "output";
  /**
   * The link. Default: `<origin of the request>/files/<task id>.mp4`, which this emulator serves, and which
   * really plays when it stands behind a server. `"data"`: the video itself as a `data:` URL.
   */
  resultUrl?: "data" | (string & {}) | ((taskId: string, origin: string) => string);

  /** Carries callbacks out. Default: none, they are only recorded in `Emulator.callbacks`. */
  callbackFetch?: typeof fetch;
  /** Faults from the start on; the first that fires wins. `inject` adds more. */
  faults?: readonly Fault[];
}

/** What a request asks for. `other`: no such path, or not this method. */
export type Operation = "create" | "read" | "batch" | "list" | "credits" | "models" | "file" | "other";

/** What a fault's `when` sees. */
export interface EmulatedRequest {
  operation: Operation;
  method: string;
  path: string;
  /** The parsed JSON body; `undefined` where there is none or it is no JSON. */
  body: unknown;
  idempotencyKey: string | null;
  /** Of a read or a file. */
  taskId: string | null;
}

/**
 * What goes wrong.
 *
 * - `"network"`: rejects with {@link EmulatedNetworkError}; behind the server the socket is destroyed
 * - `"no-answer"`: never settles, until it is aborted
 * - `"cut-body"`: half of the answer, then the body fails
 * - `"stall-body"`: half of the answer, then nothing more
 * - `"endless-body"`: white space without end, then nothing else
 * - `"html"`: a page instead of the JSON, with the status of the answer
 * - `"invalid-json"`: half of the JSON, as if it were all
 * - `"wrong-types"`: every string a number, every number a string
 * - `"missing-id"`: no `id` anywhere
 * - an answer of one's own. `body`: a string goes out as it is (`text/plain`), anything else as JSON; default:
 *   an error of the vendor's shape
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

/** One of the two, or both. */
export interface FaultAction {
  /** Real milliseconds before the request is carried out, or not. A create call holds its idempotency key meanwhile. */
  delayMs?: number;
  fault?: FaultKind;
  /**
   * Whether the request is carried out, and a create call charged, although its answer is lost or spoilt.
   * Default: no for `"network"`, `"no-answer"` and an answer of one's own, yes for the others. What is spoilt is
   * then a 502 error.
   */
  carriedOut?: boolean;
}

export interface FaultMatch {
  /** Default `"any"`. */
  on?: Operation | "any";
  when?: (request: EmulatedRequest) => boolean;
}

/** A fault for chosen requests. */
export interface FaultRule extends FaultMatch, FaultAction {
  /** Only the nth request (from 1) that matches. */
  nth?: number;
  /** No more than this often. Default: no limit. */
  times?: number;
}

/** Faults drawn by chance, the same for the same seed and the same requests. */
export interface RandomFaults extends FaultMatch {
  seed: number;
  /** Share of the matching requests that are hit, 0 to 1. */
  rate: number;
  /** What is drawn from, each as likely as the other. Default: every fault that settles by itself. */
  among?: readonly FaultAction[];
}

export type Fault = FaultRule | RandomFaults;

/** How `fetch` rejects for a network fault: the error a failed `fetch` gives, told apart by `emulatedFault`. */
export interface EmulatedNetworkError extends TypeError {
  readonly emulatedFault: "network";
}

/** A request as it came in. The api key is never in it. */
export interface LogEntry {
  /** When it came in. */
  time: number;
  /** `preflight`: an OPTIONS request; no fault touches it. */
  operation: Operation | "preflight";
  method: string;
  path: string;
  /** Of the answer; `null` while there is none, and when none came. */
  status: number | null;
  /** The fault that hit it: its kind, `"status"`, or `"delay"` for a delay alone. */
  fault: string | null;
  idempotencyKey: string | null;
  /** The task it read, created or was given again. Known here even if the answer was lost. */
  taskId: string | null;
  /** Answered with the task of an earlier call. */
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
  /** The task object that was, or would be, posted. */
  task: Record<string, unknown>;
  /** At most 4; `status` is `null` where no answer came. Empty without `callbackFetch`. */
  attempts: { time: number; status: number | null }[];
  /** Whether one was answered with a 2xx status. */
  delivered: boolean;
}

export interface Counts {
  /** Create calls that came in, also those a fault took. */
  submissions: number;
  /** Tasks created. */
  created: number;
  /** Answers that gave the task of an earlier call again. */
  replays: number;
  charges: number;
  refunds: number;
  creditsCharged: number;
  creditsRefunded: number;
  reads: number;
  batchReads: number;
}

export interface Emulator {
  /** The API. A `fetch`, to be handed to a client; needs no `this`. Any origin will do. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Adds a fault after those that are there. */
  inject(fault: Fault): void;
  /** What was asked, oldest first. */
  readonly requests: readonly Readonly<LogEntry>[];
  /** What was charged, oldest first. */
  readonly charges: readonly Readonly<Charge>[];
  /** Callbacks of the tasks that are final by now, in order of their ends. */
  readonly callbacks: readonly Readonly<Callback>[];
  readonly counts: Counts;
  /**
   * Sends the callbacks that are due, and settles when none is on its way. Every request sends them too, without
   * waiting. No timer does: time alone sends nothing, and nothing keeps a process alive.
   */
  flush(): Promise<void>;
  /** Forgets tasks, accounts, logs and injected faults; the faults of the options start anew. */
  reset(): void;
}

/** @throws {TypeError} for a speed, fault or operation that does not exist. */
export function createEmulator(options?: EmulatorOptions): Emulator;
