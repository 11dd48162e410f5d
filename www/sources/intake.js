// Receives files: picked, dropped, pasted, or as URLs.

import { announce } from "../elements.js";
import { count } from "../format.js";
import { loadMedia } from "../package.js";
import { limitsOf } from "../request/options.js";
import { localFile, nameOf, urlFile } from "./file.js";
import { kinds } from "./kinds.js";

/** @typedef {import("./file.js").SourceFile} SourceFile */
/** @typedef {import("./kinds.js").Kind} Kind */
/** @typedef {import("../request/draft.js").Draft} Draft */

/** The URLs of a text that has nothing else, at least one. @param {string} text */
export function urlsIn(text) {
  const parts = text.split(/[\s,]+/).filter(Boolean);
  return parts.every((part) => /^https?:\/\//i.test(part)) ? parts : [];
}

/** @param {Draft} draft @param {readonly string[]} urls */
export async function addUrls(draft, urls) {
  const files = await Promise.all(
    urls.map(async (url) =>
      urlFile(kindByName(draft, nameOf(url)) ?? (await kindByContent(url)) ?? "image", url, true),
    ),
  );
  add(draft, files);
}

/** @param {Draft} draft @param {readonly Blob[]} blobs */
export async function addBlobs(draft, blobs) {
  const files = await Promise.all(
    blobs.map(async (blob) => {
      const name = blob instanceof File ? blob.name : "";
      const byType = kinds.find(({ kind }) => blob.type.startsWith(`${kind}/`))?.kind;
      const kind = (await kindByContent(blob)) ?? byType ?? kindByName(draft, name) ?? "image";
      return localFile(kind, blob, name);
    }),
  );
  add(draft, files);
}

/** @param {Draft} draft @param {readonly SourceFile[]} added */
function add(draft, added) {
  if (added.length === 0) return;
  const files = { ...draft.current.files };
  for (const file of added) files[file.kind] = [...files[file.kind], file];
  draft.change({ files });
  announce(`Added ${count(added.length, "file")}.`);
}

/** By the extensions that the model takes. @param {Draft} draft @param {string} name @returns {Kind | undefined} */
function kindByName(draft, name) {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const limits = limitsOf(draft.current);
  return kinds.find(({ limit }) => limits[limit].formats.includes(extension))?.kind;
}

/** @param {Blob | string} source @returns {Promise<Kind | undefined>} */
async function kindByContent(source) {
  try {
    const { inspect } = await loadMedia();
    const { kind } = await inspect(source);
    return kinds.find((names) => names.kind === kind)?.kind;
  } catch {
    return undefined;
  }
}

/** Takes what is dropped anywhere on the page, and what is pasted outside of fields. @param {Draft} draft */
export function acceptDropsAndPastes(draft) {
  const root = document.documentElement;
  const isOutside = (/** @type {DragEvent} */ { dataTransfer }) =>
    dataTransfer?.types.some((type) => type === "Files" || type === "text/uri-list") &&
    !dataTransfer.types.includes("application/x-evolink-file");
  document.addEventListener("dragover", (event) => {
    if (!isOutside(event)) return;
    event.preventDefault();
    root.classList.add("dropping");
  });
  document.addEventListener("dragleave", ({ relatedTarget }) => {
    if (!relatedTarget) root.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    root.classList.remove("dropping");
    if (!isOutside(event) || !event.dataTransfer) return;
    event.preventDefault();
    void take(draft, event.dataTransfer);
  });
  document.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    if (!data) return;
    const inField = event.target instanceof Element && event.target.matches("input, textarea, select");
    if (data.files.length === 0 && (inField || urlsIn(data.getData("text/plain")).length === 0)) return;
    event.preventDefault();
    void take(draft, data);
  });
}

/** @param {Draft} draft @param {DataTransfer} data */
async function take(draft, data) {
  if (data.files.length > 0) return addBlobs(draft, [...data.files]);
  const uriList = data
    .getData("text/uri-list")
    .split("\n")
    .filter((line) => !line.startsWith("#"));
  return addUrls(draft, urlsIn(uriList.join("\n") || data.getData("text/plain")));
}
