// Keeps the draft over reloads: its texts in web storage, its files in IndexedDB. A tab continues with its own draft,
// a new tab with the last one.

import { kinds } from "../sources/kinds.js";
import { factsOf } from "../sources/file.js";
import { keys, load, read, remove, save, write } from "../storage.js";

/** @typedef {import("./draft.js").Snapshot} Snapshot */
/** @typedef {import("../sources/file.js").SourceFile} SourceFile */

const key = "evolink-video:draft";
const saveDelayMs = 150;
/** How long the bytes of files are kept that this draft does not have, because another tab may have them. */
const keptMs = 7 * 24 * 3_600_000;

/** The files whose bytes are in IndexedDB. @type {Set<string>} */
const stored = new Set();

/** @returns {Promise<Snapshot | null>} */
export async function loadDraft() {
  const saved = read(sessionStorage, key) ?? read(localStorage, key);
  if (typeof saved?.prompt !== "string") return null;
  /** @type {Record<string, SourceFile[]>} */
  const files = {};
  for (const { kind } of kinds) {
    const restored = await Promise.all((saved.files?.[kind] ?? []).map(restore));
    files[kind] = restored.filter((file) => file !== null);
  }
  void removeOld();
  return { ...saved, files };
}

async function removeOld() {
  for (const id of await keys("blobs"))
    if (!stored.has(String(id)) && Date.now() - Number.parseInt(String(id), 10) > keptMs)
      void remove("blobs", String(id));
}

/** @param {any} saved @returns {Promise<SourceFile | null>} */
async function restore({ read: mayRead, ...file }) {
  factsOf(file).read = mayRead;
  if (file.url !== undefined) return file;
  const blob = await load("blobs", file.id);
  if (!(blob instanceof Blob)) return null;
  stored.add(file.id);
  return { ...file, blob };
}

/** @param {import("./draft.js").Draft} draft */
export function keepDraft(draft) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const saveNow = () => {
    clearTimeout(timer);
    timer = undefined;
    saveDraft(draft.current);
  };
  draft.addEventListener("change", () => (timer ??= setTimeout(saveNow, saveDelayMs)));
  addEventListener("pagehide", saveNow);
}

/** @param {Snapshot} snapshot */
function saveDraft(snapshot) {
  const all = kinds.flatMap(({ kind }) => snapshot.files[kind]);
  for (const { id, blob } of all) {
    if (!blob || stored.has(id)) continue;
    stored.add(id);
    void save("blobs", blob, id);
  }
  const files = Object.fromEntries(
    kinds.map(({ kind }) => [
      kind,
      snapshot.files[kind].map(({ blob: _, ...file }) => ({ ...file, read: factsOf(file).read })),
    ]),
  );
  const saved = { ...snapshot, files };
  write(sessionStorage, key, saved);
  write(localStorage, key, saved);
}
