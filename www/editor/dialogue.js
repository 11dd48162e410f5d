// Where the prompt has speech. The package tells: in a video without sound, speech is an issue.

import { validate } from "../package.js";

/** @typedef {readonly [start: number, end: number]} Span */

const maxSpans = 20;

/** @param {string} model @param {string} prompt @returns {Span[]} */
export function dialogueIn(model, prompt) {
  /** @type {Span[]} */
  const spans = [];
  let text = prompt;
  while (spans.length < maxSpans) {
    const { warnings } = validate({ model, prompt: text, generate_audio: false });
    const span = warnings.find(({ code }) => code === "silent_dialogue")?.span;
    if (!span) break;
    spans.push(span);
    // Only the first speech is reported, so it is blanked to find the next.
    text = text.slice(0, span[0]) + " ".repeat(span[1] - span[0]) + text.slice(span[1]);
  }
  return spans;
}

/**
 * Moves spans along with an edit, until they are found again.
 *
 * @param {readonly Span[]} spans
 * @param {string} before
 * @param {string} after
 * @returns {Span[]}
 */
export function moved(spans, before, after) {
  if (spans.length === 0 || before === after) return [...spans];
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before[start] === after[start]) start++;
  const shift = after.length - before.length;
  return spans
    .map(
      ([from, to]) =>
        /** @type {const} */ ([from < start ? from : from + shift, to <= start ? to : to + shift]),
    )
    .filter(([from, to]) => from >= 0 && from < to && to <= after.length);
}
