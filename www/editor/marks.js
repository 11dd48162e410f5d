// The parts of the prompt that are marked: tags, issues and dialogue.

import { editOf } from "./edit.js";

/** @typedef {import("../../pkg/index.js").Issue} Issue */
/** @typedef {import("../../pkg/index.js").Tag} Tag */
/** @typedef {{ start: number, end: number, className: string, tag?: Tag, issue?: Issue }} Mark */
/** @typedef {{ text: string, className: string }} Part */

/**
 * @param {Tag[]} tags
 * @param {Issue[]} issues
 * @param {readonly Mark[]} dialogue
 * @returns {Mark[]}
 */
export const marksOf = (tags, issues, dialogue) => [
  ...dialogue,
  ...tags.map((tag) => ({
    start: tag.start,
    end: tag.end,
    className: `tag ${tag.kind}${tag.role ? " has-role" : ""}`,
    tag,
  })),
  ...issues.flatMap((issue) =>
    issue.span && issue.path[0] === "prompt"
      ? [{ start: issue.span[0], end: issue.span[1], className: issue.severity, issue }]
      : [],
  ),
];

/**
 * Splits the text at every start and end of a mark, because marks may overlap.
 *
 * @param {string} text
 * @param {readonly Mark[]} marks
 * @returns {Part[]}
 */
export function partsOf(text, marks) {
  const starts = marks.toSorted((a, b) => a.start - b.start);
  const boundaries = new Set([0, text.length, ...marks.flatMap(({ start, end }) => [start, end])]);
  const sorted = [...boundaries].sort((a, b) => a - b);
  /** @type {Mark[]} */
  let open = [];
  let next = 0;
  return sorted.slice(1).map((end, index) => {
    const start = sorted[index];
    open = open.filter((mark) => mark.end > start);
    while (next < starts.length && starts[next].start <= start) open.push(starts[next++]);
    return { text: text.slice(start, end), className: open.map(({ className }) => className).join(" ") };
  });
}

/**
 * Moves marks along with an edit, until they are found again.
 *
 * @param {readonly Mark[]} marks
 * @param {string} before
 * @param {string} after
 * @returns {Mark[]}
 */
export function moved(marks, before, after) {
  if (marks.length === 0 || before === after) return [...marks];
  const { start: from, removed, inserted } = editOf(before, after);
  const shift = inserted.length - removed;
  const place = (/** @type {number} */ offset) =>
    offset >= from + removed ? offset + shift : Math.min(offset, from);
  return marks
    .map((mark) => ({
      ...mark,
      start: mark.start < from ? mark.start : place(mark.start),
      // Text at the end of a mark does not belong to it.
      end: mark.end <= from ? mark.end : place(mark.end),
    }))
    .filter(({ start, end }) => start < end);
}

/** The marks at a position, issues first. @param {readonly Mark[]} marks @param {number} position */
export const marksAt = (marks, position) =>
  marks
    .filter(({ start, end, tag, issue }) => (tag || issue) && start <= position && position <= end)
    .sort((a, b) => Number(Boolean(b.issue)) - Number(Boolean(a.issue)));
