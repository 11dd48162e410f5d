import { ValidationError } from "../errors.js";
import { limits, parseTags } from "../index.js";
import { pixelsToFields } from "./pixels.js";

/** @typedef {import("../ai-sdk.js").VideoFile} VideoFile */
/** @typedef {import("../ai-sdk.js").VideoWarning} Warning */

/**
 * Turns the options of the SDK into a request and options of the client.
 * @param {import("./model.js").Setup} setup
 * @param {import("../ai-sdk.js").VideoCallOptions & { webhookUrl?: string }} options
 */
export async function toCall({ modelId, upload }, options) {
  const { idempotencyKey, pollTimeoutMs, ...fields } = /** @type {Record<string, any>} */ (
    options.providerOptions.evolink ?? {}
  );
  /** @type {Warning[]} */
  const warnings = [];
  for (const feature of /** @type {const} */ (["fps", "seed"]))
    if (options[feature] !== undefined) warnings.push({ type: "unsupported", feature });
  if (options.n > 1)
    warnings.push({
      type: "unsupported",
      feature: "n",
    });

  const files = await filesOf(options, upload ?? toBlob, warnings);
  for (const field of Object.keys(files)) files[field].push(...(fields[field] ?? []));
  /** @type {any} */
  const request = {
    model: modelId,
    prompt: options.prompt ?? "",
    aspect_ratio: options.aspectRatio,
    duration: options.duration,
    generate_audio: options.generateAudio,
    ...fields,
    ...Object.fromEntries(Object.entries(files).filter(([, sources]) => sources.length > 0)),
  };
  if (options.resolution) Object.assign(request, pixelsToFields(options.resolution, request));
  if (options.webhookUrl) request.callback_url = options.webhookUrl;
  if (options.inputReferences?.length) warnings.push(...aboutReferences(request));

  const ownKey = Object.entries(options.headers ?? {}).find(([name]) => /^idempotency-key$/i.test(name))?.[1];
  return {
    request: /** @type {import("../index.js").VideoRequest} */ (request),
    warnings,
    submit: {
      idempotencyKey: idempotencyKey ?? ownKey,
      signal: options.abortSignal,
      headers: sendable(options.headers),
    },
    wait: { timeoutMs: pollTimeoutMs },
  };
}

/**
 * @param {import("../ai-sdk.js").VideoCallOptions} options
 * @param {import("../ai-sdk.js").UploadFile} upload
 * @param {Warning[]} warnings
 * @returns {Promise<Record<string, unknown[]>>}
 */
async function filesOf({ image, frameImages = [], inputReferences = [] }, upload, warnings) {
  const frame = (/** @type {string} */ type) =>
    frameImages.find(({ frameType }) => frameType === type)?.image;
  const first = frame("first_frame") ?? image;
  const last = frame("last_frame");
  if (last && !first) throw new ValidationError("`frameImages` has a last frame, but no first frame.");
  /** @type {Record<string, VideoFile[]>} */
  const files = {
    image_urls: [first, last].filter((file) => file !== undefined),
    video_urls: [],
    audio_urls: [],
  };
  for (const file of inputReferences) files[fieldOf(file, warnings)].push(file);

  const source = async (/** @type {VideoFile} */ file) => (file.type === "url" ? file.url : upload(file));
  const entries = Object.entries(files).map(async ([field, list]) => [
    field,
    await Promise.all(list.map(source)),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

/** By the media type, otherwise by the extension of the URL. @param {VideoFile} file @param {Warning[]} warnings */
function fieldOf(file, warnings) {
  const [kind] = file.mediaType?.split("/") ?? [];
  if (kind && `${kind}s` in limits) return `${kind}_urls`;
  const [ending] = file.type === "url" ? (/\w+$/.exec(file.url.split(/[?#]/)[0]) ?? []) : [];
  const format = String(ending).toLowerCase();
  const known = /** @type {const} */ (["image", "video", "audio"]).find((kind) =>
    limits[`${kind}s`].formats.includes(format),
  );
  if (!known)
    warnings.push({
      type: "other",
      message: "A reference without `mediaType` is sent as an image.",
    });
  return `${known ?? "image"}_urls`;
}

/**
 * The SDK has no notion of the API's tags and modes.
 * @param {import("../index.js").VideoRequest} request
 * @returns {Warning[]}
 */
function aboutReferences({ model, prompt, image_urls = [], video_urls = [], audio_urls = [] }) {
  const messages = [];
  if (parseTags(prompt).length === 0) messages.push("The prompt has no tag such as `@Image1`.");
  if (!/reference/.test(model) && image_urls.length < 3 && video_urls.length + audio_urls.length === 0)
    messages.push("One or two images alone are frames, not references.");
  return messages.map((message) => ({ type: "other", message }));
}

/** The client checks and uploads it. @type {import("../ai-sdk.js").UploadFile} */
function toBlob({ data, mediaType }) {
  const bytes = typeof data === "string" ? Uint8Array.from(atob(data), (char) => char.charCodeAt(0)) : data;
  return new Blob([/** @type {any} */ (bytes)], { type: mediaType });
}

/**
 * Without the name of the SDK, which browsers would ask the API's permission for.
 * @param {import("../ai-sdk.js").VideoCallOptions["headers"]} headers
 * @returns {Record<string, string>}
 */
export function sendable(headers) {
  const isSent = (/** @type {[string, string | undefined]} */ [name, value]) =>
    value !== undefined && !/^(user-agent|idempotency-key)$/i.test(name);
  return /** @type {any} */ (Object.fromEntries(Object.entries(headers ?? {}).filter(isSent)));
}
