// Fixes of issues, as changes of the draft. The new value comes from the issue.

import { kinds, namesOf, tagOf } from "../sources/kinds.js";
import { urlFile } from "../sources/file.js";
import { withoutFile } from "../sources/order.js";
import { withOption } from "./options.js";

/** @typedef {import("../../pkg/index.js").Issue} Issue */
/** @typedef {import("./draft.js").Snapshot} Snapshot */
/** @typedef {{ label: string, part: Partial<Snapshot> }} Fix */

/**
 * @param {Issue} issue
 * @param {Snapshot} snapshot
 * @returns {Fix | null} `null` if only the author can tell
 */
export function fixOf(issue, snapshot) {
  const [field, index] = issue.path;
  const names = kinds.find((kind) => kind.field === field);
  if (issue.code === "silent_dialogue")
    return { label: "Turn sound on", part: optionPart(snapshot, "generate_audio", true) };
  if (issue.code === "unclosed_quote") return closeQuote(issue, snapshot);
  if (issue.code === "field_in_prompt") return moveOutOfPrompt(issue, snapshot);
  if (issue.params.tag !== undefined && issue.span) return correctTag(issue, snapshot);
  if (names && typeof index === "number") return correctFile(issue, snapshot, names.kind, index);
  const variant = issue.params.variant;
  if (issue.code === "model_input" && typeof variant === "string")
    return { label: `Use ${variant}`, part: optionPart(snapshot, "model", variant) };
  return field === "prompt" ? null : correctOption(issue, snapshot);
}

/** @param {Snapshot} snapshot @param {string} field @param {unknown} value */
const optionPart = (snapshot, field, value) => ({ options: withOption(snapshot, field, value).options });

/** @param {Snapshot} snapshot @param {readonly [number, number]} span @param {string} text */
function replaced({ prompt }, [start, end], text) {
  const caret = start + text.length;
  return {
    prompt: prompt.slice(0, start) + text + prompt.slice(end),
    selection: /** @type {const} */ ([caret, caret]),
  };
}

/** @param {Issue} issue @param {Snapshot} snapshot @returns {Fix} */
function correctTag({ span = [0, 0], params }, snapshot) {
  const kind = kinds.find(({ word }) => word === params.word)?.kind ?? "image";
  const last = snapshot.files[kind].length;
  const suggested = Number(params.suggestion) || last;
  if (suggested === 0) return { label: "Remove the tag", part: replaced(snapshot, span, "") };
  const tag = tagOf(kind, suggested - 1);
  return { label: `Write ${tag}`, part: replaced(snapshot, span, tag) };
}

const closing = /** @type {Record<string, string>} */ ({
  "“": "”",
  "„": "“",
  "«": "»",
  "「": "」",
  "『": "』",
});

/** @param {Issue} issue @param {Snapshot} snapshot @returns {Fix} */
function closeQuote({ span = [0, 0] }, snapshot) {
  const open = snapshot.prompt.slice(...span);
  const end = snapshot.prompt.trimEnd().length;
  return { label: "Close the quote at the end", part: replaced(snapshot, [end, end], closing[open] ?? open) };
}

/** @param {Issue} issue @param {Snapshot} snapshot @returns {Fix | null} */
function moveOutOfPrompt({ span, params }, snapshot) {
  if (!span) return null;
  const { field, suggestion, received } = params;
  const names = kinds.find((kind) => kind.field === field);
  if (names && typeof received === "string") {
    const files = {
      ...snapshot.files,
      [names.kind]: [...snapshot.files[names.kind], urlFile(names.kind, received)],
    };
    return {
      label: `Move it to the ${names.title.toLowerCase()}`,
      part: { ...replaced(snapshot, span, ""), files },
    };
  }
  if (suggestion === undefined || suggestion === null || typeof field !== "string") return null;
  const rest = snapshot.prompt.slice(span[1]);
  const value = new RegExp(`^[\\s:=]*${String(suggestion).replace(/[^\w]/g, "\\$&")}`).exec(rest)?.[0] ?? "";
  const part = replaced(snapshot, [span[0], span[1] + value.length], "");
  return { label: `Set it to ${suggestion}`, part: { ...part, ...optionPart(snapshot, field, suggestion) } };
}

/** @param {Issue} issue @param {Snapshot} snapshot @param {import("../sources/kinds.js").Kind} kind @param {number} index @returns {Fix | null} */
function correctFile({ code, params }, snapshot, kind, index) {
  const file = snapshot.files[kind][index];
  if (!file) return null;
  if (code === "duplicate_url")
    return {
      label: `Remove ${namesOf(kind).noun} ${index + 1}`,
      part: withoutFile(snapshot, kind, index).part,
    };
  const better =
    typeof params.suggestion === "string"
      ? params.suggestion
      : code === "insecure_url" && file.url?.replace(/^http:/i, "https:");
  if (!better || better === file.url) return null;
  const list = snapshot.files[kind].with(index, urlFile(kind, better));
  return { label: `Use ${better}`, part: { files: { ...snapshot.files, [kind]: list } } };
}

/** @param {Issue} issue @param {Snapshot} snapshot @returns {Fix | null} */
function correctOption({ code, path, params, limit }, snapshot) {
  const field = path.join(".");
  if (code === "ignored_option") return { label: "Remove it", part: optionPart(snapshot, field, undefined) };
  const { suggestion } = params;
  if (suggestion !== undefined && suggestion !== null)
    return { label: `Use ${suggestion}`, part: optionPart(snapshot, field, suggestion) };
  if (code === "insecure_url" && typeof snapshot.options[field] === "string") {
    const better = snapshot.options[field].replace(/^http:/i, "https:");
    return { label: "Use https", part: optionPart(snapshot, field, better) };
  }
  if (code === "out_of_range" && typeof limit === "number")
    return { label: `Use ${limit}`, part: optionPart(snapshot, field, limit) };
  return null;
}
