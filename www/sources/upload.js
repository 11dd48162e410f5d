// The progress of an upload, at the card of its file.

import { factsOf } from "./file.js";
import { kinds } from "./kinds.js";

/**
 * @param {import("../request/draft.js").Snapshot} snapshot
 * @param {import("../../pkg/index.js").VideoRequest} request that is being sent
 * @param {{ path: [field: string, index: number], sentBytes: number, totalBytes: number }} progress
 * @returns {boolean} whether the draft still has the file
 */
export function noteUpload(snapshot, request, { path: [field, index], sentBytes, totalBytes }) {
  const source = request[/** @type {"image_urls"} */ (field)]?.[index];
  const file = kinds.flatMap(({ kind }) => snapshot.files[kind]).find(({ blob }) => blob && blob === source);
  if (!file) return false;
  factsOf(file).upload = { sentBytes, totalBytes, done: sentBytes >= totalBytes };
  return true;
}
