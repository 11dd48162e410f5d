// Keeps the draft over reloads, in web storage; the bytes of its files are in IndexedDB. A tab continues with its own draft,
// a new tab with the last one.

import { loadBytes, removeOldBytes } from "../sources/bytes.js";
import { factsOf } from "../sources/file.js";
import { kinds } from "../sources/kinds.js";
import { read, write } from "../storage.js";

/** @typedef {import("./draft.js").Snapshot} Snapshot */
/** @typedef {import("../sources/file.js").SourceFile} SourceFile */

const key = "evolink-video:draft";
const saveDelayMs = 150;

/** @returns {Promise<Snapshot | null>} */
export async function loadDraft() {
  const drafts = [read(sessionStorage, key), read(localStorage, key)];
  void removeOldBytes(new Set(drafts.flatMap(idsOf)));
  const saved = drafts[0] ?? drafts[1];
  if (typeof saved?.prompt !== "string") return null;
  /** @type {Record<string, SourceFile[]>} */
  const files = {};
  for (const { kind } of kinds) {
    const restored = await Promise.all((saved.files?.[kind] ?? []).map(restore));
    files[kind] = restored.filter((file) => file !== null);
  }
  return { ...saved, files };
}

/** @param {any} saved @returns {string[]} */
const idsOf = (saved) => kinds.flatMap(({ kind }) => saved?.files?.[kind] ?? []).map(({ id }) => id);

/** @param {any} saved @returns {Promise<SourceFile | null>} */
async function restore({ read: mayRead, ...file }) {
  factsOf(file).read = mayRead;
  if (file.url !== undefined) return file;
  const blob = await loadBytes(file.id);
  return blob && { ...file, blob };
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
  // Phones close hidden pages without another event.
  document.addEventListener("visibilitychange", () => document.hidden && saveNow());
}

/** @param {Snapshot} snapshot */
function saveDraft(snapshot) {
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
