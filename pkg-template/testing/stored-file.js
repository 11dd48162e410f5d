import { extensionOf, fileType } from "./file-type.js";
import { fileId } from "./ids.js";

/**
 * An uploaded file.
 *
 * @typedef {object} StoredFile
 * @property {string} id
 * @property {import("./state.js").Account} account
 * @property {string} name
 * @property {string} originalName
 * @property {string} uploadPath
 * @property {string} type
 * @property {Uint8Array<ArrayBuffer>} bytes
 * @property {number} uploaded milliseconds since 1970
 */

/**
 * What an upload brings.
 *
 * @typedef {object} Upload
 * @property {Uint8Array<ArrayBuffer>} bytes
 * @property {string | null} declaredType
 * @property {string} originalName
 * @property {string | null} fileName
 * @property {string | null} uploadPath
 */

/** [doc] In emulated seconds. */
const lifetime = 72 * 60 * 60;

/** [doc] The times of the files API are those of China. */
const zone = { name: "+08:00", ms: 8 * 60 * 60 * 1000 };

/**
 * @param {Upload} upload
 * @param {{ sequence: number, account: import("./state.js").Account, now: number }} context
 * @returns {StoredFile}
 */
export function createStoredFile(upload, { sequence, account, now }) {
  const { bytes, declaredType, uploadPath } = upload;
  const id = fileId(sequence);
  const type = fileType(declaredType, bytes, upload.fileName ?? upload.originalName);
  const originalName = lastSegment(upload.originalName) || `${id}${extensionOf(type)}`;
  return {
    id,
    account,
    name: lastSegment(upload.fileName ?? "") || originalName,
    originalName,
    uploadPath: uploadPath ?? "",
    type,
    bytes,
    uploaded: now,
  };
}

/** @param {string} path */
const lastSegment = (path) => path.slice(path.lastIndexOf("/") + 1);

/**
 * @param {StoredFile} file
 * @param {import("./clock.js").Clock} clock
 */
export const isKept = ({ uploaded }, clock) => clock.age(uploaded) < lifetime;

/**
 * The response to an upload [doc].
 *
 * @param {StoredFile} file
 * @param {import("./clock.js").Clock} clock
 * @param {string} origin of the request
 */
export function fileBody(file, clock, origin) {
  const { id, name, originalName, bytes, type, uploadPath, uploaded } = file;
  return {
    file_id: id,
    file_name: name,
    original_name: originalName,
    file_size: bytes.length,
    mime_type: type,
    upload_path: uploadPath,
    file_url: `${origin}/files/uploads/${id}/${encodeURIComponent(name)}`,
    download_url: `${origin}/api/v1/files/download/${id}`,
    upload_time: zonedTime(uploaded),
    expires_at: zonedTime(clock.after(uploaded, lifetime)),
  };
}

/**
 * An item of the list [doc].
 *
 * @param {StoredFile} file
 */
export const fileItem = ({ id, name, bytes, uploaded }) => ({
  file_name: name,
  file_size: bytes.length,
  file_id: id,
  upload_time: zonedTime(uploaded),
});

/** @param {number} ms */
const zonedTime = (ms) => new Date(ms + zone.ms).toISOString().slice(0, 19) + zone.name;
