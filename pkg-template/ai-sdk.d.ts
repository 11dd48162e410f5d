/**
 * EvoLink as a provider of the AI SDK (`ai` 6 and 7). The types repeat the SDK's, so that there is no dependency on it.
 * @module evolink-video/ai-sdk
 */

import type { ClientOptions, VideoClient, VideoRequest } from "./index.js";

type Awaitable<T> = T | PromiseLike<T>;
/** JSON. The two versions of the SDK declare it differently. */
type Json = any;
type JsonObject = Record<string, any>;

/** A file of a call, as the SDK passes it. */
export type VideoFile =
  | {
      type: "file";
      /** The media type, for example `"image/png"`. */
      mediaType: string;
      /** The bytes. A string is base64. */
      data: string | Uint8Array;
      /** Not read. */
      providerOptions?: Record<string, JsonObject>;
    }
  | {
      type: "url";
      /** The URL. */
      url: string;
      /** The media type. Default: from the ending of the URL. */
      mediaType?: string;
      /** Not read. */
      providerOptions?: Record<string, JsonObject>;
    };

/**
 * Stores a file instead of the client. Returns its URL, or a `Blob` that the client uploads. Called for each call of the
 * model.
 */
export type UploadFile = (file: {
  /** The media type, for example `"image/png"`. */
  mediaType: string;
  /** A string is base64. */
  data: string | Uint8Array;
}) => Awaitable<string | Blob>;

/** The options of {@link createEvolink}: a client, or the options of one, and those of the provider. */
export type EvolinkOptions<Version extends "v3" | "v4" = "v4"> = (
  | {
      /** The client. Required unless its options are passed. */
      client: VideoClient;
    }
  | (ClientOptions & {
      /** Absent: the provider makes a client with these options. Default: none. */
      client?: undefined;
    })
) & {
  /** The version of the SDK's interface: `"v3"` for `ai` 6 and 7, `"v4"` for `ai` 7. Default `"v4"`. */
  specificationVersion?: Version;
  /**
   * Stores the files that a call has as bytes. Default: the client checks them from their bytes and uploads them, see
   * `VideoClient.submit`.
   */
  upload?: UploadFile | undefined;
};

/**
 * `providerOptions.evolink` of a call. Wire names are fields of the request, and replace those that the SDK's options
 * give; files are added to those of the SDK's options.
 *
 * `audio_urls` is the only way to pass sound to `ai` 6.
 */
export interface EvolinkProviderOptions extends Partial<Omit<VideoRequest, "model" | "prompt">> {
  /**
   * 16 to 96 characters of `A-Z a-z 0-9 . _ -`. Default: the header `Idempotency-Key` of the call, which the SDK sets for
   * `poll`, `webhook` and `startVideo`, otherwise random. With `n`, all videos of the call would be one.
   */
  idempotencyKey?: string | undefined;
  /**
   * Time limit of a call without `poll` and `webhook` in milliseconds; `null` for none. Default 900000, which is 15
   * minutes.
   */
  pollTimeoutMs?: number | null | undefined;
}

/** `providerMetadata.evolink` of a result. */
export interface EvolinkProviderMetadata {
  /** The id of the task. */
  taskId: string;
  /** The same call with this key again is free. */
  idempotencyKey: string;
  /** The server's id of the exchange; `null` if there was none. */
  requestId: string | null;
  /** Whether the server had already accepted a call with this key. */
  replayed: boolean;
  /** The status of the task. */
  status: string;
  /** 0 to 100; `null` if the API does not report it. */
  progress: number | null;
  /** The cost of the video. */
  usage?: {
    /** Credits that the submission reserved. */
    credits_reserved?: number;
    [extra: string]: unknown;
  };
  /** When the links expire, in milliseconds since 1970; `null` if it is not known. */
  expiresAt: number | null;
  /** The links. With `n`, the SDK joins those of all videos. */
  videos: {
    /** The id of the task. */
    taskId: string;
    /** The link. */
    url: string;
    /** When it expires, in milliseconds since 1970; `null` if it is not known. */
    expiresAt: number | null;
  }[];
}

/** A warning as the SDK declares it. */
export type VideoWarning =
  | {
      type: "unsupported";
      /** The option that has no effect. */
      feature: string;
      /** Why. */
      details?: string;
    }
  | {
      type: "other";
      /** The text of a warning of the validation. */
      message: string;
    };

/** The options of a call, as the SDK passes them to a model. */
export interface VideoCallOptions {
  /** The prompt. */
  prompt: string | undefined;
  /** Number of videos: 1, because the SDK calls once for each. */
  n: number;
  /** Width to height. */
  aspectRatio: `${number}:${number}` | "adaptive" | undefined;
  /** Width and height in pixels. Must be a size of `limitsFor(model).outputPixels`. */
  resolution: `${number}x${number}` | undefined;
  /** Length of the video in seconds. */
  duration: number | undefined;
  /** Frames per second. Not supported: gives a warning. */
  fps: number | undefined;
  /** Any integer, 0 or more. Not supported: gives a warning. */
  seed: number | undefined;
  /** The image to animate: the first frame. */
  image: VideoFile | undefined;
  /** The first and the last frame. Default: none. */
  frameImages?:
    | {
        /** The image. */
        image: VideoFile;
        /** Which frame it is. */
        frameType: "first_frame" | "last_frame";
      }[]
    | undefined;
  /** Images, videos and sounds that the prompt refers to. Default: none. */
  inputReferences?: VideoFile[] | undefined;
  /** Whether the video has sound. Default: the API's, which is `true`. */
  generateAudio?: boolean | undefined;
  /** Options by provider: `evolink` has {@link EvolinkProviderOptions}. */
  providerOptions: Record<string, JsonObject>;
  /** Aborts the call. Default: none. */
  abortSignal?: AbortSignal;
  /** Sent with the request. Default: none. */
  headers?: Record<string, string | undefined>;
}

interface Response {
  timestamp: Date;
  modelId: string;
  headers: Record<string, string> | undefined;
}
type Video = { type: "url"; url: string; mediaType: string };
type Metadata = Record<string, Record<string, any>>;
interface Notification {
  headers: Record<string, string>;
  body: Json;
}

/** A model, as the SDK calls it. */
export interface VideoModel<Version extends "v3" | "v4" = "v3" | "v4"> {
  /** The version of the SDK's interface. */
  readonly specificationVersion: Version;
  /** `"evolink.video"`. */
  readonly provider: string;
  /** The model of a request. */
  readonly modelId: string;
  /** The API makes one video for each request. */
  readonly maxVideosPerCall: 1;
  /**
   * Submits and waits by the schedule of the client. Rejects as `VideoClient.generate` does; the SDK passes these
   * errors on unchanged and retries none.
   */
  doGenerate(options: VideoCallOptions): Promise<{
    videos: Video[];
    warnings: VideoWarning[];
    providerMetadata: Metadata;
    response: Response;
  }>;
  /**
   * The URL must be https and not a private address, as every `callback_url`. After a callback, waits until the task is
   * final: callbacks are not signed.
   */
  handleWebhookOption(options: {
    webhook: () => PromiseLike<{ url: string; received: PromiseLike<Notification> }>;
  }): Promise<{ webhookUrl: string; received: Promise<Notification> }>;
  /** Submits. Rejects as `VideoClient.submit` does. */
  doStart(options: VideoCallOptions & { webhookUrl?: string | undefined }): Promise<{
    /** Plain JSON, for another process too. */
    operation: JsonObject;
    warnings: VideoWarning[];
    providerMetadata: Metadata;
    response: Response;
  }>;
  /**
   * Reads the task once. A failure that passes is `"pending"`. `error` begins with the code. Rejects if the key or the
   * task is not known.
   */
  doStatus(options: {
    operation: Json;
    abortSignal?: AbortSignal;
    headers?: Record<string, string | undefined>;
  }): Promise<
    | { status: "pending"; providerMetadata?: Metadata; response: Response }
    | {
        status: "completed";
        videos: Video[];
        warnings: VideoWarning[];
        providerMetadata: Metadata;
        response: Response;
      }
    | { status: "error"; error: string; providerMetadata?: Metadata; response: Response }
  >;
}

/** The provider. Has video models only; the other methods throw the SDK's `NoSuchModelError`. */
export interface EvolinkProvider<Version extends "v3" | "v4" = "v4"> {
  (modelId: VideoRequest["model"]): VideoModel<Version>;
  /** The version of the SDK's interface. */
  readonly specificationVersion: Version;
  /**
   * Returns a model, as a call of the provider does. Never throws.
   *
   * @example
   * ```ts
   * const evolink = createEvolink({ client });
   * evolink.video("seedance-2.0").modelId; // => "seedance-2.0"
   * ```
   */
  video(modelId: VideoRequest["model"]): VideoModel<Version>;
  /**
   * Returns a model, for registries. Never throws.
   *
   * @example
   * ```ts
   * import { createProviderRegistry } from "ai";
   *
   * const registry = createProviderRegistry({ evolink: createEvolink({ client }) } as any);
   * createEvolink({ client }).videoModel("seedance-2.0").provider; // => "evolink.video"
   * ```
   */
  videoModel(modelId: VideoRequest["model"]): VideoModel<Version>;
  /**
   * There are no such models.
   *
   * @throws `ConfigurationError` in any case, which the SDK takes as its `NoSuchModelError`.
   *
   * @example
   * ```ts
   * const evolink = createEvolink({ client });
   * try {
   *   evolink.languageModel("seedance-2.0");
   * } catch (error) {
   *   (error as Error).message; // => "No such languageModel: seedance-2.0"
   * }
   * ```
   */
  languageModel(modelId: string): never;
  /**
   * There are no such models.
   *
   * @throws `ConfigurationError` in any case, which the SDK takes as its `NoSuchModelError`.
   *
   * @example
   * ```ts
   * const evolink = createEvolink({ client });
   * try {
   *   evolink.embeddingModel("seedance-2.0");
   * } catch (error) {
   *   (error as Error).message; // => "No such embeddingModel: seedance-2.0"
   * }
   * ```
   */
  embeddingModel(modelId: string): never;
  /**
   * There are no such models.
   *
   * @throws `ConfigurationError` in any case, which the SDK takes as its `NoSuchModelError`.
   *
   * @example
   * ```ts
   * const evolink = createEvolink({ client });
   * try {
   *   evolink.imageModel("seedance-2.0");
   * } catch (error) {
   *   (error as Error).message; // => "No such imageModel: seedance-2.0"
   * }
   * ```
   */
  imageModel(modelId: string): never;
}

/**
 * Makes EvoLink a provider of the AI SDK: for `experimental_generateVideo`, `experimental_startVideo`, registries and
 * `customProvider`.
 *
 * - A call is charged once, also after a lost answer.
 * - `resolution` must be a size that the model makes, otherwise the call rejects with `ValidationError`, and nothing is
 *   sent.
 * - The SDK downloads the videos; `providerMetadata.evolink.videos` has the links.
 *
 * @throws `ConfigurationError` if an option is missing or invalid. The message names it.
 *
 * @example
 * ```ts
 * import { experimental_generateVideo } from "ai";
 *
 * const evolink = createEvolink({ apiKey: process.env.EVOLINK_API_KEY });
 * const { video } = await experimental_generateVideo({ model: evolink("seedance-2.0"), prompt: "A cat walks" });
 * video.mediaType; // => "video/mp4"
 * ```
 */
export function createEvolink<Version extends "v3" | "v4" = "v4">(
  options: EvolinkOptions<Version>,
): EvolinkProvider<Version>;

// Without this, every declaration of the file would be exported.
export {};
