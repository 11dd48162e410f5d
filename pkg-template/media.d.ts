/**
 * Detects the format and properties of files from their bytes, and checks whether the API accepts them.
 * @module evolink-video/media
 */
import type { Issue, IssueCode, VideoRequest } from "./index.js";
export { EvolinkError } from "./index.js";

/** A file, its bytes, or its URL. */
export type MediaSource = Blob | ArrayBuffer | ArrayBufferView | URL | string;

/** The format and properties of a file, from its bytes. Its name and its declared MIME type are ignored. */
export type MediaInfo = ImageInfo | VideoInfo | AudioInfo | OtherInfo | BrokenInfo;

interface FileInfo {
  /** Bytes of the file; 0 if the server of a URL does not tell. */
  bytes: number;
  /** Bytes that were read to find out. */
  bytesRead: number;
}

/** An image in a format that the API takes. */
export interface ImageInfo extends FileInfo {
  kind: "image";
  /** The format, by the content of the file. */
  format: "jpeg" | "png" | "webp" | "bmp" | "tiff" | "gif";
  /** The MIME type of the format, for example `"image/png"`. */
  mimeType: string;
  /** Pixels, as shown: the orientation of EXIF is applied. */
  width: number;
  /** Pixels, as shown. */
  height: number;
  /** The orientation of EXIF; 1 if there is none. */
  orientation: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
  /** Whether it has more than one frame. */
  animated: boolean;
}

/** A clip in a format that the API takes. */
export interface VideoInfo extends FileInfo {
  kind: "video";
  /** The format, by the content of the file. */
  format: "mp4" | "mov";
  /** The MIME type of the format, for example `"video/mp4"`. */
  mimeType: string;
  /** Pixels, as shown: rotation and pixel aspect are applied. */
  width: number;
  /** Pixels, as shown. */
  height: number;
  /** Degrees that players turn the stored picture clockwise. */
  rotation: 0 | 90 | 180 | 270;
  /** Length of what it plays, in milliseconds: edit lists are applied. */
  durationMs: number;
  /** Frames per second, on average; `null` if the file does not tell. */
  frameRate: number | null;
  /** As ffprobe names it: `h264`, `hevc`, `av1`, `prores` ...; else the four letters of the file. */
  videoCodec: string;
  /** As ffprobe names it: `aac`, `mp3`, `pcm_s16le` ...; `null` if there is no sound. */
  audioCodec: string | null;
}

/** A sound in a format that the API takes. */
export interface AudioInfo extends FileInfo {
  kind: "audio";
  /** The format, by the content of the file. */
  format: "mp3" | "wav";
  /** The MIME type of the format, for example `"audio/mpeg"`. */
  mimeType: string;
  /** Length in milliseconds. */
  durationMs: number;
  /** Samples per second. */
  sampleRate: number;
  /** Number of channels: 1 is mono, 2 is stereo. */
  channels: number;
  /** As ffprobe names it: `mp3`, `pcm_s16le`, `adpcm_ms` ... */
  codec: string;
  /** Whether the file does not state its duration, so that it was estimated from a part of the file. */
  estimated: boolean;
}

/** A file in a format that the API does not take. */
export interface OtherInfo extends FileInfo {
  kind: "other";
  /** The detected format, such as `heic`, `webm`, `avif`, `m4a`, `pdf`, `html`; `null` if not known. */
  format: string | null;
  /** The MIME type of the format; `null` if it is not known. */
  mimeType: string | null;
}

/** A file that cannot be used: truncated, damaged, or without an index. */
export interface BrokenInfo extends FileInfo {
  kind: "broken";
  /** The format that its beginning has; `null` if not known. */
  format: string | null;
  /** The problem, as the end of a sentence: "it is cut off". */
  reason: string;
}

/** The options of {@link inspect}. */
export interface InspectOptions {
  /** Aborts the call, which rejects with the signal's reason. Default: none. */
  signal?: AbortSignal;
  /** Reads URLs. Default: the host's `fetch`. On a server, let it refuse addresses of your own network. */
  fetch?: typeof fetch;
  /** Time limit of each request for a URL, in milliseconds, greater than 0. Default 30000. */
  requestTimeoutMs?: number;
}

/**
 * Detects the format and properties of a file, from its first bytes, and a few others if its format requires it:
 * usually 16 KB, at most 2 MiB in 128 reads, and 16 MiB of an MP3 that does not state its length. URLs are read by
 * HTTP ranges; from a server that refuses them, as a stream of at most 64 MiB that is not kept.
 *
 * The first call compiles a WebAssembly module of its own.
 *
 * No content makes it throw or hang: a damaged file is `{ kind: "broken" }`. JPEGs behind a URL, GIFs behind their
 * second frame, and PNGs behind their first chunks of pixels are not read to their end, so one that is cut off there
 * passes.
 *
 * @throws `ConfigurationError` with the code `invalid_source` if it is no file, bytes or URL, such as a path.
 * @throws `ConnectionError` with the code `file_unreachable` if it cannot be read: the server refuses, CORS forbids
 * it, the file was moved.
 *
 * @example
 * ```ts
 * const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
 * const bytes = Buffer.from(png, "base64"); // in a page, a file of an `<input type="file">`
 * const info = await inspect(bytes);
 * if (info.kind === "image") {
 *   info.format; // => "png"
 *   [info.width, info.height]; // => [1, 1]
 * }
 * ```
 */
export function inspect(source: MediaSource, options?: InspectOptions): Promise<MediaInfo>;

/** The result of {@link checkFiles}. */
export interface FileCheck {
  /** As those of `validate`, with a path such as `["image_urls", 0]`. */
  issues: Issue[];
  /** The properties and the place of each file. A file that could not be read is among the issues instead. */
  files: (MediaInfo & {
    /** The place of the file in the request; the index is from 0. */
    path: [field: "image_urls" | "video_urls" | "audio_urls", index: number];
  })[];
}

/** A request in which files may stand where the API wants URLs. */
export type RequestWithFiles = Partial<Omit<VideoRequest, "image_urls" | "video_urls" | "audio_urls">> & {
  /** Images, as in {@link VideoRequest}. */
  readonly image_urls?: readonly MediaSource[];
  /** Videos, as in {@link VideoRequest}. */
  readonly video_urls?: readonly MediaSource[];
  /** Audio files, as in {@link VideoRequest}. */
  readonly audio_urls?: readonly MediaSource[];
};

/**
 * Checks the files of a request against the bounds of its model: formats, bytes, pixels, sides, ratios, seconds of each
 * and of all together, frame rates, and whether a first frame has the shape of the last one and of `aspect_ratio`.
 * Everything else is checked by `validate`.
 *
 * An error is certain. A warning is what exceeds bounds that the model is only assumed to have (version 2.5), and what
 * depends on how the server measures: up to 100 ms beyond a bound, and between
 * 10^6 and 2^20 bytes a megabyte. So is what only the pages of the models say: sides, ratios, frame rates; and a URL that
 * cannot be read from here, which the API may still reach.
 *
 * @throws `ConfigurationError` if an option is invalid, or with the code `invalid_source` as {@link inspect}. An
 * unreachable file is an issue instead.
 *
 * @example
 * ```ts
 * const heic = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0heicmif1");
 * const { issues } = await checkFiles({ model: "seedance-2.0", image_urls: [heic] });
 * issues[0].code; // => "unsupported_format"
 * issues[0].path; // => ["image_urls", 0]
 * ```
 */
export function checkFiles(
  request: RequestWithFiles,
  options?: InspectOptions & {
    /** Codes of issues that become warnings where they would be errors. Default: none. */
    allow?: readonly IssueCode[];
  },
): Promise<FileCheck>;
