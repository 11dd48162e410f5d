// A file of the request: a URL, or a local file. The draft keeps it unchanged; what is found out about it
// later is in its facts.

import { keepBytes } from "./bytes.js";

/** @typedef {import("./kinds.js").Kind} Kind */

/**
 * @typedef {object} SourceFile
 * @property {string} id
 * @property {Kind} kind
 * @property {string} name
 * @property {string} [url]
 * @property {Blob} [blob]
 */

/**
 * @typedef {object} Facts
 * @property {boolean} [read] whether a URL may be requested; local files always may
 * @property {import("../../pkg/media.js").MediaInfo} [info]
 * @property {string} [failure] why it could not be inspected
 * @property {boolean} [unkept] whether a reload loses it, because the browser refuses to keep its bytes
 * @property {string} [objectUrl]
 * @property {number[]} [waveform]
 * @property {{ sentBytes: number, totalBytes: number, done?: boolean }} [upload]
 */

/** Starts with the time, so that old bytes can be removed. */
export const newId = () => `${Date.now()}-${crypto.randomUUID()}`;

/** @type {Map<string, Facts>} */
const factsById = new Map();

/** @param {SourceFile} file @returns {Facts} */
export function factsOf({ id }) {
  const facts = factsById.get(id) ?? {};
  factsById.set(id, facts);
  return facts;
}

/** @param {Kind} kind @param {string} url @param {boolean} [read] @returns {SourceFile} */
export function urlFile(kind, url, read = false) {
  const file = { id: newId(), kind, url, name: nameOf(url) };
  factsOf(file).read = read;
  return file;
}

/**
 * Stores the bytes first, so that a file on the page survives a reload at any moment.
 *
 * @param {Kind} kind
 * @param {Blob} blob
 * @param {string} [name]
 * @returns {Promise<SourceFile>}
 */
export async function localFile(kind, blob, name = blob instanceof File ? blob.name : kind) {
  const file = { id: newId(), kind, blob, name };
  factsOf(file).unkept = !(await keepBytes(file.id, blob));
  return file;
}

/** What the browser can show: the URL of a file, or `undefined` if nobody asked to load it. @param {SourceFile} file */
export function shownUrl(file) {
  const facts = factsOf(file);
  if (file.blob) return (facts.objectUrl ??= URL.createObjectURL(file.blob));
  return facts.read ? file.url : undefined;
}

/** @param {string} url */
export function nameOf(url) {
  const path = url.split(/[?#]/, 1)[0];
  return path.slice(path.lastIndexOf("/") + 1) || url;
}
