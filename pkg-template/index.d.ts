/**
 * The client, the rules and the errors. Wire names are the API's own (`image_urls`), options of this library are camelCase.
 * Times are milliseconds where the name ends in `Ms`, seconds where the API counts in seconds. Options that are
 * milliseconds or counts are whole numbers up to 2,147,483,647.
 *
 * The first call compiles the WebAssembly module. Each function throws {@link ConfigurationError} with the code
 * `webassembly_unavailable` if the host refuses that.
 *
 * The examples have a `client`, which is `new VideoClient({ apiKey })`, a `request`, which is
 * `{ model: "seedance-2.0", prompt: "A cat walks through snow" }`, and where a failure is shown the `emulator` of
 * `evolink-video/testing` that the client calls.
 * @module evolink-video
 */

import type { AspectRatio, Family, IssueCode, Kind, Mode, Model, Quality, Role, Severity } from "#unions";

export type { AspectRatio, Family, IssueCode, Kind, Mode, Model, Quality, Role, Severity };

// ---- Requests

/**
 * A file of a request: its URL, or a `Blob` or `File`, which `submit` and `generate` check and upload first. A `URL`
 * object is sent as its `href`.
 */
export type Source = string | URL | Blob;

/**
 * The body of `POST /v1/videos/generations`.
 *
 * The limits below are those of the API's reference, for `"seedance-2.0"`; {@link limitsFor} returns those of
 * any model. The type is closed, so that a misspelled field is a compile error. Send fields that this version
 * does not know with the option `extraFields`.
 */
export interface VideoRequest {
  /** Model ID, for example `"seedance-2.0"`. */
  model: Model | (string & {});
  /**
   * Description of the video, at most 2000 tokens. `@Image1`, `@Video1` and `@Audio1` refer to the first entry
   * of `image_urls`, `video_urls` and `audio_urls`. Put dialogue in double quotes.
   */
  prompt: string;
  /**
   * Images: at most 9, each at most 30 MB, in jpg, jpeg, png, webp, bmp, tif, tiff or gif. A single image is
   * animated; two images are the first and the last frame. Default: none.
   */
  image_urls?: readonly Source[] | undefined;
  /**
   * Videos: at most 3, each at most 50 MB, 2 to 15 seconds and 409,600 to 927,408 pixels (width times height), in mp4
   * or mov. Default: none.
   */
  video_urls?: readonly Source[] | undefined;
  /** Audio files: at most 3, each at most 15 MB, together at most 15 seconds, in mp3 or wav. Default: none. */
  audio_urls?: readonly Source[] | undefined;
  /** Length of the video in whole seconds, 4 to 15. Default 5. Longer videos cost more. */
  duration?: number | undefined;
  /** Resolution of the video. Default `"720p"`. Higher resolutions cost more. */
  quality?: Quality | undefined;
  /** Width to height of the video. Default `"16:9"`. */
  aspect_ratio?: AspectRatio | undefined;
  /** Whether the video has sound. Default `true`. */
  generate_audio?: boolean | undefined;
  /**
   * URL to which the API posts the final task: https, at most 2048 characters, not a private address. The call is not
   * signed, so read the task with your key before you trust it. Default: none.
   */
  callback_url?: string | undefined;
  /**
   * Whether the API filters content. Not in the API's reference: from the vendor's model pages, which state no
   * default.
   */
  content_filter?: boolean | undefined;
  /** Parameters of some models. Not in the API's reference: from the vendor's model pages. Default: none. */
  model_params?:
    | {
        /** Whether the model searches the web. Has an effect only with some text-to-video models. Default `false`. */
        web_search?: boolean | undefined;
      }
    | undefined;
}

// ---- Validation

/** A problem of a request. */
export interface Issue {
  /** An error keeps the request from being sent, a warning does not. */
  severity: Severity;
  /** The kind of the problem. Stable across versions. */
  code: IssueCode;
  /** Where the problem is: field names and indices from 0. Empty for the request as a whole. */
  path: (string | number)[];
  /** What is wrong, in English. */
  message: string;
  /** How to fix it, in English. */
  hint?: string;
  /** The part of the prompt that the issue is about, in UTF-16 offsets: `prompt.slice(...span)`. */
  span?: [start: number, end: number];
  /**
   * The limit that was exceeded, in the unit that `message` names (seconds, bytes, characters and so on), or the
   * allowed values.
   */
  limit?: number | string[];
  /**
   * The value that was received. URLs are without password and query, strings end after 10,000 characters, and what
   * JSON cannot express is described: `"NaN"`, `"a function"`.
   */
  actual?: unknown;
  /**
   * The values in `message` and `hint` by name, so that an app can word the issue in the language of its
   * users. Which names there are depends on `code`.
   */
  params: Readonly<Record<string, unknown>>;
}

/** The result of {@link validate}. `valid` says whether the request can be sent. */
export type Validation =
  | {
      valid: true;
      /** A plain copy of the request, without fields that are `undefined`. Its files are those of the request. */
      request: VideoRequest;
      /** How the API generates the video, by the files of the request. */
      mode: Mode;
      /** The tags of the prompt, in order. */
      tags: Tag[];
      /** Probable mistakes, and values that only some pages of the vendor forbid. */
      warnings: Issue[];
    }
  | {
      valid: false;
      /** The issues that keep the request from being sent: at least one. */
      errors: Issue[];
      /** How the API would generate the video; `null` if the files cannot be read. */
      mode: Mode | null;
      /** The tags of the prompt, in order. */
      tags: Tag[];
      /** Probable mistakes, and values that only some pages of the vendor forbid. */
      warnings: Issue[];
    };

/** The options of {@link validate}. */
export interface ValidationOptions {
  /**
   * Codes of issues that become warnings where they would be errors. `"required"` and `"invalid_type"` stay errors.
   * Default: none.
   */
  allow?: readonly IssueCode[] | undefined;
}

/**
 * Checks a request and reports all problems. Synchronous, works offline, and does not throw because
 * of a request.
 *
 * For a model that this version does not know, only missing fields and wrong types are errors.
 *
 * @throws `ConfigurationError` if an option does not exist or has an invalid value.
 *
 * @example
 * ```ts
 * const result = validate({ model: "seedance-2.0", prompt: "A cat walks", duration: 20 });
 * if (!result.valid) {
 *   result.errors[0].code; // => "out_of_range"
 *   result.errors[0].message; // => "`duration` must be 4 to 15 seconds, but it is 20."
 * }
 * ```
 */
export function validate(request: unknown, options?: ValidationOptions): Validation;

/** A well-formed tag of a prompt. */
export interface Tag {
  /** The kind of file: `"image"` refers to `image_urls`, `"video"` to `video_urls`, `"audio"` to `audio_urls`. */
  kind: Kind;
  /** Number of the entry, from 1. */
  index: number;
  /** The tag as written, for example `"@Image1"`. */
  text: string;
  /** UTF-16 offset of the tag: `prompt.slice(start, end) === text`. */
  start: number;
  /** UTF-16 offset of the character after the tag. */
  end: number;
  /** The role of the file, read from the wording around the tag; `null` if the wording does not state one. */
  role: Role | null;
}

/**
 * Returns the well-formed tags of a prompt in order: `@Image1`, `@Video1`, `@Audio1` and so on, up to the
 * largest number that a known model accepts.
 *
 * @throws `ValidationError` if `prompt` is not a string.
 *
 * @example
 * ```ts
 * const [tag] = parseTags("@Image1 as first frame");
 * tag; // => { kind: "image", index: 1, text: "@Image1", start: 0, end: 7, role: "first-frame" }
 * ```
 */
export function parseTags(prompt: string): Tag[];

/** A change of the files of one kind. The numbers are those of the tags, from 1. */
export type Retag =
  | {
      /** Moves a file to another position, both from 1; the files in between shift. */
      move: readonly [from: number, to: number];
    }
  | {
      /** Removes the file with this number, from 1; the files after it move up. */
      remove: number;
    }
  | {
      /** The old number of each file, from 1, in the new order. Files that it leaves out are removed. */
      order: readonly number[];
    };

/** The result of {@link retag}. */
export interface Retagged {
  /** The new prompt. */
  prompt: string;
  /**
   * The tags whose file is gone, as they were in the old prompt. A file of a range such as `@Image1-3` has its tag here,
   * with the offsets of the range.
   */
  dropped: Tag[];
  /**
   * The text of the old prompt that was deleted with each of them: the tag, and the phrase around it if that only
   * speaks of its file, such as `"@Image1 as first frame, "`.
   */
  removed: string[];
  /** The files that have another number now: `{ from: 2, to: 1 }` for `@Image2`, which is `@Image1` now. */
  renumbered: {
    /** The old number, from 1. */
    from: number;
    /** The new number, from 1. */
    to: number;
  }[];
}

/**
 * Renumbers the tags of a prompt after files of one kind were moved, removed or reordered. Deletes tags whose file is
 * gone, with the phrase that only speaks of it; every other character stays.
 *
 * A swap of two images that are only the first and the last frame does not change the prompt: the API takes the first
 * image as the first frame, whatever its tag.
 *
 * @throws `ValidationError` if a number is out of range, or `order` repeats one.
 *
 * @example
 * ```ts
 * retag("@Image1 to @Image2", "image", { move: [2, 1] }).prompt; // => "@Image2 to @Image1"
 * retag("@Image1 as style, @Image2 walks", "image", { remove: 1 }).prompt; // => "@Image1 walks"
 * ```
 */
export function retag(prompt: string, kind: Tag["kind"], change: Retag): Retagged;

/**
 * Returns the generation mode of a request, or `null` if its files cannot be read. Never throws because of a request.
 *
 * @example
 * ```ts
 * detectMode({ image_urls: ["https://example.com/a.png"] }); // => "image-to-video"
 * ```
 */
export function detectMode(request: unknown): Mode | null;

/**
 * Estimates the tokens of a prompt. The vendor does not name the tokenizer, so the result has bounds:
 * `validate` reports an error only if `low` exceeds the limit, and a warning if `estimate` does.
 *
 * @throws `ValidationError` if `prompt` is not a string.
 *
 * @example
 * ```ts
 * estimateTokens("A cat walks through snow"); // => { low: 5, estimate: 6, high: 19 }
 * ```
 */
export function estimateTokens(prompt: string): TokenEstimate;

/** The tokens of a prompt, from nine public tokenizers, because the vendor does not name its own. */
export interface TokenEstimate {
  /** No tokenizer gives fewer tokens. */
  low: number;
  /** The most likely number of tokens. */
  estimate: number;
  /** No tokenizer gives more tokens. */
  high: number;
}

/**
 * Returns the variant that the vendor serves for a model and the files of a request:
 * `"seedance-2.0-image-to-video"` for `"seedance-2.0"` with two images. Returns models that this version does
 * not know unchanged.
 *
 * @throws `ValidationError` if `request.model` is not a string.
 *
 * @example
 * ```ts
 * resolveModel({ model: "seedance-2.0", image_urls: ["https://example.com/a.png"] }); // => "seedance-2.0-image-to-video"
 * ```
 */
export function resolveModel(request: unknown): string;

/** Prices, with their date and source, which a cost estimate repeats. */
export interface PriceTable {
  /** When the prices were read, for example as an ISO date. */
  asOf: string;
  /** Where the prices were read. */
  source: string;
  /** Credits per US dollar, greater than 0. */
  creditsPerUsd: number;
  /** The prices. The first entry that matches a request counts. */
  prices: readonly Price[];
}

/** A price in credits, 0 or more, or its range where sources disagree. */
export type Credits = number | readonly [low: number, high: number];

/** The price of a model at a quality. */
export interface Price {
  /** A model, or a {@link KnownModel.line} such as `"seedance-2.0-fast"`. */
  model: string;
  /** The resolution that the price is for. */
  quality: Quality | (string & {});
  /** Credits per second of output, for requests without videos. */
  credits: Credits;
  /** Credits per second of max(input, output) + output, for requests with videos. Default: unknown. */
  creditsWithVideo?: Credits | undefined;
}

/** The cost of a request, as far as this version knows prices. */
export interface CostEstimate {
  /** Lowest and highest cost in credits; `null` if no price is known. */
  credits: [low: number, high: number] | null;
  /** The same in US dollars, from the credits per dollar of the table; `null` if no price is known. */
  usd: [low: number, high: number] | null;
  /** When the prices were read, as an ISO date. */
  asOf: string;
  /** Where the prices were read. */
  source: string;
}

/** The options of {@link estimateCost}. */
export interface CostOptions {
  /** Length of all input videos together, in seconds, 0 or more. Default: anything that the model accepts. */
  inputVideoSeconds?: number | undefined;
  /** The prices to use. Default: {@link prices}. */
  prices?: PriceTable | undefined;
}

/** The vendor's price list as this version knows it. Its date and source are among its properties. */
export const prices: PriceTable;

/**
 * Estimates the cost of a request. Prices change often: after a submission, `task.usage.credits_reserved` is
 * what counts.
 *
 * @throws `ConfigurationError` if an option does not exist.
 * @throws `ValidationError` if an option has an invalid value.
 *
 * @example
 * ```ts
 * const { credits, asOf } = estimateCost({ model: "seedance-2.0", duration: 5, quality: "720p" });
 * credits; // => [67.5, 67.5]
 * asOf; // => "2026-11-25"
 * ```
 */
export function estimateCost(request: unknown, options?: CostOptions): CostEstimate;

/** The result of a schema. */
export type SchemaResult<Output> =
  | {
      /** The valid value. */
      readonly value: Output;
      /** Absent. */
      readonly issues?: undefined;
    }
  | {
      /** The errors. */
      readonly issues: readonly {
        /** What is wrong, in English. */
        readonly message: string;
        /** Where it is. */
        readonly path?: readonly PropertyKey[];
      }[];
    };

/** The options of the JSON Schema of a schema. */
export interface SchemaOptions {
  /** The version of JSON Schema: `"draft-2020-12"` or `"draft-07"`. */
  readonly target: string;
}

/**
 * A schema by two standards: Standard Schema v1, which form and RPC libraries take, and Standard JSON Schema
 * v1, which agent frameworks take (https://standardschema.dev).
 */
export interface StandardSchemaV1<Input, Output> {
  /** The properties that both standards name. */
  readonly "~standard": {
    /** The version of Standard Schema. */
    readonly version: 1;
    /** `"evolink-video"`. */
    readonly vendor: string;
    /** Checks a value as {@link validate} does; its errors are the issues. */
    readonly validate: (value: unknown) => SchemaResult<Output>;
    /** For the inference of types; absent at run time. */
    readonly types?: {
      /** The type of a value before `validate`. */
      readonly input: Input;
      /** The type of a value after it. */
      readonly output: Output;
    };
    /** Each throws {@link ConfigurationError} for a target other than `"draft-2020-12"` and `"draft-07"`. */
    readonly jsonSchema: {
      /** Returns the JSON Schema of a value before `validate`. */
      readonly input: (options: SchemaOptions) => Record<string, unknown>;
      /** Returns the JSON Schema of a value after it, which is the same. */
      readonly output: (options: SchemaOptions) => Record<string, unknown>;
    };
  };
}

/**
 * {@link validate} as a standard schema. `jsonSchema` is the same as a JSON Schema (2020-12), as far as a JSON
 * Schema can express it: it accepts whatever `validate` accepts.
 *
 * @example
 * ```ts
 * videoRequestSchema["~standard"].validate(request); // => { value: request }
 * ```
 */
export const videoRequestSchema: StandardSchemaV1<VideoRequest, VideoRequest> & {
  /** The JSON Schema, frozen. */
  readonly jsonSchema: object;
};

// ---- Limits

/** The limits of one kind of file. A limit that is absent is not documented. */
export interface FileLimits {
  /** Least number of such files in a request. */
  readonly minCount: number;
  /** Largest number of such files in a request. */
  readonly maxCount: number;
  /** Most bytes of one file. The vendor writes "MB"; this is the smaller reading, 10^6 bytes. */
  readonly maxBytes: number;
  /** File extensions without the dot, in lower case. */
  readonly formats: readonly string[];
  /** Least seconds of one file. */
  readonly minSeconds?: number;
  /** Most seconds of one file. */
  readonly maxSeconds?: number;
  /** Most seconds of all files of the kind together. */
  readonly maxTotalSeconds?: number;
  /** Least width times height, in pixels. */
  readonly minPixels?: number;
  /** Largest width times height, in pixels. */
  readonly maxPixels?: number;
  /** Least pixels of the width and of the height. */
  readonly minSide?: number;
  /** Most pixels of the width and of the height. */
  readonly maxSide?: number;
  /** Least width divided by height. */
  readonly minRatio?: number;
  /** Largest width divided by height. */
  readonly maxRatio?: number;
  /** Fewest frames per second. */
  readonly minFrameRate?: number;
  /** Most frames per second. */
  readonly maxFrameRate?: number;
}

/** The limits of a model, for forms. */
export interface Limits {
  /** Limits of `prompt`. */
  readonly prompt: {
    /** Most tokens, by the vendor's tokenizer; see {@link estimateTokens}. */
    readonly maxTokens: number;
  };
  /** Limits of `image_urls`. */
  readonly images: FileLimits;
  /** Limits of `video_urls`. */
  readonly videos: FileLimits;
  /** Limits of `audio_urls`. */
  readonly audios: FileLimits;
  /** Limits of all files of a request together. */
  readonly files: {
    /** Largest number of files. */
    readonly maxCount: number;
  };
  /** Limits of `duration`. */
  readonly duration: {
    /** Least seconds. */
    readonly min: number;
    /** Most seconds. */
    readonly max: number;
    /** Seconds that the API takes if the field is absent; absent if the vendor does not state it. */
    readonly default?: number;
    /** A value in place of seconds, with which the model chooses the duration; absent if there is none. */
    readonly automatic?: number;
  };
  /** Limits of `quality`. */
  readonly quality: {
    /** The allowed values, from the lowest resolution to the highest. */
    readonly values: readonly Quality[];
    /** The value that the API uses if the field is absent. */
    readonly default: Quality;
  };
  /** Limits of `aspect_ratio`. */
  readonly aspectRatio: {
    /** The allowed values. */
    readonly values: readonly AspectRatio[];
    /** The value that the API uses if the field is absent. */
    readonly default: AspectRatio;
  };
  /** Limits of `generate_audio`. */
  readonly generateAudio: {
    /** The value that the API uses if the field is absent. */
    readonly default: boolean;
  };
  /** Whether `model_params.web_search` has an effect. */
  readonly webSearch: boolean;
  /**
   * Whether some limits are those of an earlier model, because the vendor's pages of this one do not state
   * them. A request that exceeds such a limit gets a warning, not an error.
   */
  readonly assumed: boolean;
  /**
   * Width and height of the video in pixels, for the qualities of the model whose sizes are documented. With
   * `"adaptive"` they depend on the input.
   */
  readonly outputPixels: {
    readonly [Q in Quality]?: {
      readonly [R in Exclude<AspectRatio, "adaptive">]: readonly [width: number, height: number];
    };
  };
  /** Limits of `callback_url`. */
  readonly callbackUrl: {
    /** Most characters. */
    readonly maxLength: number;
  };
  /** Limits of an idempotency key, which consists of `A-Z a-z 0-9 . _ -`. */
  readonly idempotencyKey: {
    /** Fewest characters. */
    readonly minLength: number;
    /** Most characters. */
    readonly maxLength: number;
  };
  /** Most bytes of the JSON body of a request. */
  readonly maxBodyBytes: number;
  /** Hours from completion after which the links to a video expire. */
  readonly resultHours: number;
}

/** The paths of the API below the base URL. An id follows that of a `task` and an `uploadReceipt`. */
export const endpoints: Readonly<
  Record<
    "generations" | "task" | "batch" | "tasks" | "credits" | "models" | "upload" | "uploadReceipt",
    string
  >
>;

/** The limits of the reference's model, `"seedance-2.0"`. */
export const limits: Limits;

/**
 * Returns the limits of a model, frozen; for a line such as `"seedance-2.5"`, those of its model for references; for
 * a model that this version does not know, those of the reference's model. Never throws for a string.
 *
 * @example
 * ```ts
 * const { duration, quality } = limitsFor("seedance-2.0-fast-text-to-video");
 * duration; // => { min: 4, max: 15, default: 5 }
 * quality.values; // => ["480p", "720p"]
 * ```
 */
export function limitsFor(model: Model | (string & {})): Limits;

/** A model that this version knows. */
export interface KnownModel {
  /** The value of `model` in a request. */
  readonly id: Model;
  /** The models that share limits and prices, for example `"seedance-2.0-fast"`. */
  readonly line: string;
  /** The inputs that it takes. */
  readonly family: Family;
  /** The resolutions that it makes. */
  readonly qualities: readonly Quality[];
  /** The page of the vendor that documents it. */
  readonly source: string;
  /** When that page was read, as an ISO date. */
  readonly readOn: string;
}

/** The models that this version knows, the reference's first. */
export const knownModels: readonly KnownModel[];

// ---- Tasks

/**
 * The properties of every task. Other properties are those of the API, unchanged. Later reads may lack properties that
 * the answer to the submission had, for example `task_info.estimated_time`.
 */
export interface TaskFields {
  /** All that is needed to wait for the task later, in another process too. */
  id: string;
  /** 0 to 100; `null` if the API does not report it. */
  progress: number | null;
  /** The API's own word for `status`, if it is another. */
  rawStatus?: string;
  /** The kind of object that the API names: `"video.generation.task"`. */
  object?: string;
  /** Seconds since 1970. */
  created?: number;
  /** The model that the task was submitted with. */
  model?: string;
  /** The kind of task: `"video"`. */
  type?: string;
  /** Details of the task, from the API. */
  task_info?: {
    /** A flag of the API, which documents no call that cancels a task. */
    can_cancel?: boolean;
    /** Seconds from creation to completion. */
    estimated_time?: number;
    /** Length of the video, in seconds. */
    video_duration?: number;
    [extra: string]: unknown;
  };
  /** The cost of the task, from the API. */
  usage?: {
    /** How the cost is computed, for example `"per_call"`. */
    billing_rule?: string;
    /** Credits that the submission reserved. */
    credits_reserved?: number;
    /** The group of the account, which may have prices of its own. */
    user_group?: string;
    [extra: string]: unknown;
  };
  [extra: string]: unknown;
}

/** Accepted, not started. */
export interface PendingTask extends TaskFields {
  status: "pending";
}
/** Being generated. */
export interface ProcessingTask extends TaskFields {
  status: "processing";
}
/** The video is ready. */
export interface CompletedTask extends TaskFields {
  status: "completed";
  /** Links to the video, at least one. They expire 24 hours after completion. */
  results: [string, ...string[]];
  /**
   * When the links expire, in milliseconds since 1970: 24 hours after the last read that saw the task
   * unfinished, or after its creation if there was none. At most a few minutes too early. Absent if neither
   * time is known.
   */
  expiresAt?: number;
}
/**
 * Completed, but the answer has no link to the video yet. Waiting reads such a task again; `retrieve` and `submit`
 * return it.
 */
export interface UnlinkedTask extends TaskFields {
  status: "completed";
  /** No links yet. */
  results: [];
}
/** Ended without a video. Not charged. */
export interface FailedTask extends TaskFields {
  status: "failed";
  /** Why it failed. Other properties are those of the API, unchanged. */
  error: {
    /** The vendor's code in lower case, for example `content_policy_violation`; `unknown_error` if there is none. */
    code: string;
    /** The vendor's text. */
    message: string;
    /** The field of the request that is wrong. */
    param?: string;
    /** The vendor's class of errors. */
    type?: string;
    /** The suggestion of the vendor. */
    suggestion?: string;
    [extra: string]: unknown;
  };
}
/** Ended on request. */
export interface CancelledTask extends TaskFields {
  status: "cancelled";
}
/** In a status that this version does not know. The library treats it as unfinished. */
export interface UnknownStatusTask extends TaskFields {
  status: "unknown";
  /** The API's own word. */
  rawStatus: string;
}

/** A task, discriminated by `status`. */
export type Task =
  | PendingTask
  | ProcessingTask
  | CompletedTask
  | UnlinkedTask
  | FailedTask
  | CancelledTask
  | UnknownStatusTask;

/**
 * The state of a task that the client polls. Plain JSON that you can store anywhere. It has further properties, for
 * the schedule: store all of them.
 */
export interface PollState {
  /** The id of the task. */
  taskId: string;
  /** When polling started, in milliseconds since 1970. */
  startedAt: number;
  /** When the task was created, if that is known, in milliseconds since 1970; otherwise `startedAt`. */
  createdAt: number;
  /** How long the API expects the task to take from its creation, in milliseconds; 0 if it did not say. */
  estimateMs: number;
  /** The highest progress that was reported, 0 to 100. */
  progress: number;
  /** Whether a read saw the completed task. */
  completed: boolean;
  /** Number of successful reads of the task. */
  reads: number;
  /** Number of failed reads in a row. */
  failures: number;
}

/**
 * Returns a smooth progress for a progress bar, at any time between reads: 0 to 100, never decreasing while
 * `now` and the states of a task advance, 100 only when completed. Uses the reported progress if that predicts
 * the end, otherwise the estimate.
 *
 * @param state The state that `poll` or `onUpdate` gave.
 * @param now Milliseconds since 1970. Default `Date.now()`.
 * @throws `ValidationError` if `state` or `now` is invalid.
 *
 * @example
 * ```ts
 * let shown = 0; // the value of your progress bar
 * await client.generate(request, { onUpdate: (_task, state) => (shown = progressEstimate(state)) });
 * shown; // => 100
 * ```
 */
export function progressEstimate(state: PollState, now?: number): number;

// ---- The client

/**
 * An event of a client, passed to `onEvent`. It contains no key, no prompt and no body.
 */
export type ClientEvent = {
  /** Number of the call, from 1. */
  callId: number;
  /** The method of the client. */
  operation: string;
  /** The id of the task, if it is known. */
  taskId?: string;
} & (
  | {
      type: "request";
      /** Number of the attempt, from 1. */
      attempt: number;
      /** The method of HTTP. */
      method: HttpMethod;
      /** The URL, without the key. */
      url: string;
    }
  | {
      type: "response";
      /** Number of the attempt, from 1. */
      attempt: number;
      /** The HTTP status. */
      status: number;
      /** The server's id of the exchange; `null` if there was none. */
      requestId: string | null;
      /** Milliseconds since the request. */
      elapsedMs: number;
    }
  | {
      /** No answer, or a failure of the store. */
      type: "failure";
      /** Number of the attempt, from 1; absent if the store failed. */
      attempt?: number;
      /** The code that an error of it would have. */
      code: string;
      /** Milliseconds since the request. */
      elapsedMs: number;
    }
  | {
      type: "retry";
      /** Number of the attempt that failed, from 1. */
      attempt: number;
      /** Milliseconds until the next attempt. */
      delayMs: number;
    }
  | {
      type: "poll";
      /** The id of the task. */
      taskId: string;
      /** Milliseconds until the next read. */
      delayMs: number;
    }
);

/** The methods of {@link VideoClient.request}. */
export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * Keeps short strings beyond the life of the process: `localStorage` as it is, any storage of `unstorage` as it is
 * (Redis, Cloudflare KV, IndexedDB, a file system), or an object of your own. Each method may return a value or a
 * promise.
 *
 * The client keeps an item for each submission without an answer and for each task whose final state was not
 * delivered, under a digest of `baseUrl`, the literal `apiKey` and `storeNamespace`: accounts do not see each other's.
 * An item has the idempotency key, the request until it is answered (see `storeRequests`), then the id and the progress
 * of the task; never an API key. Several processes may use the same store at the same time.
 */
export interface Store {
  /** Returns the value of a key; `null` or `undefined` if there is none. */
  getItem(key: string): unknown;
  /** Writes a value. */
  setItem(key: string, value: string): unknown;
  /** Removes a value, if there is one. */
  removeItem(key: string): unknown;
  /**
   * Returns all keys that begin with `base`; others do not matter. Without it, and without `key` and `length` as
   * `localStorage` has them, submissions are as safe, but `resume` and `pending` are not available.
   */
  getKeys?(base: string): readonly string[] | Promise<readonly string[]>;
}

/** A file that a {@link FileDestination} stores. */
export interface StoredFileInfo {
  /** Hexadecimal digest of the bytes; `null` for a stream. */
  sha256: string | null;
  /** The media type that was detected, otherwise the declared one; empty if neither is known. */
  mediaType: string;
  /** Bytes of the file. */
  bytes: number;
  /** The name of the `File`, of the R2 object or of the option `name`; else one made from the media type. */
  name: string;
  /** Aborted when the upload is, or took too long. */
  signal: AbortSignal;
  /** Reports how much is sent, if `put` knows it. */
  onProgress(progress: {
    /** Bytes that were sent, from 0 to `bytes`. */
    sentBytes: number;
  }): void;
}

/** Your own storage for the files of requests, instead of the vendor's files API. */
export interface FileDestination {
  /**
   * Stores a file and returns its URL. Some hosts refuse the API's servers, for example Cloudflare R2 with its
   * default settings. It may take `requestTimeoutMs`, and a second for each 32 KB; then its `signal` is aborted, and
   * the upload rejects with {@link RequestTimeoutError}.
   */
  put(
    file: Blob | ReadableStream<Uint8Array>,
    info: StoredFileInfo,
  ): Promise<{
    /** The URL of the file: https, and one that the API's servers can open. */
    url: string | URL;
    /** When the URL expires, in milliseconds since 1970, later than now. Default: not known. */
    expiresAt?: number | null;
  }>;
}

/** How much of a file is sent. */
export interface UploadProgress {
  /** Bytes that were sent, from 0. Never decreases, and ends at `totalBytes`. Sent does not mean received. */
  sentBytes: number;
  /** Bytes of the file. */
  totalBytes: number;
}

/** An uploaded file. */
export interface Upload {
  /** Works in `image_urls`, `video_urls` and `audio_urls`. */
  url: string;
  /** When `url` expires, in milliseconds since 1970; `null` if not known. The files API keeps files for 72 hours. */
  expiresAt: number | null;
  /** The id in the files API; `null` if {@link ClientOptions.files} stored the file. */
  fileId: string | null;
  /** Bytes of the file. */
  bytes: number;
  /** The media type of the file, as the server or the option `mediaType` has it. */
  mediaType: string;
  /** Whether this client had uploaded the same bytes before. */
  reused: boolean;
}

/** The second argument of the option `fetch`: what the client passes, in the form of `RequestInit`. */
export interface FetchInit {
  /** The method of HTTP. */
  method: HttpMethod;
  /** The headers, with the key. */
  headers: Headers | Record<string, string>;
  /** JSON; of an upload a form, or a stream of one with a `Content-Length`. */
  body?: string | FormData | ReadableStream<Uint8Array>;
  /** With a stream. */
  duplex?: "half";
  /** The client follows no redirects, because they could lead the key elsewhere. */
  redirect: "manual";
  /** Absent where the host does not support it. */
  cache?: "no-store";
  /** Aborted when the attempt reaches its time limit, or the call is aborted. */
  signal: AbortSignal;
}

/** The part of a `Response` that the client reads from the option `fetch`. */
export interface FetchResponse {
  /** The HTTP status, 200 to 599; 0 for a redirect in browsers. */
  readonly status: number;
  /** The headers. */
  readonly headers: {
    /** Returns the value of a header; `null` if it is absent. */
    get(name: string): string | null;
  };
  /** Resolves with the body. */
  text(): Promise<string>;
}

/**
 * The options of a {@link VideoClient}. Only `apiKey` is required, and not even that if `baseUrl` is a server of
 * your own.
 */
export interface ClientOptions {
  /**
   * The API key, or a function that returns one for each request, for example a short-lived token from your server.
   * Required unless `baseUrl` is a server of your own. In a web page, a string is rejected unless
   * `dangerouslyAllowBrowser` is true.
   */
  apiKey?: string | (() => string | Promise<string>) | undefined;
  /**
   * Base URL of the API, without `/v1`: https, or http on this machine; http also to a private address without an
   * `apiKey`, with `allow: ["insecure_url"]`. In a web page it may be a path of the page's own server, such as
   * `"/evolink"`; where a framework renders the page, such a client can be made, and its calls reject. Default
   * `https://api.evolink.ai`.
   */
  baseUrl?: string | undefined;
  /**
   * Base URL of the files API, as `baseUrl`. Default: `https://files-api.evolink.ai`, or `baseUrl` if that is another
   * server.
   */
  filesBaseUrl?: string | undefined;
  /** Stores files instead of the files API. Default: the files API. */
  files?: FileDestination | undefined;
  /**
   * Sends each request. Default: the host's `fetch`, and in browsers `XMLHttpRequest` for uploads, which reports their
   * progress.
   */
  fetch?: ((url: string, init: FetchInit) => Promise<FetchResponse>) | undefined;
  /** Sent with every request. Default: none. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Time limit of one attempt, including the body, in milliseconds, 1 or more. Default 60000. */
  requestTimeoutMs?: number | undefined;
  /**
   * Number of retries of a failed attempt, where a retry is safe, 0 or more. Default 2 for a submission and an
   * upload, 4 for a read.
   */
  maxRetries?: number | undefined;
  /** Accepts a literal `apiKey` in a web page, where every visitor can read it. Default `false`. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** Stores what is needed to continue after a reload or a crash. See {@link VideoClient.resume}. Default: none. */
  store?: Store | undefined;
  /**
   * Tells the users of one store apart. Pass the id of your user on a server that serves several, and the account
   * where `apiKey` is a function or absent. Default: none.
   */
  storeNamespace?: string | undefined;
  /**
   * Whether the store keeps the request of a submission until its answer is there, so that `resume` can settle it.
   * `false` keeps a digest of it. Default `true`.
   */
  storeRequests?: boolean | undefined;
  /** Sends the result of {@link resolveModel} instead of the model of a request. Default `false`. */
  resolveModel?: boolean | undefined;
  /**
   * Codes of issues that become warnings; see {@link ValidationOptions.allow}. A call's own `allow` replaces it.
   * Default: none.
   */
  allow?: readonly IssueCode[] | undefined;
  /** Called on every event. Exceptions and rejections of it are ignored. Default: none. */
  onEvent?: ((event: ClientEvent) => void) | undefined;
}

/** The options of every call. */
export interface CallOptions {
  /**
   * Aborts the call, which rejects with `signal.reason`. A task that was created continues on the server. Default:
   * none.
   */
  signal?: AbortSignal | undefined;
  /** Sent in addition to the `headers` of the client. Default: none. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Time limit of one attempt, in milliseconds, 1 or more. Default: the client's. */
  requestTimeoutMs?: number | undefined;
  /** Number of retries of a failed attempt, where a retry is safe, 0 or more. Default: the client's. */
  maxRetries?: number | undefined;
}

/** The options of `prepare`, and of every call that takes a request. */
export interface RequestOptions extends ValidationOptions {
  /**
   * Fields that this version does not know, sent unchanged. A field that it knows is a {@link ConfigurationError}.
   * Default: none.
   */
  extraFields?: Readonly<Record<string, unknown>> | undefined;
}

/** The options of `submit`, and with those of a wait, of `generate`. */
export interface SubmitOptions extends CallOptions, RequestOptions, RequestFilesOptions {
  /**
   * 16 to 96 characters of `A-Z a-z 0-9 . _ -`. The same key with the same request is charged once. Default:
   * random. Pass your own if you may abort the submission: it rejects with `signal.reason`, which has no key.
   */
  idempotencyKey?: string | undefined;
  /**
   * The longest sleep before another attempt in milliseconds, 0 or more. If the server asks for more, the call
   * rejects with `retryAfterMs`. Default 60000.
   */
  maxSleepMs?: number | undefined;
}

/**
 * The sources that `upload` accepts. Streams and R2 objects are not held in memory, except in browsers, which cannot send
 * streams.
 */
export type UploadSource =
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | ReadableStream<Uint8Array>
  | {
      /** An object of Cloudflare R2, as `bucket.get(key)` returns it. */
      readonly body: ReadableStream<Uint8Array>;
      /** Bytes of the object. */
      readonly size: number;
      /** Its name in the bucket. */
      readonly key?: string;
      /** Has the media type. */
      readonly httpMetadata?:
        | {
            /** The media type. */
            readonly contentType?: string | undefined;
          }
        | undefined;
      /** Has the digest of the bytes, if R2 stored one. */
      readonly checksums?:
        | {
            /** The SHA-256 digest. */
            readonly sha256?: ArrayBuffer | undefined;
          }
        | undefined;
    };

/** The options of `upload`. */
export interface UploadOptions extends CallOptions {
  /**
   * Checks the size against the limit of the reference for this kind of file before anything is sent. Default: only
   * the limit of the files API, 100 MB, is checked.
   */
  kind?: Kind | undefined;
  /** The name of the file. Default: the name of the `File` or of the R2 object. */
  name?: string | undefined;
  /** The media type of the file. Default: the type of the `Blob` or of the R2 object. */
  mediaType?: string | undefined;
  /** Length of a `ReadableStream` in bytes. Required with a stream. */
  bytes?: number | undefined;
  /**
   * Whether bytes that this client has uploaded before are not uploaded again, while the URL works for another hour:
   * the last 100 files, compared by their SHA-256. Default `true`. Streams are always uploaded.
   */
  dedupe?: boolean | undefined;
  /**
   * Called as bytes are sent. In hosts whose `fetch` reports no progress, at the beginning and at the end. Default: none.
   */
  onProgress?: ((progress: UploadProgress) => void) | undefined;
}

/** For requests with files in them. */
export interface RequestFilesOptions {
  /** Called as the files are sent; `path` is such as `["image_urls", 0]`. Default: none. */
  onUpload?:
    | ((
        progress: UploadProgress & {
          /** The place of the file in the request. */
          path: [field: "image_urls" | "video_urls" | "audio_urls", index: number];
        },
      ) => void)
    | undefined;
}

/** The options of `poll` and `pollAll`. */
export interface PollOptions extends CallOptions {
  /**
   * The longest sleep before a failed read is repeated, in milliseconds, 0 or more. Beyond it the time is returned as
   * `delayMs`. Default 1000.
   */
  maxSleepMs?: number | undefined;
}

/** A task to wait for or to poll: an id, a task, a submission, or the state of an earlier poll. */
export type Target = string | Task | Submission | PollState;

/** The result of a poll. */
export interface PollResult<T extends Task | null = Task | null> {
  /** The task; after an `error` as it was passed to `poll`, or `null` if it was not. */
  task: T;
  /** Pass it to the next poll. It is plain data. */
  state: PollState;
  /** When to poll next, in milliseconds from now; `null` if nothing will change any more. */
  delayMs: number | null;
  /** Why the read failed, if it did. */
  error?: EvolinkError;
}

/** Which tasks `list` yields. */
export interface TaskQuery {
  /** The status of the tasks. `"processing"` includes pending tasks. Default: all. */
  status?: Task["status"] | (string & {}) | undefined;
  /** The type of the tasks, for example `"video"`. Default: all. */
  type?: string | undefined;
  /** The model of the tasks. Default: all. */
  model?: Model | (string & {}) | undefined;
  /** Number of the first page, from 1. Default 1. */
  page?: number | undefined;
  /** Number of tasks per page, 1 or more. Default: the server's. */
  pageSize?: number | undefined;
}

/** The balance, in credits. */
export interface Balance {
  /** Credits that this key may spend: the balance of the account, or less if the key has a limit. */
  remaining: number;
  /** Credits that the account has spent; `null` if the API did not say. */
  used: number | null;
  /** Whether the key has no limit of its own. */
  unlimited: boolean;
  /** `data` of the answer, unchanged. */
  raw: Record<string, unknown>;
}

/** The options of `wait`, `watch`, `waitAll`, `watchAll`, `resume` and `generate`. */
export interface WaitOptions extends CallOptions {
  /** Time limit of the whole call in milliseconds, 1 or more; `null` for none. Default 900000, which is 15 minutes. */
  timeoutMs?: number | null | undefined;
  /**
   * Called on every status or progress change, with a state for {@link progressEstimate}. If it throws, the call
   * rejects with that error. A promise that it returns is not awaited; if it rejects during the call, the call
   * rejects with its reason. Default: none.
   */
  onUpdate?: ((task: Task, state: PollState) => void) | undefined;
}

/** The request that `submit` would send, without the key. */
export interface Prepared {
  /** The method of HTTP. */
  method: "POST";
  /** The URL, with the base URL of the client. */
  url: string;
  /** The headers. `Authorization` is `"Bearer ***"`. */
  headers: Record<string, string>;
  /** JSON. A file has the placeholder `https://upload.invalid/<name>`. */
  body: string;
  /** How the API generates the video, by the files of the request. */
  mode: Mode;
  /** The tags of the prompt, in order. */
  tags: Tag[];
  /** The warnings of {@link validate}. */
  warnings: Issue[];
}

/** An accepted request. */
export interface Submission {
  /** The task. It is final if the server already had a task of this key that has ended. */
  task: Task;
  /** Submitting the same request with this key again is free. */
  idempotencyKey: string;
  /** Whether the server had already accepted a request with this key. */
  replayed: boolean;
  /** The server's id of the exchange; `null` if there was none. */
  requestId: string | null;
  /** The warnings of {@link validate}, and those of the files. */
  warnings: Issue[];
  /** Pass it to the first `poll`. */
  state: PollState;
  /** When to poll first, in milliseconds; `null` if the task is final. */
  delayMs: number | null;
}

/** The result of `generate`: the task, with its submission. */
export type GeneratedTask = CompletedTask & {
  /** The submission. JSON and copies of the task leave it out. */
  readonly submission: Pick<Submission, "idempotencyKey" | "replayed" | "requestId" | "warnings">;
};

/** A change of a task: the task, with a state for {@link progressEstimate} that JSON and copies leave out. */
export type Update = Task & {
  /** For {@link progressEstimate} and `poll`. */
  readonly state: PollState;
};

/** An item of a store: a submission without an answer, or a task whose final state was not delivered. */
export interface Pending {
  /** Absent while the submission has no answer. */
  taskId?: string;
  /** Submitting `request` again with this key is not charged twice. */
  idempotencyKey: string;
  /** When the submission began, in milliseconds since 1970; of a task, when the server created it. */
  since: number;
  /** The request of a submission without an answer. Absent with `storeRequests: false`. */
  request?: VideoRequest;
}

/**
 * The changes of one or many tasks. Each loop over it polls on its own; leaving the loop stops polling. With
 * `await using`, leaving the block stops every loop.
 */
export interface TaskIterable extends AsyncIterable<Update> {
  /**
   * Starts a loop that polls on its own.
   *
   * @throws `EvolinkError` from `next()`, as the call that returned the iterable.
   *
   * @example
   * ```ts
   * const { task } = await client.submit(request);
   * const updates = client.watch(task.id)[Symbol.asyncIterator]();
   * const { value } = await updates.next();
   * value.id === task.id; // => true
   * ```
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Update>;
  /**
   * Stops every loop. Never rejects.
   *
   * @example
   * ```ts
   * const { task } = await client.submit(request);
   * await using updates = client.watch(task.id);
   * for await (const { status } of updates) if (status === "completed") break;
   * ```
   */
  [Symbol.asyncDispose](): Promise<void>;
}

declare global {
  // Part of TypeScript's library since 5.2, in `esnext.disposable`.
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/**
 * A client of the API. It keeps no state between calls and can run many at the same time.
 *
 * Every method that returns a promise rejects with `signal.reason` if its `signal` is aborted, with {@link
 * ConfigurationError} if an option or an argument is invalid or the `store` failed, and otherwise by the answer of
 * the server: {@link BadRequestError}, {@link AuthenticationError} (401), {@link InsufficientCreditsError} (402),
 * {@link PermissionDeniedError} (403), {@link NotFoundError} (404), {@link RateLimitError} (429), {@link ServerError}
 * (5xx, or an answer that cannot be read), {@link ConnectionError} (no answer) or {@link RequestTimeoutError}, after
 * `maxRetries` retries where a retry is safe.
 *
 * @example
 * ```ts
 * const client = new VideoClient({ apiKey: process.env.EVOLINK_API_KEY });
 * const task = await client.generate({ model: "seedance-2.0", prompt: "A cat walks through snow" });
 * task.results[0]; // => /\.mp4$/
 * ```
 */
export class VideoClient {
  /**
   * Checks the options, and sends nothing.
   *
   * @throws `ConfigurationError` if an option is invalid. The message names it.
   */
  constructor(options: ClientOptions);

  /**
   * Validates a request and returns the HTTP request that `submit` would send. Sends nothing.
   *
   * @throws `ValidationError` with every issue.
   * @throws `ConfigurationError` if an option is invalid.
   *
   * @example
   * ```ts
   * const { url, mode } = client.prepare(request);
   * url; // => "https://api.evolink.ai/v1/videos/generations"
   * mode; // => "text-to-video"
   * ```
   */
  prepare(request: VideoRequest, options?: RequestOptions): Prepared;

  /**
   * Creates a task. Charged at most once: every attempt sends the same idempotency key and the same bytes.
   *
   * A `Blob` in the request is checked from its bytes and uploaded as by `upload`, four at a time. Nothing is
   * uploaded if the request or a file is invalid. The check reads no files behind URLs, so that sums leave them out.
   * A crash before the submission loses only the uploads. With a store, the same call after one without an answer
   * sends that again, with its URLs. The error of a failed upload has the place of the file in `param`, such as
   * `"image_urls[0]"`.
   *
   * @throws `ValidationError` with every issue, before anything is sent.
   * @throws `OutcomeUnknownError` with the key, if the call may have been charged.
   * @throws `EvolinkError` as every call; see {@link VideoClient}.
   *
   * @example
   * ```ts
   * const { task, idempotencyKey, delayMs } = await client.submit(request);
   * task.status; // => "pending"
   * idempotencyKey; // => /^evolink-video-/
   * ```
   */
  submit(request: VideoRequest, options?: SubmitOptions): Promise<Submission>;

  /**
   * Uploads a file to the vendor's files API, which keeps it for 72 hours and takes at most 100 MB, or to {@link
   * ClientOptions.files}. The API's limits of each kind are smaller; see {@link limitsFor}.
   *
   * Each attempt may take `requestTimeoutMs`, and a second for each 32 KB. After a lost answer, the client asks the
   * server for the receipt of the upload, and sends the file again only if that does not confirm it: at most
   * `maxRetries` times, by default 2. A stream is sent once.
   *
   * @throws `ValidationError` if the file is empty or too large.
   * @throws `ConnectionError` with the code `file_unreachable` if the file cannot be read, `upload_failed` if
   * `files.put` threw, `script_unavailable` if the script for files could not be loaded.
   * @throws `EvolinkError` as every call; see {@link VideoClient}.
   *
   * @example
   * ```ts
   * const file = new File(["..."], "cat.png", { type: "image/png" }); // in a page, of an `<input type="file">`
   * const { url, bytes } = await client.upload(file, { kind: "image" });
   * bytes; // => 3
   * url; // => /^https:/
   * ```
   */
  upload(file: UploadSource, options?: UploadOptions): Promise<Upload>;

  /**
   * Reads a task once. A completed task may have no links yet.
   *
   * @throws `NotFoundError` if the server does not know the task.
   * @throws `EvolinkError` as every call; see {@link VideoClient}.
   *
   * @example
   * ```ts
   * const { task } = await client.submit(request);
   * const { id, status } = await client.retrieve(task.id);
   * id === task.id; // => true
   * ```
   */
  retrieve(taskId: string, options?: CallOptions): Promise<Task>;

  /**
   * Reads many tasks, 50 with one call. A task that the server does not know is `null`.
   *
   * @throws `EvolinkError` as every call; see {@link VideoClient}.
   *
   * @example
   * ```ts
   * const { task } = await client.submit(request);
   * const [known, unknown] = await client.retrieveAll([task.id, "task-unified-1-unknown"]);
   * known?.id === task.id; // => true
   * unknown; // => null
   * ```
   */
  retrieveAll(taskIds: readonly string[], options?: CallOptions): Promise<(Task | null)[]>;

  /**
   * Waits for the video of a task.
   *
   * A failed read does not end the wait, unless the API itself refuses it (401, 403, 404). A completed task without links
   * is read again for half a minute.
   *
   * @throws `TaskFailedError` or `TaskCancelledError` if the task ends that way.
   * @throws `WaitTimeoutError` after `timeoutMs`. The task continues on the server, and you can wait again with its
   * id.
   * @throws `ServerError` with the code `result_missing` and the task, if a completed task gets no links.
   * @throws `EvolinkError` as every call; see {@link VideoClient}.
   *
   * @example
   * ```ts
   * const { task } = await client.submit(request);
   * const { results, expiresAt } = await client.wait(task.id, { timeoutMs: 600_000 });
   * results.length; // => 1
   * ```
   */
  wait(target: Target, options?: WaitOptions): Promise<CompletedTask>;

  /**
   * Yields a task on every change. The last one is final, whether completed, failed or cancelled.
   *
   * @throws `EvolinkError` from the loop, as `wait`. A failed task is no error here.
   *
   * @example
   * ```ts
   * const { task } = await client.submit(request);
   * for await (const { status, state } of client.watch(task.id)) console.log(status, progressEstimate(state));
   * ```
   */
  watch(target: Target, options?: WaitOptions): TaskIterable;

  /**
   * Waits until each of many tasks is final, whether completed, failed or cancelled. Resolves with the tasks in
   * the order of the ids.
   *
   * One `POST /v1/tasks/batch` reads up to 50 tasks. If the server does not know that call, tasks are read one by
   * one, at most 6 at a time.
   *
   * @throws `EvolinkError` of the first task that cannot be read, once the others are final, with `tasks`, the last
   * known state of each.
   * @throws `WaitTimeoutError` after `timeoutMs`, with `tasks`.
   *
   * @example
   * ```ts
   * const submissions = await Promise.all([client.submit(request), client.submit(request)]);
   * const tasks = await client.waitAll(submissions.map(({ task }) => task.id));
   * tasks.map(({ status }) => status); // => ["completed", "completed"]
   * ```
   */
  waitAll(
    ids: readonly string[],
    options?: WaitOptions,
  ): Promise<(CompletedTask | FailedTask | CancelledTask)[]>;

  /**
   * Yields each change of many tasks, which are read as `waitAll` reads them.
   *
   * @throws `EvolinkError` from the loop, as `waitAll`.
   *
   * @example
   * ```ts
   * const submissions = await Promise.all([client.submit(request), client.submit(request)]);
   * const ids = submissions.map(({ task }) => task.id);
   * for await (const { id, status } of client.watchAll(ids)) console.log(id, status);
   * ```
   */
  watchAll(ids: readonly string[], options?: WaitOptions): TaskIterable;

  /**
   * Continues with everything in the `store`, as `watchAll` does: after a reload, after a crash, or in a second tab.
   * A submission that was interrupted before its answer is sent again with its idempotency key, which is not charged
   * twice, and its task follows. (Not if it is older than 24 hours or without its request; `pending` lists it.)
   *
   * A task stays in the store until a loop took its final state, a call returned it, or `onUpdate` had it. So each is
   * delivered at least once, and again if the process dies in between.
   *
   * @throws `ConfigurationError` from the first `next()`, if there is no `store`, if it cannot list its keys, or if
   * it fails.
   * @throws `OutcomeUnknownError` at the end of the loop, if a submission could not be settled.
   *
   * @example
   * ```ts
   * const items = new Map<string, string>();
   * const store = {
   *   getItem: (key: string) => items.get(key),
   *   setItem: (key: string, value: string) => items.set(key, value),
   *   removeItem: (key: string) => items.delete(key),
   *   getKeys: () => [...items.keys()],
   * };
   * const client = new VideoClient({ apiKey: process.env.EVOLINK_API_KEY, store });
   * await client.submit(request); // the process dies; the next one has the same store
   * for await (const { id, status } of client.resume()) console.log(id, status);
   * ```
   */
  resume(options?: WaitOptions): TaskIterable;

  /**
   * Lists what the `store` has, oldest first, and sends nothing.
   *
   * @throws `ConfigurationError` if there is no `store`, if it cannot list its keys, or if it fails.
   *
   * @example
   * ```ts
   * const client = new VideoClient({ apiKey: process.env.EVOLINK_API_KEY, store: localStorage });
   * const { task } = await client.submit(request);
   * const [{ taskId }] = await client.pending();
   * taskId === task.id; // => true
   * ```
   */
  pending(options?: CallOptions): Promise<Pending[]>;

  /**
   * Removes a task from the `store` by its id, or a submission without an answer by its idempotency key, so that
   * `resume` does not continue it. Cancels nothing.
   *
   * @throws `ConfigurationError` if there is no `store`, or if it fails.
   *
   * @example
   * ```ts
   * const client = new VideoClient({ apiKey: process.env.EVOLINK_API_KEY, store: localStorage });
   * const { task } = await client.submit(request);
   * await client.forget(task.id);
   * await client.pending(); // => []
   * ```
   */
  forget(id: string, options?: CallOptions): Promise<void>;

  /**
   * Submits a request and waits for the video, both within `timeoutMs`. Uploads have a time limit of their own; see
   * `upload`.
   *
   * @throws `EvolinkError` as `submit` and `wait`. After the submission was accepted, the error has the `taskId`.
   *
   * @example
   * ```ts
   * const task = await client.generate(request, { onUpdate: ({ status, progress }) => console.log(status, progress) });
   * task.status; // => "completed"
   * task.submission.replayed; // => false
   * ```
   */
  generate(request: VideoRequest, options?: SubmitOptions & WaitOptions): Promise<GeneratedTask>;

  /**
   * Reads a task once, for hosts that cannot wait: cron jobs, queues, alarms. Pass what `submit` returned on the first
   * call, after its `delayMs`, and then the `state` of the last call after its `delayMs`.
   *
   * If the read fails for a passing reason, it resolves with `error`, the next state and the next delay.
   *
   * @throws `EvolinkError` as every call, if another poll would fail too: the key or the task is not known, or the
   * API calls the task invalid (400 or 422) after four failed reads.
   *
   * @example
   * ```ts
   * let { state, delayMs } = await client.submit(request);
   * while (delayMs !== null) {
   *   await new Promise((resolve) => setTimeout(resolve, delayMs!)); // your cron job, queue or alarm
   *   ({ state, delayMs } = await client.poll(state)); // `state` is plain JSON
   * }
   * state.completed; // => true
   * ```
   */
  poll<T extends Target>(
    target: T,
    options?: PollOptions,
  ): Promise<PollResult<T extends Task | Submission ? Task : Task | null>>;

  /**
   * `poll` of many tasks with one call for 50 of them. Resolves with a result for each, in their order; a task that
   * cannot be read has an `error` and `delayMs: null`.
   *
   * @throws `AuthenticationError` and other errors that concern all tasks, as every call; see {@link VideoClient}.
   *
   * @example
   * ```ts
   * const submissions = await Promise.all([client.submit(request), client.submit(request)]);
   * const polls = await client.pollAll(submissions);
   * polls.map(({ state }) => state.reads); // => [1, 1]
   * ```
   */
  pollAll(targets: readonly Target[], options?: PollOptions): Promise<PollResult[]>;

  /**
   * Yields the tasks of the account, newest first, page by page. They have no links; `retrieve` has them.
   *
   * @throws `EvolinkError` from the loop, as every call; see {@link VideoClient}.
   *
   * @example
   * ```ts
   * await client.submit(request);
   * for await (const { id, status } of client.list({ status: "processing" })) console.log(id, status);
   * ```
   */
  list(query?: TaskQuery, options?: CallOptions): AsyncGenerator<Task, void, undefined>;

  /**
   * Returns the remaining credits. It is free, and so a safe way to check a key.
   *
   * @throws `EvolinkError` as every call; see {@link VideoClient}.
   *
   * @example
   * ```ts
   * const { remaining } = await client.credits();
   * remaining; // => 1000000
   * ```
   */
  credits(options?: CallOptions): Promise<Balance>;

  /**
   * Returns the ids of the models that the key may use.
   *
   * @throws `EvolinkError` as every call; see {@link VideoClient}.
   *
   * @example
   * ```ts
   * const models = await client.models();
   * models.includes("seedance-2.0"); // => true
   * ```
   */
  models(options?: CallOptions): Promise<string[]>;

  /**
   * Calls any endpoint of the server, with the key and typed errors. A `GET` is retried as `retrieve` is, anything else
   * only if the server refused it for now and `maxRetries` is set.
   *
   * @throws `ConfigurationError` if `path` does not begin with one slash.
   * @throws `EvolinkError` as every call; see {@link VideoClient}.
   *
   * @example
   * ```ts
   * const { status, body } = await client.request("GET", "/v1/credits");
   * status; // => 200
   * ```
   */
  request(
    method: HttpMethod,
    path: string,
    options?: CallOptions & {
      /** Sent as JSON. Default: no body. */
      body?: unknown;
    },
  ): Promise<{
    /** The HTTP status, 200 to 299. */
    status: number;
    /** Those that this library reads: `retry-after`, `date` and the request id. */
    headers: Record<string, string>;
    /** The value of JSON, otherwise a string. */
    body: any;
  }>;
}

/**
 * A well-formed idempotency key from any strings, such as the id of an order: the same strings give the same key, and
 * `("7")` and `("70")`, or `("a", "b")` and `("ab")`, give different ones.
 *
 * @throws `ValidationError` if a part is not a string.
 *
 * @example
 * ```ts
 * idempotencyKey("order", "7"); // => "evolink-video-f4d1afb2897c3615fc6a5a88d9396cb7"
 * ```
 */
export function idempotencyKey(...parts: [string, ...string[]]): string;

/**
 * Compiles the module ahead of time, off the main thread if the host can. Optional: the first use does it.
 *
 * @throws `ConfigurationError` with the code `webassembly_unavailable` if the host refuses to compile it,
 * `module_not_loaded` in `evolink-video/core` before `load`.
 *
 * @example
 * ```ts
 * await ready(); // while the page loads, so that the first `validate` is instant
 * ```
 */
export function ready(): Promise<void>;

/** The version of this package. */
export const version: string;

// ---- Errors

/** The library's own codes. All others are those of the API. */
export type ErrorCode =
  /** The request is invalid; see `issues`. */
  | "invalid_request"
  /** An option or an argument is invalid, or the host has no `fetch`. The message names it. */
  | "invalid_option"
  /** The function `apiKey` threw, rejected, or returned something that is not a key. */
  | "api_key_failed"
  /** The `store` threw, rejected, or did not answer in time. */
  | "store_failed"
  /** No answer: the network, DNS or TLS failed, or a browser's CORS check. */
  | "connection_failed"
  /** The request was never sent, for example because the connection was refused. Nothing is charged. */
  | "not_sent"
  /** No answer within `requestTimeoutMs`. */
  | "request_timeout"
  /** The body of an answer broke off. */
  | "broken_answer"
  /** A successful answer that is not JSON, has no task, or reports an error without a code. */
  | "invalid_answer"
  /** A completed task has no link to the video after half a minute. See `task`. */
  | "result_missing"
  /** The link to the video does not work any more, 24 hours after completion (`saveToR2`). */
  | "result_expired"
  /** A file could not be read: it was moved or changed, its stream failed, or its server refused. */
  | "file_unreachable"
  /** The argument of `inspect` is not a file, bytes or a URL, but for example a path. */
  | "invalid_source"
  /** The option `files.put` threw or rejected. */
  | "upload_failed"
  /** The script that checks files could not be loaded. */
  | "script_unavailable"
  /** The task failed, and the API did not say why. */
  | "unknown_error"
  /** The task was cancelled. */
  | "task_cancelled"
  /** The task was not final within `timeoutMs`. */
  | "wait_timeout"
  /** The library itself failed, which is a bug (class `EvolinkError`). The API uses the code too, for a status of 500. */
  | "internal_error"
  /** The WebAssembly module could not be compiled, for example because of a Content-Security-Policy. */
  | "webassembly_unavailable"
  /** `load` of `evolink-video/core` was not called. */
  | "module_not_loaded"
  /** The URL passed to `load` of `evolink-video/core` could not be fetched. */
  | "module_not_found"
  /** A schema was asked for a JSON Schema version that it does not support. */
  | "unsupported_target"
  /** An answer with this HTTP status and no code. */
  | `http_${number}`;

/** The fields of an error. Each has a default, which depends on the class. */
export interface ErrorFields {
  /** The code. Default: that of the class. */
  code?: ErrorCode | (string & {}) | undefined;
  /** Whether the same call may succeed later. Default: that of the class. */
  retryable?: boolean | undefined;
  /** Whether the call cost money. Default: that of the class. */
  charged?: "no" | "unknown" | "yes" | undefined;
  /** The HTTP status, 100 to 599. Default: none. */
  status?: number | undefined;
  /** The server's id of the exchange. Default: none. */
  requestId?: string | undefined;
  /** The id of the task. Default: that of `task`, if the class has one. */
  taskId?: string | undefined;
  /** The key of the submission. Default: none. */
  idempotencyKey?: string | undefined;
  /** How long the server asks to wait, in milliseconds. Default: none. */
  retryAfterMs?: number | undefined;
  /** The field of the request that the server objects to. Default: none. */
  param?: string | undefined;
  /** The server's class of errors. Default: none. */
  type?: string | undefined;
  /** The suggestion of the server. Default: none. */
  suggestion?: string | undefined;
  /** Further fields of the server's error object. Default: none. */
  details?: Record<string, unknown> | undefined;
  /** The answer's body. Default: none. */
  body?: string | undefined;
  /** The last known state of the task. Default: none. */
  task?: Task | undefined;
  /** The last known state of each task. Default: none. */
  tasks?: (Task | null)[] | undefined;
  /** The exception behind this error. Default: none. */
  cause?: unknown;
}

/** An error as plain JSON, for queues, RPC and `postMessage`. */
export interface ErrorJson {
  /** The name of the class. */
  name: string;
  /** What is wrong, in English. */
  message: string;
  /** The API's code in lower case, or a code of this library. */
  code: string;
  /** Whether the same call may succeed later. */
  retryable: boolean;
  /** Whether the call cost money. */
  charged: "no" | "unknown" | "yes";
  /** `name` and `message` of `cause`, if that has them. */
  cause?: {
    /** The name of its class. */
    name: string;
    /** Its message. */
    message: string;
  };
  /** The other fields of the error. */
  [field: string]: unknown;
}

/**
 * The base class of every error of this package. A test can construct each class.
 *
 * @example
 * ```ts
 * try {
 *   await client.retrieve("task-unified-1-unknown");
 * } catch (error) {
 *   if (!(error instanceof EvolinkError)) throw error;
 *   error.code; // => "task_not_found"
 *   error.retryable; // => false
 *   error.charged; // => "no"
 * }
 * ```
 */
export class EvolinkError extends Error {
  /** Makes an error, for tests. */
  constructor(message: string, fields?: ErrorFields);

  /**
   * Returns the error that `toJSON` described, as an instance of its class. Returns an `EvolinkError` unchanged, and
   * wraps any other value: the value is the `cause`, and `charged` is `"unknown"`. Never throws for an `Error`, or a
   * value that JSON can express.
   *
   * @example
   * ```ts
   * const error = new RateLimitError("Too many requests", { retryAfterMs: 2000 });
   * const received = EvolinkError.from(JSON.parse(JSON.stringify(error)));
   * received instanceof RateLimitError; // => true
   * received.retryAfterMs; // => 2000
   * ```
   */
  static from(json: unknown): EvolinkError;

  /** The API's code in lower case if there was one, otherwise one of this library. */
  code: ErrorCode | (string & {});
  /** Whether the same call may succeed later. */
  retryable: boolean;
  /** Whether the call cost money. */
  charged: "no" | "unknown" | "yes";
  /** The HTTP status of the answer, 100 to 599, if there was one. */
  status?: number;
  /** The server's id of the exchange. */
  requestId?: string;
  /** The id of the task, if it is known. */
  taskId?: string;
  /** The key of the submission. Submitting the same request with this key again is free. */
  idempotencyKey?: string;
  /** How long the server asks to wait, in milliseconds. */
  retryAfterMs?: number;
  /** The field of the request that the server objects to. */
  param?: string;
  /** The server's class of errors, for example `"invalid_request_error"`. */
  type?: string;
  /** The suggestion of the server. */
  suggestion?: string;
  /** All else that the server's error object had, for example `action_url` or `estimated_credits`. */
  details?: Record<string, unknown>;
  /**
   * The beginning of the answer's body, at most 4 KB. The API key, and passwords and queries of URLs, are
   * redacted.
   */
  body?: string;
  /** The last known state of the task, if it was read. */
  task?: Task;
  /** Of `waitAll` and `watchAll`: the last known state of each task, in the order of the ids. `null` if it was never read. */
  tasks?: (Task | null)[];
  /** The exception behind this error. */
  cause?: unknown;

  /**
   * Returns the error as plain JSON. `JSON.stringify` uses it. Never throws.
   *
   * @example
   * ```ts
   * const { name, code } = new WaitTimeoutError("The task is not final yet").toJSON();
   * name; // => "WaitTimeoutError"
   * code; // => "wait_timeout"
   * ```
   */
  toJSON(): ErrorJson;
}
/**
 * The request or an argument is invalid. Nothing was sent. Default code `invalid_request`.
 *
 * @example
 * ```ts
 * try {
 *   await client.submit({ model: "seedance-2.0", prompt: "" });
 * } catch (error) {
 *   if (!(error instanceof ValidationError)) throw error;
 *   error.issues[0].code; // => "blank"
 * }
 * ```
 */
export class ValidationError extends EvolinkError {
  /** Makes an error, for tests. */
  constructor(
    message: string,
    fields?: ErrorFields & {
      /** The errors and warnings. Default: none. */
      issues?: Issue[] | undefined;
    },
  );
  /** The errors and warnings, as {@link validate} reports them. */
  issues: Issue[];
}
/**
 * An option is invalid. Nothing was sent. Default code `invalid_option`.
 *
 * @example
 * ```ts
 * try {
 *   new VideoClient({ apiKey: "" });
 * } catch (error) {
 *   error instanceof ConfigurationError; // => true
 * }
 * ```
 */
export class ConfigurationError extends EvolinkError {}
/**
 * The server refused the request: 400, 413, other 4xx, a key that was used for another request, or a redirect,
 * which the client never follows. Default code `invalid_request`.
 *
 * @example
 * ```ts
 * emulator.inject({ on: "create", fault: { status: 400 } });
 * try {
 *   await client.submit(request);
 * } catch (error) {
 *   if (!(error instanceof BadRequestError)) throw error;
 *   error.code; // => "invalid_request"
 * }
 * ```
 */
export class BadRequestError extends EvolinkError {}
/**
 * The key is missing, wrong, disabled or expired (401), or the function `apiKey` failed. Default code `unauthorized`.
 *
 * @example
 * ```ts
 * emulator.inject({ on: "credits", fault: { status: 401 } });
 * try {
 *   await client.credits();
 * } catch (error) {
 *   if (!(error instanceof AuthenticationError)) throw error;
 *   error.code; // => "unauthorized"
 * }
 * ```
 */
export class AuthenticationError extends EvolinkError {}
/**
 * The balance or a quota is used up (402, and codes that say so). Default code `insufficient_quota`.
 *
 * @example
 * ```ts
 * emulator.inject({ on: "create", fault: { status: 402 } });
 * try {
 *   await client.submit(request);
 * } catch (error) {
 *   if (!(error instanceof InsufficientCreditsError)) throw error;
 *   error.code; // => "insufficient_quota"
 * }
 * ```
 */
export class InsufficientCreditsError extends EvolinkError {}
/**
 * The key has no permission for this (403). Default code `model_access_denied`.
 *
 * @example
 * ```ts
 * emulator.inject({ on: "create", fault: { status: 403 } });
 * try {
 *   await client.submit(request);
 * } catch (error) {
 *   if (!(error instanceof PermissionDeniedError)) throw error;
 *   error.code; // => "model_access_denied"
 * }
 * ```
 */
export class PermissionDeniedError extends EvolinkError {}
/**
 * The task or the URL does not exist (404). Default code `http_404`.
 *
 * @example
 * ```ts
 * try {
 *   await client.retrieve("task-unified-1-unknown");
 * } catch (error) {
 *   error instanceof NotFoundError; // => true
 * }
 * ```
 */
export class NotFoundError extends EvolinkError {}
/**
 * Too many requests (429). See `retryAfterMs`. Default code `rate_limit_exceeded`.
 *
 * @example
 * ```ts
 * emulator.inject({ on: "create", fault: { status: 429, headers: { "retry-after": "120" } } });
 * try {
 *   await client.submit(request);
 * } catch (error) {
 *   if (!(error instanceof RateLimitError)) throw error;
 *   error.retryAfterMs; // => 120000
 * }
 * ```
 */
export class RateLimitError extends EvolinkError {}
/**
 * The server failed (5xx), or sent an answer that cannot be read. Default code `internal_error`.
 *
 * @example
 * ```ts
 * emulator.inject({ on: "models", fault: { status: 500 } });
 * try {
 *   await client.models({ maxRetries: 0 });
 * } catch (error) {
 *   if (!(error instanceof ServerError)) throw error;
 *   error.code; // => "internal_error"
 * }
 * ```
 */
export class ServerError extends EvolinkError {}
/**
 * No answer: the network, DNS or TLS failed, or a browser's CORS check. Default code `connection_failed`.
 *
 * @example
 * ```ts
 * emulator.inject({ on: "models", fault: "network" });
 * try {
 *   await client.models({ maxRetries: 0 });
 * } catch (error) {
 *   if (!(error instanceof ConnectionError)) throw error;
 *   error.code; // => "connection_failed"
 * }
 * ```
 */
export class ConnectionError extends EvolinkError {}
/**
 * No answer within `requestTimeoutMs`, or the server stopped waiting (408). Default code `request_timeout`.
 *
 * @example
 * ```ts
 * emulator.inject({ on: "models", fault: "no-answer" });
 * try {
 *   await client.models({ maxRetries: 0, requestTimeoutMs: 100 });
 * } catch (error) {
 *   error instanceof RequestTimeoutError; // => true
 * }
 * ```
 */
export class RequestTimeoutError extends EvolinkError {}
/**
 * A submission with an unknown outcome: it may have been charged. Submit again with its `idempotencyKey` to find
 * out without paying twice. Default code `paid_outcome_unknown`.
 *
 * @example
 * ```ts
 * emulator.inject({ on: "create", times: 3, fault: "network", carriedOut: true }); // each answer is lost
 * try {
 *   await client.generate(request);
 * } catch (error) {
 *   if (!(error instanceof OutcomeUnknownError)) throw error;
 *   await client.generate(request, { idempotencyKey: error.idempotencyKey });
 * }
 * emulator.counts.charges; // => 1
 * ```
 */
export class OutcomeUnknownError extends EvolinkError {}
/**
 * The task failed, and was not charged. `code` says why. Default code `unknown_error`.
 *
 * @example
 * ```ts
 * const outcome = { code: "content_policy_violation", message: "A real face" };
 * const { fetch } = createEmulator({ taskTime: 0, outcome });
 * const client = new VideoClient({ apiKey: "any", fetch });
 * try {
 *   await client.generate(request);
 * } catch (error) {
 *   if (!(error instanceof TaskFailedError)) throw error;
 *   error.code; // => "content_policy_violation"
 *   error.charged; // => "no"
 * }
 * ```
 */
export class TaskFailedError extends EvolinkError {
  /** Makes an error, for tests. */
  constructor(
    message: string,
    fields?: ErrorFields & {
      /** The task. Default: a failed task with `taskId` and `code`. */
      task?: FailedTask | undefined;
    },
  );
  /** The task; its `error` says why. */
  task: FailedTask;
}
/**
 * The task was cancelled. Default code `task_cancelled`.
 *
 * @example
 * ```ts
 * const { fetch } = createEmulator({ taskTime: 0, outcome: "cancelled" });
 * const client = new VideoClient({ apiKey: "any", fetch });
 * try {
 *   await client.generate(request);
 * } catch (error) {
 *   error instanceof TaskCancelledError; // => true
 * }
 * ```
 */
export class TaskCancelledError extends EvolinkError {
  /** Makes an error, for tests. */
  constructor(
    message: string,
    fields?: ErrorFields & {
      /** The task. Default: a cancelled task with `taskId`. */
      task?: CancelledTask | undefined;
    },
  );
  /** The task. */
  task: CancelledTask;
}
/**
 * The wait reached `timeoutMs`. The task continues on the server. Default code `wait_timeout`.
 *
 * @example
 * ```ts
 * const { task } = await client.submit(request);
 * try {
 *   await client.wait(task.id, { timeoutMs: 1 });
 * } catch (error) {
 *   if (!(error instanceof WaitTimeoutError)) throw error;
 *   await client.wait(task.id); // the task continued
 * }
 * ```
 */
export class WaitTimeoutError extends EvolinkError {
  /** Makes an error, for tests. */
  constructor(
    message: string,
    fields?: ErrorFields & {
      /** The last known state of the task. Default: none. */
      task?: Task | undefined;
    },
  );
  /** The last known state; absent if no read succeeded. */
  task?: Task;
}

// Without this, every declaration of the file would be exported.
export {};
