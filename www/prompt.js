// The prompt: its text, in which tags and issues are marked, its tags and its length.

import { estimateTokens, limits, retag } from "../pkg/index.js";
import { create, find, prose } from "./elements.js";

/** @typedef {import("../pkg/index.js").Issue} Issue */
/** @typedef {import("../pkg/index.js").Tag} Tag */
/** @typedef {{ start: number, end: number, className: string }} Mark */

export class Prompt {
  #input = find("prompt", HTMLTextAreaElement);
  /** The same text behind the transparent one of the input, where parts of it can have a background. */
  #mirror = find("mirror", HTMLElement);
  #tokens = find("tokens", HTMLElement);
  #tags = find("tags", HTMLElement);
  #notice = find("notice", HTMLElement);

  constructor() {
    this.#input.addEventListener("input", () => this.#notice.replaceChildren());
  }

  /** @returns {import("./issues.js").Place} */
  get place() {
    return { path: ["prompt"], list: find("prompt-issues", HTMLElement), control: this.#input };
  }

  get text() {
    return this.#input.value;
  }

  set text(text) {
    this.#input.value = text;
    this.#notice.replaceChildren();
  }

  /**
   * Makes the tags follow their files.
   *
   * @param {Tag["kind"]} kind
   * @param {number[]} order
   */
  retag(kind, order) {
    const { prompt, dropped } = retag(this.text, kind, { order });
    if (prompt === this.text) return;
    this.text = prompt;
    const gone = dropped.map(({ text }) => `\`${text}\``).join(", ");
    const notice = gone ? `${gone} left the prompt.` : "The tags of the prompt followed.";
    this.#notice.replaceChildren(...prose(notice));
  }

  /**
   * @param {Tag[]} tags
   * @param {Issue[]} issues
   */
  show(tags, issues) {
    const marks = [
      ...tags.map(({ kind, start, end }) => ({ start, end, className: `tag ${kind}` })),
      ...issues.flatMap(({ span, severity }) =>
        span ? [{ start: span[0], end: span[1], className: severity }] : [],
      ),
    ];
    // A line break at the very end has a height only if something follows it.
    this.#mirror.replaceChildren(...marked(this.text, marks), "\u200b");

    const { low, estimate, high } = estimateTokens(this.text);
    const allowed = limits.prompt.maxTokens;
    this.#tokens.textContent = `about ${number(estimate)} tokens (${number(low)} to ${number(high)}) of ${number(allowed)}`;

    this.#tags.hidden = tags.length === 0;
    this.#tags.replaceChildren(
      ...distinct(tags).map(({ kind, text, role }) =>
        create(
          "li",
          {},
          create("span", { className: `tag ${kind}` }, text),
          create("span", { className: "role" }, role?.replaceAll("-", " ") ?? "no role named"),
        ),
      ),
    );
  }
}

/** Of tags that say the same, one. @param {Tag[]} tags */
const distinct = (tags) => [...new Map(tags.map((tag) => [`${tag.text} ${tag.role}`, tag])).values()];

/** @param {number} value */
const number = (value) => value.toLocaleString("en");

/**
 * The text, cut wherever a mark begins or ends, for marks may overlap.
 *
 * @param {string} text
 * @param {Mark[]} marks
 */
function marked(text, marks) {
  const cuts = new Set([0, text.length, ...marks.flatMap(({ start, end }) => [start, end])]);
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => {
    const start = sorted[index];
    const over = marks.filter((mark) => mark.start <= start && end <= mark.end);
    const part = text.slice(start, end);
    return over.length
      ? create("mark", { className: over.map(({ className }) => className).join(" ") }, part)
      : part;
  });
}
