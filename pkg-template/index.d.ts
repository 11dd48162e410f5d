// Client for the EvoLink Video Generation API. Unofficial.
//
// Wire names are the API's own (`image_urls`); options of this library are in camelCase. Times in options
// are milliseconds and say so in their names.

/** The only model that the API's reference names is `"seedance-2.0"`; the others stand in the vendor's model list. Any other name passes with a warning. */
export type Model =
  | "seedance-2.0"
  | "seedance-2.0-text-to-video"
  | "seedance-2.0-image-to-video"
  | "seedance-2.0-reference-to-video"
  | "seedance-2.0-fast-text-to-video"
  | "seedance-2.0-fast-image-to-video"
  | "seedance-2.0-fast-reference-to-video"
  | "seedance-2.0-mini-text-to-video"
  | "seedance-2.0-mini-image-to-video"
  | "seedance-2.0-mini-reference-to-video";

/** Video resolution. */
export type Quality = "480p" | "720p" | "1080p";

/** Width to height; `"adaptive"` follows the input. */
export type AspectRatio = "16:9" | "9:16" | "1:1" | "4:3" | "3:4" | "21:9" | "adaptive";

/** The body of `POST /v1/videos/generations`. */
export interface VideoRequest {
  /** Model ID, such as `"seedance-2.0"`. */
  model: Model | (string & {});
  /** What the video shows, at most 2000 tokens. `@Image1`, `@Video1`, `@Audio1` refer to the files. Dialogue goes in double quotes. */
  prompt: string;
  /** Reference images: at most 9, 30 MB each; jpg, jpeg, png, webp, bmp, tif, tiff, gif. One is animated, two are the first and the last frame. */
  image_urls?: string[];
  /** Reference videos: at most 3, 50 MB and 2 to 15 seconds each, 409,600 to 927,408 pixels; mp4, mov. */
  video_urls?: string[];
  /** Reference audios: at most 3, 15 MB each, 15 seconds in all; mp3, wav. */
  audio_urls?: string[];
  /** Seconds, a whole number from 4 to 15. Default 5. Longer costs more. */
  duration?: number;
  /** Default `"720p"`. Higher costs more. */
  quality?: Quality;
  /** Default `"16:9"`. */
  aspect_ratio?: AspectRatio;
  /** Whether to make sound too. Default `true`. Costs more. */
  generate_audio?: boolean;
  /** Where the API posts the finished task; https, at most 2048 characters. It is not signed: read the task with the key. */
  callback_url?: string;
  /** Fields that this version does not know are sent as they are, with a warning. */
  [extra: string]: unknown;
}

/** What the API makes of the inputs: a prompt only; one image; two images; any other combination. */
export type Mode = "text-to-video" | "image-to-video" | "first-last-frame" | "multimodal";

/** What kind of issue it is. Stable across versions. */
export type IssueCode =
  | "required"
  | "invalid_type"
  | "blank"
  | "too_long"
  | "too_many"
  | "out_of_range"
  | "unknown_value"
  | "unknown_model"
  | "model_input"
  | "unknown_field"
  | "misspelled_field"
  | "invalid_url"
  | "unreachable_url"
  | "insecure_url"
  | "unsupported_format"
  | "duplicate_url"
  | "tag_without_asset"
  | "tag_out_of_range"
  | "misspelled_tag"
  | "role_conflict"
  | "role_ignored"
  | "asset_without_tag"
  | "audio_alone"
  | "silent_dialogue"
  | "unclosed_quote";

/** One thing that is wrong with a request, or suspicious about it. */
export interface Issue {
  /** An error keeps the request from being sent, a warning does not. */
  severity: "error" | "warning";
  code: IssueCode;
  /** Where it is: field names and indices from 0. Empty for the request as a whole. */
  path: (string | number)[];
  /** What was wrong and what was seen. */
  message: string;
  /** What to do. */
  hint?: string;
  /** The part of the prompt that it is about, in UTF-16 offsets: `prompt.slice(...span)`. */
  span?: [start: number, end: number];
  /** The bound that was broken, or the values that are allowed. */
  limit?: number | string[];
  /** What was seen. */
  actual?: unknown;
}

export type Validation =
  | {
      valid: true;
      /** A plain copy of what was validated; `undefined` fields are left out. */
      request: VideoRequest;
      mode: Mode;
      tags: Tag[];
      warnings: Issue[];
    }
  | { valid: false; errors: Issue[]; mode: Mode | null; tags: Tag[]; warnings: Issue[] };

/** Checks a request: every problem at once, offline, synchronously. Never throws, whatever it is given. */
export function validate(request: unknown): Validation;

/** What a tag asks of its file. */
export type Role =
  | "first-frame"
  | "last-frame"
  | "character"
  | "style"
  | "scene"
  | "object"
  | "composition"
  | "camera-movement"
  | "choreography"
  | "effects"
  | "editing"
  | "extension"
  | "background-music"
  | "voice"
  | "sound-effect";

/** A well-formed tag of a prompt. */
export interface Tag {
  /** `"image"` refers to `image_urls`, and so on. */
  kind: "image" | "video" | "audio";
  /** The entry, from 1. */
  index: number;
  /** As written: `"@Image1"`. */
  text: string;
  /** UTF-16 offset: `prompt.slice(start, end) === text`. */
  start: number;
  /** UTF-16 offset of what follows it. */
  end: number;
  /** From the wording around the tag; `null` where it does not say. */
  role: Role | null;
}

/**
 * The well-formed tags of a prompt, in order: `@Image1` to `@Image9`, `@Video1` to `@Video3`, `@Audio1` to `@Audio3`.
 * @throws {ValidationError} if the prompt is not a string.
 */
export function parseTags(prompt: string): Tag[];

/**
 * Makes the prompt follow when the files of one kind were reordered or removed.
 * `order[newIndex - 1]` is the old index, both from 1. The text of a tag whose file is gone is taken out; every other
 * character stays.
 * @returns the new prompt, and the dropped tags with their offsets in the old one.
 * @throws {ValidationError} if `order` names an index twice or one out of range.
 */
export function retag(prompt: string, kind: Tag["kind"], order: number[]): { prompt: string; dropped: Tag[] };

/** The generation mode that the API will take, or `null` if the inputs cannot be read. */
export function detectMode(request: unknown): Mode | null;

/**
 * Tokens of a prompt. The API allows 2000 and does not name its tokenizer, so there are bounds: `validate` refuses a
 * prompt only when even `low` is over, and warns when `estimate` is.
 * @throws {ValidationError} if the prompt is not a string.
 */
export function estimateTokens(prompt: string): { low: number; estimate: number; high: number };

/** Standard Schema v1 (https://standardschema.dev), as form and RPC libraries take it. */
export interface StandardSchemaV1<Input, Output> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (
      value: unknown,
    ) =>
      | { readonly value: Output; readonly issues?: undefined }
      | { readonly issues: readonly { readonly message: string; readonly path?: readonly PropertyKey[] }[] };
    readonly types?: { readonly input: Input; readonly output: Output };
  };
}

/** `validate` for libraries that take a Standard Schema, and what a JSON Schema (2020-12) can say of a request. */
export const videoRequestSchema: StandardSchemaV1<VideoRequest, VideoRequest> & {
  readonly jsonSchema: object;
};

/** The bounds of one kind of file. */
export interface FileLimits {
  /** Files of the kind in one request. */
  readonly maxCount: number;
  /** Bytes of one file. The API says "MB"; this is the smaller reading, 10^6 bytes. */
  readonly maxBytes: number;
  /** Endings, without the dot. */
  readonly formats: readonly string[];
}

/** Every number of the API, for forms. */
export interface Limits {
  readonly prompt: { readonly maxTokens: number };
  readonly images: FileLimits;
  /** Seconds are of one file; pixels are width times height. */
  readonly videos: FileLimits & {
    readonly minSeconds: number;
    readonly maxSeconds: number;
    readonly minPixels: number;
    readonly maxPixels: number;
  };
  /** Seconds are of all files together. */
  readonly audios: FileLimits & { readonly maxTotalSeconds: number };
  /** All files of a request together. */
  readonly files: { readonly maxCount: number };
  /** Seconds. */
  readonly duration: { readonly min: number; readonly max: number; readonly default: number };
  readonly quality: { readonly values: readonly Quality[]; readonly default: Quality };
  readonly aspectRatio: { readonly values: readonly AspectRatio[]; readonly default: AspectRatio };
  readonly generateAudio: { readonly default: boolean };
  /** Characters. */
  readonly callbackUrl: { readonly minLength: number; readonly maxLength: number };
  /** Characters of `A-Z a-z 0-9 . _ -`. */
  readonly idempotencyKey: { readonly minLength: number; readonly maxLength: number };
  /** How long the link to a finished video lives, in hours from completion. */
  readonly resultHours: number;
  readonly models: readonly {
    readonly id: Model;
    readonly family: "all" | "text-to-video" | "image-to-video" | "reference-to-video";
    readonly qualities: readonly Quality[];
  }[];
}

export const limits: Limits;

/**
 * What every task has. Whatever else the API tells of it is there as it came. Later reads may lack what the
 * submission's answer had, such as `task_info.estimated_time`.
 */
export interface TaskFields {
  /** All that is needed to go on with it later, in another process too. */
  id: string;
  /** 0 to 100; `null` if the API does not tell. */
  progress: number | null;
  object?: string;
  /** Seconds since 1970. */
  created?: number;
  model?: string;
  type?: string;
  task_info?: {
    can_cancel?: boolean;
    /** Seconds, from creation to completion. */
    estimated_time?: number;
    /** Seconds. */
    video_duration?: number;
    [extra: string]: unknown;
  };
  usage?: {
    billing_rule?: string;
    credits_reserved?: number;
    user_group?: string;
    [extra: string]: unknown;
  };
  [extra: string]: unknown;
}

/** Accepted, not begun. */
export interface PendingTask extends TaskFields {
  status: "pending";
}
/** Being worked on. */
export interface ProcessingTask extends TaskFields {
  status: "processing";
}
/** Done. */
export interface CompletedTask extends TaskFields {
  status: "completed";
  /** Links to the video, at least one. They live 24 hours from completion. */
  results: [string, ...string[]];
  /**
   * Until when the links live at the least, in milliseconds since 1970: 24 hours from the last look that saw the task
   * unfinished, or from its creation if there was none. A few minutes early at most; absent if neither is known.
   */
  expiresAt?: number;
}
/** Ended without a video. It is not charged. */
export interface FailedTask extends TaskFields {
  status: "failed";
  /** `code` is the vendor's, such as `content_policy_violation`. */
  error: { code: string; message: string };
}
/** Ended on request. */
export interface CancelledTask extends TaskFields {
  status: "cancelled";
}
/** Any other word. `String(task.status)` compares it with a word of your own. */
declare enum OtherStatus {
  any = "any other word",
}
/** In a status that this version does not know; it is taken as unfinished. */
export interface UnknownStatusTask extends TaskFields {
  status: "queued" | "running" | OtherStatus;
}

/** A task, told apart by `status`. */
export type Task =
  PendingTask | ProcessingTask | CompletedTask | FailedTask | CancelledTask | UnknownStatusTask;

/** What a client does, as it does it. Holds no key, no prompt and no body. */
export type ClientEvent =
  | { type: "request"; method: "GET" | "POST"; url: string; attempt: number }
  | { type: "response"; status: number; requestId: string | null; elapsedMs: number }
  | { type: "failure"; code: string; elapsedMs: number }
  | { type: "retry"; delayMs: number }
  | { type: "poll"; taskId: string; delayMs: number };

/**
 * Keeps short texts under names beyond the life of the process. Each function may answer at once or with a promise, so
 * that a `Map`, a KV namespace or `localStorage` fits in a line. Holds idempotency keys, task ids, digests of requests
 * and times; never an API key, a prompt or a URL. What is kept goes when a task is final; what is older than 24 hours
 * counts for nothing, and goes at the next write.
 */
export interface Store {
  /** The text under a name; `null` or `undefined` if there is none. */
  get(name: string): string | null | undefined | Promise<string | null | undefined>;
  set(name: string, text: string): unknown;
  delete(name: string): unknown;
}

export interface ClientOptions {
  /**
   * The API key, or a function that gives one for each request (a short-lived token of your server's). May be left out
   * only with a `baseUrl` of your own. In a web page a literal key is refused unless `dangerouslyAllowBrowser`.
   */
  apiKey?: string | (() => string | Promise<string>);
  /** Where the API is. Default `https://api.evolink.ai`. https, or http on this machine; without `/v1`. */
  baseUrl?: string;
  /** Default: the host's. */
  fetch?: typeof fetch;
  /** Sent with every request. */
  headers?: Record<string, string>;
  /** Limit of one attempt, body included, in milliseconds. Default 60000. */
  requestTimeoutMs?: number;
  /** How often a failed attempt is repeated, where that is safe. Default 2 for a submission, 4 for a read. */
  maxRetries?: number;
  /** Allows a literal `apiKey` in a web page, where every visitor can read it. Default `false`. */
  dangerouslyAllowBrowser?: boolean;
  /** Keeps what is needed to go on after a reload or a crash; see {@link VideoClient.resume}. */
  store?: Store;
  /** Told what the client does. What it throws is ignored. */
  onEvent?: (event: ClientEvent) => void;
}

export interface CallOptions {
  /** Ends the call at once, which rejects with `signal.reason` itself. A task that was created goes on at the server. */
  signal?: AbortSignal;
}

export interface SubmitOptions extends CallOptions {
  /**
   * 16 to 96 characters of `A-Z a-z 0-9 . _ -`. The same key with the same request is charged once. Default: random.
   * Bring your own if you may abort the submission: an abort rejects with `signal.reason`, which cannot carry the key.
   */
  idempotencyKey?: string;
}

export interface WaitOptions extends CallOptions {
  /** Limit of the whole wait, in milliseconds; `null` for none. Default 900000, 15 minutes. */
  timeoutMs?: number | null;
  /** Told each observed change, with the state that {@link progressEstimate} goes on from. What it throws ends the call. */
  onUpdate?: (task: Task, state: PollState) => void;
}

/** What `prepare` shows: exactly what `submit` would send, but for the key. */
export interface Prepared {
  method: "POST";
  url: string;
  /** `Authorization` without the key. */
  headers: Record<string, string>;
  /** The JSON text. */
  body: string;
  mode: Mode;
  tags: Tag[];
  warnings: Issue[];
}

/** An accepted request. */
export interface Submission {
  task: Task;
  /** Submitting the same request with it again is free. */
  idempotencyKey: string;
  /** Whether the server had seen the key before. */
  replayed: boolean;
  /** The server's id for the exchange. */
  requestId: string | null;
  warnings: Issue[];
}

/** What is known of a task that is polled. Plain JSON: keep it anywhere. */
export interface PollState {
  taskId: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** When the task was created, as far as it is known, in milliseconds since 1970. */
  createdAt: number;
  /** How long the task is expected to take from its creation, in milliseconds. */
  estimateMs: number;
  /** The most that was seen, 0 to 100. */
  progress: number;
  /** Whether anything was seen of the task yet. */
  observed: boolean;
  /** When the task was last known to be unfinished, in milliseconds since 1970; absent before. */
  unfinishedAt?: number;
  /** Milliseconds from creation until progress above 0 was seen first (0 if that was at the first look); absent before. */
  firstRiseMs?: number;
  /** That progress. */
  firstRise?: number;
  /** Milliseconds from creation until the latest progress was seen first. */
  lastRiseMs?: number;
  /** What `progressEstimate` may not fall below. */
  shown: number;
  completed: boolean;
  looks: number;
  failures: number;
}

/**
 * A smooth progress for a bar, at any time between looks: 0 to 100, never falling as `now` and the states of one task
 * go on, 100 only when completed. From the progress that was told where that tells the end, else from the estimate.
 * @param state what `poll` returned or `onUpdate` was given
 * @param now milliseconds since 1970; default `Date.now()`
 * @throws {ValidationError} if the state is none, or `now` no number.
 */
export function progressEstimate(state: PollState, now?: number): number;

/** A client of the API. It keeps no state between calls; one may serve many at once. */
export class VideoClient {
  /** @throws {ConfigurationError} that names the option. */
  constructor(options: ClientOptions);

  /**
   * A dry run: validates and shows what would be sent. Sends nothing.
   * @throws {ValidationError} with every issue.
   */
  prepare(request: VideoRequest): Prepared;

  /**
   * Creates a task. Charged at most once: every attempt carries the same idempotency key and the same bytes.
   *
   * Rejects with {@link ValidationError} before anything is sent; with {@link OutcomeUnknownError}, which carries the
   * key, when the call may have been charged; with what the server said otherwise.
   */
  submit(request: VideoRequest, options?: SubmitOptions): Promise<Submission>;

  /** Reads a task as it stands now. */
  retrieve(taskId: string, options?: CallOptions): Promise<Task>;

  /**
   * Waits for the video.
   *
   * Rejects with {@link TaskFailedError} or {@link TaskCancelledError} when the task ended so, and with
   * {@link WaitTimeoutError} at the limit: the task goes on, wait again with its id. A failed read does not end the
   * wait, unless the answer is final (401, 403, 404).
   */
  wait(task: string | Task, options?: WaitOptions): Promise<CompletedTask>;

  /** Each observed change of a task; the last one is final, whichever way it ended. Leaving the loop stops the reads. */
  watch(task: string | Task, options?: WaitOptions): AsyncIterable<Task>;

  /**
   * Waits for many tasks, each until it is final, whichever way it ended; they come in the order of the ids.
   *
   * Up to 50 are read with one call, `POST /v1/tasks/batch`; where the server does not know that call, one by one, at
   * most 6 at a time. A task that fails does not disturb the others. If some cannot be read, or time is up, it rejects
   * when all others are final, with the error of the first of those and with `tasks`, where all stand as they were seen.
   */
  waitAll(
    ids: readonly string[],
    options?: WaitOptions,
  ): Promise<(CompletedTask | FailedTask | CancelledTask)[]>;

  /** Each observed change of many tasks, as `waitAll` sees them. Leaving the loop stops the reads. */
  watchAll(ids: readonly string[], options?: WaitOptions): AsyncIterable<Task>;

  /**
   * Goes on with every task that the `store` knows of and that is not known to be final, as `watchAll` does: after a
   * reload, a crash, or in a second tab. A submission that died before its answer came has no id yet: submit the same
   * request again, and it takes up its idempotency key, so that it is not charged twice.
   * Throws {@link ConfigurationError} from its first `next()` if there is no `store`, or if that fails.
   */
  resume(options?: WaitOptions): AsyncIterable<Task>;

  /** Submits, then waits for the video, both within `timeoutMs`. Rejects as `submit` and `wait` do. */
  generate(request: VideoRequest, options?: SubmitOptions & WaitOptions): Promise<CompletedTask>;

  /**
   * One look at a task, for hosts that cannot wait: cron jobs, queues, alarms. Pass the id first, then the `state` of
   * the last look, after `delayMs` milliseconds; `delayMs` is `null` when the task is final.
   */
  poll(
    state: PollState | string,
    options?: CallOptions,
  ): Promise<{ task: Task; state: PollState; delayMs: number | null }>;
}

/** Compiles ahead of time, off the main thread where the host can. Not needed: the first use does it. */
export function ready(): Promise<void>;

/** The version of this package. */
export const version: string;

/** Every error of this package. */
export class EvolinkError extends Error {
  /** The server's code where it gave one, else a word of this library. */
  code: string;
  /** Whether the same call may succeed later. */
  retryable: boolean;
  /** Whether money was spent. */
  charged: "no" | "unknown" | "yes";
  /** The HTTP status, if there was an answer. */
  status?: number;
  /** The server's id for the exchange. */
  requestId?: string;
  /** The task, if it is known. */
  taskId?: string;
  /** The key of the submission; submitting the same request with it again is free. */
  idempotencyKey?: string;
  /** How long the server asks to wait, in milliseconds. */
  retryAfterMs?: number;
  /** Of `waitAll` and `watchAll`: each task as it was last seen, in the order of the ids; `null` if it never was. */
  tasks?: (Task | null)[];
  /** What the host threw. */
  cause?: unknown;
}
/** The request breaks the rules; nothing was sent. */
export class ValidationError extends EvolinkError {
  issues: Issue[];
}
/** An option is not usable; nothing was sent. The message names the option. */
export class ConfigurationError extends EvolinkError {}
/** The server refused the request (400, 413, other 4xx, a key used for another one, and redirects, which are never followed). */
export class BadRequestError extends EvolinkError {}
/** The key is missing, wrong, disabled or expired (401), or the `apiKey` function failed. */
export class AuthenticationError extends EvolinkError {}
/** The balance or a quota is used up (402, and codes that say so). */
export class InsufficientCreditsError extends EvolinkError {}
/** The key may not do this (403). */
export class PermissionDeniedError extends EvolinkError {}
/** No such task or address (404). */
export class NotFoundError extends EvolinkError {}
/** Too many requests (429). See `retryAfterMs`. */
export class RateLimitError extends EvolinkError {}
/** The server failed (5xx), or answered what cannot be read. */
export class ServerError extends EvolinkError {}
/** No answer: the network, DNS, TLS, or a browser's CORS check. */
export class ConnectionError extends EvolinkError {}
/** No answer within `requestTimeoutMs`, or the server gave up waiting (408). */
export class RequestTimeoutError extends EvolinkError {}
/** A submission whose fate is not known: it may have been charged. Submit again with its `idempotencyKey` to find out without paying twice. */
export class OutcomeUnknownError extends EvolinkError {}
/** The task failed; it is not charged. `code` says why. */
export class TaskFailedError extends EvolinkError {
  task: FailedTask;
}
/** The task was cancelled. */
export class TaskCancelledError extends EvolinkError {
  task: CancelledTask;
}
/** The wait reached its limit; the task goes on at the server. */
export class WaitTimeoutError extends EvolinkError {
  /** As it was last seen; absent if no read succeeded. */
  task?: Task;
}

// Only what is marked so is exported.
export {};
