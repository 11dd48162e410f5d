// The bytes of local files, which are kept in this browser for the next load of the page.

import { keys, load, remove, save } from "../storage.js";

/** How long unused bytes are kept, because another tab may have a draft that uses them. */
const keptMs = 7 * 24 * 3_600_000;

/** Resolves to `false` if the browser refuses, so that a reload loses the file. @param {string} id @param {Blob} blob */
export const keepBytes = (id, blob) => save("blobs", blob, id);

/** @param {string} id @returns {Promise<Blob | null>} */
export async function loadBytes(id) {
  const blob = await load("blobs", id);
  return blob instanceof Blob ? blob : null;
}

/** Removes what no draft uses any more. An id begins with the time. @param {ReadonlySet<string>} used */
export async function removeOldBytes(used) {
  for (const id of (await keys("blobs")).map(String))
    if (!used.has(id) && Date.now() - Number.parseInt(id, 10) > keptMs) await remove("blobs", id);
}
