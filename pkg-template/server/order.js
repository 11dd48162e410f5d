// Which orders the option `allow` accepts. Anything that it does not list is refused, never dropped.
import { jsonSchema } from "#tables";
import { ValidationError } from "../errors.js";
import { limitsFor, validate } from "../index.js";
import { fileFields } from "../local-files.js";
import { Refusal, calling, refusalOf } from "./refusal.js";

/** @typedef {import("../server.js").ProxyAllow} Allow */
/** @typedef {import("../index.js").VideoRequest} VideoRequest */
/** @typedef {import("./seal.js").Sealer} Sealer */
/** @typedef {Record<string, unknown>} Body */

/** The fields that an order may have if the rules of `allow` hold. */
const ruledFields = [
  ...["model", "prompt", "duration", "quality", "aspect_ratio", "generate_audio"],
  ...fileFields,
];
/** Marks a URL as an upload of the user. It is never forwarded, and no server would receive it. */
const mark = "#evolink-";

/**
 * Splits an order into the fields that the library knows, and others that are allowed.
 * @param {Body} body
 * @param {Allow} allow
 */
export function checkOrder(body, allow) {
  const { models, qualities, maxDuration, audio, fields = [] } = allow;
  for (const field of Object.keys(body))
    if (field === "callback_url" || ![...ruledFields, ...fields].includes(field))
      throw refusal(`The field \`${field}\` is not allowed here.`, field);
  const { model, duration, quality, generate_audio } = body;
  if (typeof model !== "string" || !models.includes(model))
    throw refusal(`This model is not allowed here. Allowed: ${models.join(", ")}.`, "model");
  // Without a value in the order, the API takes its default; without a rule, only the default passes.
  const limits = limitsFor(model);
  const isAutomatic = duration !== undefined && duration === limits.duration.automatic;
  const seconds = isAutomatic
    ? limits.duration.max
    : (duration ?? limits.duration.default ?? limits.duration.max);
  const mostSeconds = maxDuration ?? limits.duration.default ?? 0;
  // The validation reports a value of the wrong type.
  if (!(Number(seconds) <= mostSeconds))
    throw refusal(
      `Videos may have at most ${mostSeconds} seconds here${duration === undefined ? ": set `duration`" : ""}.`,
      "duration",
    );
  // A model that this version does not know may choose the length itself with such a number.
  if (!isAutomatic && Number(duration) < 1)
    throw refusal("`duration` must be a number of seconds here.", "duration");
  const allowedQualities = /** @type {readonly unknown[]} */ (qualities ?? [limits.quality.default]);
  if (!allowedQualities.includes(quality ?? limits.quality.default))
    throw refusal(`This quality is not allowed here. Allowed: ${allowedQualities.join(", ")}.`, "quality");
  if (audio === false && (generate_audio ?? limits.generateAudio.default) !== false)
    throw refusal("Videos with sound are not allowed here: set `generate_audio` to false.", "generate_audio");
  const entries = Object.entries(body);
  const isKnown = (/** @type {[string, unknown]} */ [name]) => Object.hasOwn(jsonSchema.properties, name);
  return {
    request: /** @type {VideoRequest} */ (
      /** @type {unknown} */ (Object.fromEntries(entries.filter(isKnown)))
    ),
    extraFields: Object.fromEntries(entries.filter((entry) => !isKnown(entry))),
  };
}

/**
 * Checks the files of an order, and restores the original URLs of this user's uploads.
 * @param {Body} body
 * @param {Allow} allow
 * @param {string} user
 * @param {Sealer} sealer
 */
export async function checkFilesOf(body, { files = false, uploads = false }, user, sealer) {
  /** The original URLs of uploads, at their places. @type {Map<string, (string | undefined)[]>} */
  const opened = new Map();
  for (const field of fileFields) {
    const urls = body[field];
    // Anything else is left to the validation.
    if (!Array.isArray(urls)) continue;
    if (urls.length > 100) throw refusal("Too many files.", field);
    opened.set(field, []);
    for (const url of urls)
      opened.get(field)?.push(uploads ? await openedUpload(url, user, sealer) : undefined);
  }
  if (files === true) checkPublic(body, opened);
  for (const [field, own] of opened) {
    const checked = [];
    for (const [index, url] of /** @type {unknown[]} */ (body[field]).entries()) {
      const checkedUrl = own[index] || (await allowedUrl(url, files, user));
      if (checkedUrl === undefined) throw refusal("This file is not allowed here.", field);
      checked.push(checkedUrl);
    }
    body[field] = checked;
  }
}

/**
 * A client of an API on this machine, such as an emulator, accepts URLs of this machine, which users may not name.
 * `submit` reports everything else that is wrong with a URL.
 * @param {Body} body
 * @param {Map<string, (string | undefined)[]>} opened
 */
function checkPublic(body, opened) {
  // Uploads keep their places, so that the issue names those of the others.
  const fields = [...opened].map(([field, own]) => [
    field,
    /** @type {unknown[]} */ (body[field]).map((url, index) => (own[index] ? "" : url)),
  ]);
  const found = validate({ model: "", prompt: "", ...Object.fromEntries(fields) });
  const issue = !found.valid && found.errors.find(({ code }) => code === "unreachable_url");
  if (issue) throw refusalOf(new ValidationError(issue.message, { issues: [issue] }), true);
}

/**
 * The URL to send; `undefined` if it is not allowed. A URL that a function allowed is sent as it was parsed, because
 * the API could parse the page's spelling differently.
 * @param {unknown} url
 * @param {NonNullable<Allow["files"]>} files
 * @param {string} user
 */
async function allowedUrl(url, files, user) {
  if (typeof files !== "function") return files ? url : undefined;
  if (typeof url !== "string" || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  const { href } = parsed;
  return (await calling("files", () => files(parsed, user))) === true ? href : undefined;
}

/**
 * The URL of an upload as the page gets it.
 * @param {string} url
 * @param {string} user
 * @param {Sealer} sealer
 */
export const sealedUpload = async (url, user, sealer) =>
  `${url}${mark}${await sealer.seal("upload", user, url)}`;

/** @param {unknown} sealed @param {string} user @param {Sealer} sealer */
async function openedUpload(sealed, user, sealer) {
  if (typeof sealed !== "string") return undefined;
  const end = sealed.lastIndexOf(mark);
  const url = sealed.slice(0, Math.max(end, 0));
  const isOwn = await sealer.verifies(sealed.slice(end + mark.length), "upload", user, url);
  return end > 0 && isOwn ? url : undefined;
}

/** @param {string} message @param {string} param */
const refusal = (message, param) => new Refusal(403, "not_allowed", message, { param });
