// Makes the variants, and asks ffprobe, exiftool and ImageMagick's identify what a file is.
//
// | subject                          | oracle, and why where another one disagrees                                |
// | -------------------------------- | -------------------------------------------------------------------------- |
// | format                           | exiftool; ffprobe for what a container holds                               |
// | size of an image                 | exiftool, which reads headers as browsers do; identify must agree          |
// | orientation                      | exiftool: identify has none for WebP and PNG                               |
// | animated                         | identify counts frames; ffprobe those of PNG, of which identify sees one   |
// | size of a video                  | ffprobe, turned and stretched here: exiftool has the track's size          |
// | duration of a video              | ffprobe's of the whole file: exiftool ignores edit lists and fragments     |
// | duration of an MP3               | the frames that ffprobe counts: without a header it extrapolates           |
// | frame rate, codecs, sample rates | ffprobe                                                                    |
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { texts, variants } from "./variants.js";

const execute = promisify(execFile);

/** What the oracles say. A broken file has only this kind. @typedef {Record<string, any> & { kind: string }} Truth */

/** @param {string} command @param {string[]} args @param {string} cwd @returns {Promise<string>} */
const ask = async (command, args, cwd) =>
  (await execute(command, args, { cwd, maxBuffer: 2 ** 28, timeout: 60_000 })).stdout;

/**
 * Calls the function for each item, a few at a time.
 * @template T, R
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<R>} work
 */
export async function each(items, work) {
  /** @type {R[]} */
  const results = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

/**
 * Makes the variants that the folder does not have yet.
 * @param {string} folder
 * @returns {Promise<{ names: string[], missing: string[] }>} the files, and those that these tools cannot write
 */
export async function makeVariants(folder) {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  const serial = variants.filter(({ name }) => /^(base|cover|long-index|baseline)\./.test(name));
  for (const variant of serial) await make(folder, variant);
  await each(variants, (variant) => make(folder, variant));
  const names = variants.map(({ name }) => name);
  const missing = names.filter((name) => !statSync(join(folder, name)).size);
  return { names: names.filter((name) => !missing.includes(name)), missing };
}

/** @param {string} folder @param {import("./variants.js").Variant} variant */
async function make(folder, { name, steps, piped }) {
  const path = join(folder, name);
  if (existsSync(path)) return;
  try {
    for (const step of steps) {
      const [command, ...args] = typeof step === "string" ? step.split(" ").filter(Boolean) : step;
      const options = { cwd: folder, maxBuffer: 2 ** 28, timeout: 60_000 };
      const { stdout } = await execute(command, args, { ...options, encoding: "buffer" });
      if (piped) writeFileSync(path, stdout);
    }
  } catch {
    // An empty file, so that the next run does not try again.
    writeFileSync(path, "");
  }
}

/** exiftool's MIME types of the images that the inspector measures. @type {Record<string, string>} */
const imageFormats = {
  "image/jpeg": "jpeg",
  "image/png": "png",
  "image/apng": "png",
  "image/webp": "webp",
  "image/gif": "gif",
  "image/bmp": "bmp",
  "image/tiff": "tiff",
  "image/x-tiff-big": "tiff",
};

/**
 * The results of the oracles for each file.
 * @param {string} folder
 * @param {readonly string[]} names
 * @returns {Promise<Truth[]>}
 */
export async function truths(folder, names) {
  const tags = ["-IFD0:Orientation", "-ImageWidth", "-ImageHeight", "-MIMEType"];
  // exiftool fails if one of the files is broken.
  const { stdout } = await execute("exiftool", ["-j", "-n", "-q", ...tags, ...names], {
    cwd: folder,
    maxBuffer: 2 ** 28,
  }).catch((error) => error);
  /** @type {Map<string, any>} */
  const found = new Map(JSON.parse(stdout).map((/** @type {any} */ file) => [file.SourceFile, file]));
  return each(names, async (name) => {
    const exif = found.get(name) ?? {};
    const format = imageFormats[exif.MIMEType];
    return format ? imageTruth(folder, name, format, exif) : mediaTruth(folder, name, exif.MIMEType);
  });
}

/** @param {string} folder @param {string} name @param {string} format @param {any} exif @returns {Promise<Truth>} */
async function imageTruth(folder, name, format, exif) {
  // The frames that could be read are printed even if a later one is broken.
  const identify = ask("identify", ["-ping", "-format", "%w %h\n", name], folder).catch(
    (error) => error.stdout,
  );
  const frames = (await identify).trim().split("\n");
  const [width, height] = exif.ImageWidth
    ? [exif.ImageWidth, exif.ImageHeight]
    : frames[0].split(" ").map(Number);
  if (!width) return { kind: "broken" };
  const orientation = exif.Orientation || 1;
  const count = format === "png" ? await countFrames(folder, name) : frames.length;
  return {
    kind: "image",
    format,
    width: orientation < 5 ? width : height,
    height: orientation < 5 ? height : width,
    orientation,
    animated: format !== "tiff" && count > 1,
  };
}

/** @param {string} folder @param {string} name */
async function countFrames(folder, name) {
  const probe = await ffprobe(folder, name, "-count_frames");
  return Number(probe?.streams[0]?.nb_read_frames ?? 1);
}

/** @param {string} folder @param {string} name @param {string[]} options @returns {Promise<any>} */
async function ffprobe(folder, name, ...options) {
  const args = ["-v", "error", "-show_format", "-show_streams", ...options, "-of", "json", name];
  return JSON.parse(await ask("ffprobe", args, folder).catch(() => "null"));
}

/** @param {string} folder @param {string} name @param {string} mime @returns {Promise<Truth>} */
async function mediaTruth(folder, name, mime) {
  const probe = await ffprobe(folder, name, ...(name.endsWith(".mp3") ? ["-count_packets"] : []));
  if (!probe) return { kind: "broken" };
  /** @type {any[]} */
  const streams = probe.streams;
  const video = streams.find((stream) => stream.codec_type === "video" && !stream.disposition.attached_pic);
  const audio = streams.find((stream) => stream.codec_type === "audio");
  const container = probe.format.format_name;
  if (container === "wav" && audio) return wavTruth(probe, audio);
  if (container === "mp3" && audio?.codec_name === "mp3") return mp3Truth(audio);
  // QuickTime has no name for a movie without pictures.
  if (!video && mime === "video/quicktime") return { kind: "broken" };
  if (!container.startsWith("mov") || !video || /3gpp|avif/.test(mime)) return { kind: "other" };
  if (!Number(probe.format.duration)) return { kind: "broken" };
  return {
    kind: "video",
    format: mime === "video/quicktime" ? "mov" : "mp4",
    ...shown(video),
    durationMs: Number(probe.format.duration) * 1_000,
    frameRate: ratio(video.avg_frame_rate, "/"),
    videoCodec: video.codec_name ?? null,
    audioCodec: audio ? (audio.codec_name ?? null) : null,
  };
}

/** @param {string} text @param {string} separator */
function ratio(text, separator) {
  const [numerator, denominator] = text.split(separator).map(Number);
  return numerator / denominator;
}

/** Width and height as a player shows them. @param {any} video */
function shown({ width, height, sample_aspect_ratio: aspect = "1:1", side_data_list: data = [] }) {
  const turn = data.find((/** @type {any} */ { rotation }) => rotation !== undefined)?.rotation ?? 0;
  const rotation = (360 - turn) % 360;
  const stretched = Math.round(width * (ratio(aspect, ":") || 1));
  // The inspector has no answer for other angles.
  if (rotation % 90 !== 0) return {};
  return rotation % 180 === 0
    ? { rotation, width: stretched, height }
    : { rotation, width: height, height: stretched };
}

/** @param {any} audio @returns {Truth} */
function mp3Truth({ nb_read_packets: frames, sample_rate: rate, channels }) {
  const samples = Number(rate) < 32_000 ? 576 : 1_152;
  const durationMs = (Number(frames) * samples * 1_000) / Number(rate);
  return { kind: "audio", format: "mp3", durationMs, sampleRate: Number(rate), channels, codec: "mp3" };
}

/** @param {any} probe @param {any} audio @returns {Truth} */
const wavTruth = ({ format }, { sample_rate: rate, channels, codec_name: codec }) => ({
  kind: "audio",
  format: "wav",
  durationMs: Number(format.duration ?? 0) * 1_000,
  sampleRate: Number(rate),
  channels,
  codec,
});

/** How far numbers may differ: times are rounded in both. @type {Record<string, number>} */
const tolerances = { durationMs: 1.5, frameRate: 0.002 };

/**
 * The fields in which an answer differs, as `durationMs: 4000, not 4080`.
 * @param {any} info
 * @param {Truth} truth
 * @returns {string[]}
 */
export const differences = (info, truth) =>
  Object.entries(truth)
    .filter(([field, expected]) => {
      const found = info[field];
      if (typeof expected !== "number" || typeof found !== "number") return found !== expected;
      return !(Math.abs(found - expected) <= (tolerances[field] ?? 0));
    })
    .map(([field, expected]) => `${field}: ${info[field]}, not ${expected}`);
