/**
 * What a file is, from its bytes, and whether the API takes it.
 * @module evolink-video/media
 */
import type { Issue, IssueCode, VideoRequest } from "./index.js";
export { EvolinkError } from "./index.js";

/** What may be inspected: a file, its bytes, or where it is. */
export type MediaSource = Blob | ArrayBuffer | ArrayBufferView | URL | string;

/** What a file is. Its name and its MIME type are not believed. */
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
  format: "jpeg" | "png" | "webp" | "bmp" | "tiff" | "gif";
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
  format: "mp4" | "mov";
  mimeType: string;
  /** Pixels, as shown: rotation and pixel aspect are applied. */
  width: number;
  /** Pixels, as shown. */
  height: number;
  /** Degrees that players turn the stored picture clockwise. */
  rotation: 0 | 90 | 180 | 270;
  /** What it plays, in milliseconds: edit lists are applied. */
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
  format: "mp3" | "wav";
  mimeType: string;
  /** Milliseconds. */
  durationMs: number;
  /** Samples per second. */
  sampleRate: number;
  channels: number;
  /** As ffprobe names it: `mp3`, `pcm_s16le`, `adpcm_ms` ... */
  codec: string;
  /** Whether the file does not state its duration, and it was reckoned from a part of it. */
  estimated: boolean;
}

/** A file in a format that the API does not take. */
export interface OtherInfo extends FileInfo {
  kind: "other";
  /** What it really is, such as `heic`, `webm`, `avif`, `m4a`, `pdf`, `html`; `null` if it is not known. */
  format: string | null;
  mimeType: string | null;
}

/** A file that nobody can use: cut off, damaged, without an index. */
export interface BrokenInfo extends FileInfo {
  kind: "broken";
  /** What it begins as; `null` if it is not known. */
  format: string | null;
  /** What is wrong, as the end of a sentence: "it is cut off". */
  reason: string;
}

/** The options of {@link inspect}. */
export interface InspectOptions {
  /** Stops at once; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Reads URLs. Default: the host's `fetch`. On a server, let it refuse addresses of your own network. */
  fetch?: typeof fetch;
  /** The time limit of each request for a URL, in milliseconds. Default 30,000. */
  requestTimeoutMs?: number;
}

/**
 * Finds out what a file is, from its first bytes, and a few others where its format wants it: usually 16 KB, at most
 * 2 MiB in 128 reads, and 16 MiB of an MP3 that does not state its length. URLs are read by HTTP ranges; from a server
 * that refuses them, as a stream of at most 64 MiB that is not kept.
 *
 * The first call compiles a WebAssembly module of its own.
 *
 * No content makes it throw or hang: a damaged file is `{ kind: "broken" }`. JPEGs, GIFs behind their second frame, and
 * PNGs behind their first chunks of pixels are not read to their end, so one that is cut off there passes.
 *
 * @throws `ConfigurationError` (`invalid_source`) if it is no file, bytes or URL, such as a path; `ConnectionError`
 * (`file_unreachable`) if it cannot be read: the server refuses, CORS forbids it, the file was moved.
 */
export function inspect(source: MediaSource, options?: InspectOptions): Promise<MediaInfo>;

/** What {@link checkFiles} found. */
export interface FileCheck {
  /** As those of `validate`, with a path such as `["image_urls", 0]`. */
  issues: Issue[];
  /** What each file is, and where it stands. A file that could not be read is missing, and among the issues. */
  files: (MediaInfo & { path: [field: "image_urls" | "video_urls" | "audio_urls", index: number] })[];
}

/** A request in which files may stand where the API wants URLs. */
export type RequestWithFiles = Partial<Omit<VideoRequest, "image_urls" | "video_urls" | "audio_urls">> & {
  readonly image_urls?: readonly MediaSource[];
  readonly video_urls?: readonly MediaSource[];
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
 * @throws as {@link inspect}, but an unreachable file is an issue; `ConfigurationError` for a wrong option.
 */
export function checkFiles(
  request: RequestWithFiles,
  options?: InspectOptions & { allow?: readonly IssueCode[] },
): Promise<FileCheck>;
