// A copy of the text behind the transparent text area, so that parts of it can be marked and measured.

import { create } from "../elements.js";
import { editOf } from "./edit.js";
import { partsOf } from "./marks.js";

/** @typedef {import("./marks.js").Part} Part */

export class Mirror {
  #element;
  /** @type {Part[]} */
  #parts = [];
  /** A node for each part. @type {ChildNode[]} */
  #nodes = [];

  /** @param {HTMLElement} element @param {HTMLTextAreaElement} input */
  constructor(element, input) {
    this.#element = element;
    // A trailing line break has a height only if something follows it.
    element.append("\u200b");
    input.addEventListener("scroll", () => (element.scrollTop = input.scrollTop), { passive: true });
  }

  /**
   * Changes the nodes that differ, because a keystroke in a long prompt with many tags changes one or two.
   *
   * @param {string} text
   * @param {readonly import("./marks.js").Mark[]} marks
   */
  show(text, marks) {
    const before = this.#parts;
    const parts = partsOf(text, marks);
    const shortest = Math.min(before.length, parts.length);
    let start = 0;
    while (start < shortest && isEqual(before[start], parts[start])) start++;
    let end = 0;
    while (end < shortest - start && isEqual(before.at(-1 - end), parts.at(-1 - end))) end++;
    const added = parts.slice(start, parts.length - end);
    const removed = this.#nodes.slice(start, before.length - end);
    const isInPlace =
      added.length === removed.length &&
      added.every(({ className }, index) => !className === removed[index] instanceof Text);
    if (isInPlace) added.forEach((part, index) => update(removed[index], part));
    else {
      const nodes = added.map(nodeOf);
      const next = this.#nodes[before.length - end] ?? this.#element.lastChild;
      next?.before(...nodes);
      for (const node of removed) node.remove();
      this.#nodes.splice(start, removed.length, ...nodes);
    }
    this.#parts = parts;
  }

  /** Where a character is on the screen. @param {number} offset @returns {DOMRect} */
  rectAt(offset) {
    const walker = document.createTreeWalker(this.#element, NodeFilter.SHOW_TEXT);
    let rest = offset;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const { length } = /** @type {Text} */ (node);
      if (rest <= length) {
        const range = document.createRange();
        range.setStart(node, rest);
        range.setEnd(node, Math.min(length, rest + 1));
        return range.getClientRects()[0] ?? range.getBoundingClientRect();
      }
      rest -= length;
    }
    return this.#element.getBoundingClientRect();
  }

  /** The marked part at a point of the screen, as an offset into the text. @param {number} x @param {number} y */
  offsetAt(x, y) {
    const mark = document
      .elementsFromPoint(x, y)
      .find((element) => element.localName === "mark" && this.#element.contains(element));
    if (!mark) return null;
    const index = this.#nodes.indexOf(mark);
    const offset = this.#parts.slice(0, index).reduce((sum, { text }) => sum + text.length, 0);
    return { offset, rect: mark.getBoundingClientRect() };
  }
}

/** @param {Part | undefined} a @param {Part | undefined} b */
const isEqual = (a, b) => a?.text === b?.text && a?.className === b?.className;

/** @param {Part} part */
const nodeOf = ({ text, className }) =>
  className ? create("mark", { className }, text) : document.createTextNode(text);

/** @param {ChildNode} node @param {Part} part */
function update(node, { text, className }) {
  if (node instanceof HTMLElement && node.className !== className) node.className = className;
  const content = /** @type {Text} */ (node instanceof Text ? node : node.firstChild);
  const { start, removed, inserted } = editOf(content.data, text);
  // The browser lays out only the replaced nodes again.
  if (removed > 0 || inserted) content.replaceData(start, removed, inserted);
}
