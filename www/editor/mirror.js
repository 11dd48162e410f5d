// A copy of the text behind the transparent text area, so that parts of it can be marked and measured.

import { markedText } from "./marks.js";

export class Mirror {
  #element;
  #shown = "";

  /** @param {HTMLElement} element @param {HTMLTextAreaElement} input */
  constructor(element, input) {
    this.#element = element;
    input.addEventListener("scroll", () => (element.scrollTop = input.scrollTop), { passive: true });
  }

  /** @param {string} text @param {readonly import("./marks.js").Mark[]} marks */
  show(text, marks) {
    const shown = `${text}\n${marks.map(({ start, end, className }) => `${start}-${end}${className}`)}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    const nodes = markedText(text, marks);
    const first = this.#element.firstChild;
    // The common case, typing into text without marks, keeps the node.
    if (
      nodes.length === 1 &&
      typeof nodes[0] === "string" &&
      first instanceof Text &&
      this.#element.childNodes.length === 2
    )
      first.data = nodes[0];
    // A trailing line break has a height only if something follows it.
    else this.#element.replaceChildren(...nodes, "\u200b");
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
    let offset = 0;
    for (let node = mark.previousSibling; node; node = node.previousSibling)
      offset += node.textContent?.length ?? 0;
    return { offset, rect: mark.getBoundingClientRect() };
  }
}
