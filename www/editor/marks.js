// The parts of the prompt that are marked: tags, issues and dialogue.

import { create } from "../elements.js";

/** @typedef {import("../../pkg/index.js").Issue} Issue */
/** @typedef {import("../../pkg/index.js").Tag} Tag */
/** @typedef {{ start: number, end: number, className: string, tag?: Tag, issue?: Issue }} Mark */

/**
 * @param {Tag[]} tags
 * @param {Issue[]} issues
 * @param {readonly (readonly [number, number])[]} dialogue
 * @returns {Mark[]}
 */
export const marksOf = (tags, issues, dialogue) => [
  ...dialogue.map(([start, end]) => ({ start, end, className: "dialogue" })),
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
 * @returns {(Node | string)[]}
 */
export function markedText(text, marks) {
  const starts = [...marks].sort((a, b) => a.start - b.start);
  const boundaries = new Set([0, text.length, ...marks.flatMap(({ start, end }) => [start, end])]);
  const sorted = [...boundaries].sort((a, b) => a - b);
  /** @type {Mark[]} */
  let open = [];
  let next = 0;
  return sorted.slice(1).map((end, index) => {
    const start = sorted[index];
    open = open.filter((mark) => mark.end > start);
    while (next < starts.length && starts[next].start <= start) open.push(starts[next++]);
    const part = text.slice(start, end);
    return open.length
      ? create("mark", { className: open.map(({ className }) => className).join(" ") }, part)
      : part;
  });
}

/** The marks at a position, issues first. @param {readonly Mark[]} marks @param {number} position */
export const marksAt = (marks, position) =>
  marks
    .filter(({ start, end, tag, issue }) => (tag || issue) && start <= position && position <= end)
    .sort((a, b) => Number(Boolean(b.issue)) - Number(Boolean(a.issue)));
