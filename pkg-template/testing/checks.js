// The server's validation, written from the reference alone. It is independent of
// the library's validator, so that tests can find differences.

import { familyOf, qualitiesOf, searchesWeb } from "./models.js";

/** @typedef {{ param: string, message: string }} Violation */

/** [ref] Input File Requirements. `.jpg` is in the reference's examples; `.tif` is the same as `.tiff`. */
const inputs = [
  {
    field: "image_urls",
    max: 9,
    extensions: ["jpeg", "jpg", "png", "webp", "bmp", "tiff", "tif", "gif"],
  },
  { field: "video_urls", max: 3, extensions: ["mp4", "mov"] },
  { field: "audio_urls", max: 3, extensions: ["mp3", "wav"] },
];

/** [ref] "Maximum 12 files across all modalities per request." */
const maxFiles = 12;

/** Extensions of known formats. Any other extension says nothing about the file and is accepted. */
const formatExtensions = new Set([
  ...inputs.flatMap((input) => input.extensions),
  ..."svg heic heif avif ico psd webm avi mkv m4v flv wmv mpg mpeg".split(" "),
  ..."m4a aac ogg oga flac opus wma aiff pdf txt zip html json".split(" "),
]);

/** [ref] Request Parameters. */
const aspectRatios = ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "adaptive"];
const maxCallbackUrlLength = 2048;
const maxPromptTokens = 2000;

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The first rule that the body of a create call violates. The model must exist.
 *
 * @param {Record<string, unknown>} body
 * @param {Pick<import("../testing.js").EmulatorOptions, "loopbackCallbacks">} options
 * @returns {Violation | null}
 */
export function firstViolation(body, options) {
  return (
    promptViolation(body.prompt) ??
    inputs.map((input) => listViolation(body, input)).find(Boolean) ??
    countViolation(body) ??
    settingViolation(body) ??
    extraViolation(body) ??
    (body.callback_url === undefined ? null : callbackViolation(body.callback_url, options))
  );
}

/** @param {unknown} prompt */
function promptViolation(prompt) {
  const param = "prompt";
  if (prompt === undefined) return { param, message: "prompt is required" };
  if (typeof prompt !== "string") return { param, message: "prompt must be a string" };
  if (prompt.trim() === "") return { param, message: "prompt must not be empty" };
  // The vendor does not name its tokenizer. No known one counts fewer tokens than
  // words, or averages more than 8 characters per token.
  const words = prompt.trim().split(/\s+/).length;
  const minTokens = Math.max(words, [...prompt].length / 8);
  return minTokens > maxPromptTokens
    ? { param, message: `prompt must be at most ${maxPromptTokens} tokens` }
    : null;
}

/**
 * @param {Record<string, unknown>} body
 * @param {typeof inputs[number]} input
 * @returns {Violation | null}
 */
function listViolation(body, { field: param, max, extensions }) {
  const list = body[param];
  if (list === undefined) return null;
  if (!Array.isArray(list)) return { param, message: `${param} must be an array` };
  if (list.length > max) return { param, message: `${param} must have at most ${max} items` };
  for (const [index, item] of list.entries()) {
    const name = `${param}[${index}]`;
    if (typeof item !== "string") return { param, message: `${name} must be a string` };
    const url = webUrl(item);
    if (url === null) return { param, message: `${name} must be an http or https URL` };
    const extension = /\.([a-z0-9]+)$/i.exec(url.pathname)?.[1].toLowerCase();
    if (extension && formatExtensions.has(extension) && !extensions.includes(extension))
      return {
        param,
        message: `${name} has the unsupported format .${extension}`,
      };
  }
  return null;
}

/**
 * @param {Record<string, unknown>} body with valid lists
 * @returns {Violation | null}
 */
function countViolation(body) {
  const [images, videos, audios] = inputs.map(
    ({ field }) => /** @type {unknown[]} */ (body[field] ?? []).length,
  );
  if (images + videos + audios > maxFiles)
    return {
      param: "image_urls",
      message: `a request can have at most ${maxFiles} files`,
    };
  const model = String(body.model);
  const family = familyOf(model);
  const [min, max] = family.images;
  if (images < min || images > max)
    return {
      param: "image_urls",
      message: `${model} requires ${min} to ${max} images`,
    };
  if (videos > family.videos) return { param: "video_urls", message: `${model} does not accept videos` };
  if (audios > family.audios) return { param: "audio_urls", message: `${model} does not accept audio` };
  if (audios > 0 && images + videos === 0 && !family.audioAlone)
    return {
      param: "audio_urls",
      message: "audio requires an image or a video",
    };
  return null;
}

/**
 * @param {Record<string, unknown>} body
 * @returns {Violation | null}
 */
function settingViolation(body) {
  const { duration, quality, aspect_ratio, generate_audio } = body;
  if (
    duration !== undefined &&
    !(Number.isInteger(duration) && Number(duration) >= 4 && Number(duration) <= 15)
  )
    return {
      param: "duration",
      message: "duration must be an integer from 4 to 15",
    };
  const qualities = qualitiesOf(String(body.model));
  if (quality !== undefined && !qualities.some((each) => each === quality))
    return {
      param: "quality",
      message: `quality must be one of ${qualities.join(", ")}`,
    };
  if (aspect_ratio !== undefined && !aspectRatios.some((each) => each === aspect_ratio))
    return {
      param: "aspect_ratio",
      message: `aspect_ratio must be one of ${aspectRatios.join(", ")}`,
    };
  if (generate_audio !== undefined && typeof generate_audio !== "boolean")
    return {
      param: "generate_audio",
      message: "generate_audio must be a boolean",
    };
  return null;
}

/**
 * [doc] The fields of the newer models.
 *
 * @param {Record<string, unknown>} body
 * @returns {Violation | null}
 */
function extraViolation(body) {
  const { content_filter, model_params } = body;
  if (content_filter !== undefined && typeof content_filter !== "boolean")
    return {
      param: "content_filter",
      message: "content_filter must be a boolean",
    };
  if (model_params === undefined) return null;
  const param = "model_params";
  if (!isObject(model_params) || !["undefined", "boolean"].includes(typeof model_params.web_search))
    return { param, message: "model_params must be an object, and web_search a boolean" };
  const hasFiles = inputs.some(({ field }) => /** @type {unknown[]} */ (body[field] ?? []).length > 0);
  return model_params.web_search === true && (hasFiles || !searchesWeb(String(body.model)))
    ? { param, message: `web_search is not supported by ${body.model} with these inputs` }
    : null;
}

/**
 * [ref] HTTPS; [doc] at most 2048 characters, no private or local address.
 *
 * @param {unknown} value
 * @param {Pick<import("../testing.js").EmulatorOptions, "loopbackCallbacks">} options
 * @returns {Violation | null}
 */
function callbackViolation(value, { loopbackCallbacks = false }) {
  const param = "callback_url";
  if (typeof value !== "string") return { param, message: "callback_url must be a string" };
  if (value.length > maxCallbackUrlLength)
    return {
      param,
      message: `callback_url must be at most ${maxCallbackUrlLength} characters`,
    };
  const url = webUrl(value);
  if (loopbackCallbacks && url !== null && loopbackHost.test(url.hostname)) return null;
  if (url?.protocol !== "https:") return { param, message: "callback_url must be an https URL" };
  return privateHost.test(url.hostname)
    ? { param, message: "callback_url must not be a private address" }
    : null;
}

const loopbackHost = /^(localhost|.*\.localhost|127\..*|\[::1\])$/;
const privateHost =
  /^(localhost|.*\.localhost|127\..*|10\..*|192\.168\..*|169\.254\..*|172\.(1[6-9]|2\d|3[01])\..*|0\.0\.0\.0|\[::1?\]|\[f[cd].*|\[fe80:.*)$/;

/** @param {string} text */
function webUrl(text) {
  // `URL` repairs what a server would reject: surrounding white space, line breaks, missing slashes.
  if (!/^https?:\/\/[^\s/]/i.test(text) || /\s/.test(text)) return null;
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
