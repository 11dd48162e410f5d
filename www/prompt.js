// The prompt: its text with highlighted tags and issues, its tags and its length.

import { estimateTokens, limits, retag } from "../pkg/index.js";
import { create, find, prose } from "./elements.js";

/** @typedef {import("../pkg/index.js").Issue} Issue */
/** @typedef {import("../pkg/index.js").Tag} Tag */
/** @typedef {{ start: number, end: number, className: string }} Mark */

export class Prompt {
  #input = find("prompt", HTMLTextAreaElement);
  /** A copy of the text behind the transparent input, so that parts of it can have a background. */
  #mirror = find("mirror", HTMLElement);
  #tokens = find("tokens", HTMLElement);
  #tags = find("tags", HTMLElement);
  #notice = find("notice", HTMLElement);

  constructor() {
    this.#input.addEventListener("input", () => this.#notice.replaceChildren());
  }

  /** @returns {import("./issues.js").IssueTarget} */
  get target() {
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
   * Renumbers the tags after files were reordered or removed.
   *
   * @param {Tag["kind"]} kind
   * @param {number[]} order
   */
  retag(kind, order) {
    const { prompt, removed, renumbered } = retag(this.text, kind, { order });
    if (prompt === this.text) return;
    this.text = prompt;
    const tag = (/** @type {number} */ index) => `\`@${kind[0].toUpperCase()}${kind.slice(1)}${index}\``;
    const changes = [
      ...removed.map((text) => `Removed \`${text.trim()}\` from the prompt.`),
      ...renumbered.map(({ from, to }) => `${tag(from)} is ${tag(to)} now.`),
    ];
    this.#notice.replaceChildren(...prose(changes.join(" ")));
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
    // A trailing line break has a height only if something follows it.
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
          create("span", { className: "role" }, role?.replaceAll("-", " ") ?? "no role"),
        ),
      ),
    );
  }
}

/** Tags without duplicates of the same text and role. @param {Tag[]} tags */
const distinct = (tags) => [...new Map(tags.map((tag) => [`${tag.text} ${tag.role}`, tag])).values()];

/** @param {number} value */
const number = (value) => value.toLocaleString("en");

/**
 * Splits the text at every start and end of a mark, because marks may overlap.
 *
 * @param {string} text
 * @param {Mark[]} marks
 */
function marked(text, marks) {
  const boundaries = new Set([0, text.length, ...marks.flatMap(({ start, end }) => [start, end])]);
  const sorted = [...boundaries].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => {
    const start = sorted[index];
    const covering = marks.filter((mark) => mark.start <= start && end <= mark.end);
    const part = text.slice(start, end);
    return covering.length
      ? create("mark", { className: covering.map(({ className }) => className).join(" ") }, part)
      : part;
  });
}
