import { isObject } from "./checks.js";

/** @typedef {import("./stored-file.js").Upload} Upload */
/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("../testing.js").EmulatorOptions} Options */

/**
 * Reads the file of an upload, in the form that its path takes.
 *
 * @param {Call} call
 * @param {Options} options
 * @returns {Promise<Upload | string>} what is wrong
 */
export function readUpload(call, options) {
  if (call.path.endsWith("/stream")) return fromForm(call);
  return call.path.endsWith("/base64") ? fromBase64(call) : fromUrl(call, options);
}

/**
 * @param {Call} call
 * @returns {Promise<Upload | string>}
 */
async function fromForm({ bytes, request }) {
  const headers = { "content-type": request.headers.get("content-type") ?? "" };
  const form = await new Response(bytes, { headers }).formData().catch(() => null);
  if (form === null) return "the body must be multipart/form-data";
  const file = form.get("file");
  if (file === null || typeof file === "string") return "file is required";
  // [client] Both spellings.
  const field = (/** @type {string[]} */ ...names) =>
    stringOrNull(names.map((name) => form.get(name)).find(Boolean));
  return {
    bytes: new Uint8Array(await file.arrayBuffer()),
    declaredType: file.type,
    originalName: file.name,
    uploadPath: field("upload_path", "uploadPath"),
    fileName: field("file_name", "fileName"),
  };
}

/**
 * Plain base64 or a data URL [client].
 *
 * @param {Call} call
 * @returns {Promise<Upload | string>}
 */
async function fromBase64({ body }) {
  const data = isObject(body) ? body.base64_data : undefined;
  if (!isObject(body) || typeof data !== "string" || data === "") return "base64_data is required";
  const [, declaredType = null, base64] = /^(?:data:([^;,]*)[^,]*;base64,)?([^,]*)$/i.exec(data) ?? [];
  const bytes = decoded(base64 ?? "");
  return bytes === null
    ? "base64_data is not valid base64"
    : { bytes, declaredType, originalName: "", ...namesOf(body) };
}

/**
 * @param {Call} call
 * @param {Options} options
 * @returns {Promise<Upload | string>}
 */
async function fromUrl({ body }, { downloadFetch }) {
  const source = isObject(body) ? body.file_url : undefined;
  if (!isObject(body) || typeof source !== "string") return "file_url is required";
  if (!/^https?:\/\//i.test(source) || !URL.canParse(source)) return "file_url must be an http or https URL";
  const originalName = new URL(source).pathname;
  const file = { originalName, ...namesOf(body) };
  if (downloadFetch === undefined) return { bytes: new Uint8Array(0), declaredType: null, ...file };
  try {
    const response = await downloadFetch(source);
    if (!response.ok) return `file_url could not be downloaded: status ${response.status}`;
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { bytes, declaredType: response.headers.get("content-type"), ...file };
  } catch {
    return "file_url could not be downloaded";
  }
}

/** @param {Record<string, unknown>} body */
const namesOf = (body) => ({
  uploadPath: stringOrNull(body.upload_path),
  fileName: stringOrNull(body.file_name),
});

/** @param {unknown} value */
const stringOrNull = (value) => (typeof value === "string" && value !== "" ? value : null);

/** @param {string} base64 */
function decoded(base64) {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
