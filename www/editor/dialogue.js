// Where the prompt has speech. The package reports it as an issue in a video without sound.

import { validate } from "../package.js";

/** @typedef {import("./marks.js").Mark} Mark */

const maxMarks = 20;

/** @param {string} model @param {string} prompt @returns {Mark[]} */
export function dialogueIn(model, prompt) {
  /** @type {Mark[]} */
  const marks = [];
  let text = prompt;
  while (marks.length < maxMarks) {
    const { warnings } = validate({ model, prompt: text, generate_audio: false });
    const span = warnings.find(({ code }) => code === "silent_dialogue")?.span;
    if (!span) break;
    marks.push({ start: span[0], end: span[1], className: "dialogue" });
    // Only the first speech is reported, so it is blanked to find the next.
    text = text.slice(0, span[0]) + " ".repeat(span[1] - span[0]) + text.slice(span[1]);
  }
  return marks;
}
