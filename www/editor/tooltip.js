// A tooltip at a marked part. It stays while the pointer is on it, so that its button can be reached; Escape closes it.

import { create, find } from "../elements.js";

const openDelayMs = 120;
const closeDelayMs = 250;

export class Tooltip {
  #element = create("div", { className: "tooltip", role: "tooltip", hidden: true });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** What it is about, so that a move of the pointer within does not open it again. @type {unknown} */
  #subject;

  constructor() {
    find("main", HTMLElement).append(this.#element);
    this.#element.addEventListener("pointerenter", () => clearTimeout(this.#timer));
    this.#element.addEventListener("pointerleave", () => this.leave());
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.close());
    document.addEventListener("scroll", () => this.close(), { capture: true, passive: true });
  }

  /** @param {unknown} subject @param {DOMRect} rect @param {() => (Node | string)[]} content */
  open(subject, rect, content) {
    clearTimeout(this.#timer);
    if (subject === this.#subject) return;
    this.#timer = setTimeout(() => {
      this.#subject = subject;
      this.#element.replaceChildren(...content());
      this.#element.hidden = false;
      const { offsetWidth: width, offsetHeight: height } = this.#element;
      const left = Math.max(8, Math.min(rect.left, document.documentElement.clientWidth - width - 8));
      const below = rect.bottom + 4 + height < innerHeight;
      this.#element.style.left = `${left + scrollX}px`;
      this.#element.style.top = `${(below ? rect.bottom + 4 : rect.top - 4 - height) + scrollY}px`;
    }, openDelayMs);
  }

  leave() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close(), closeDelayMs);
  }

  close() {
    clearTimeout(this.#timer);
    this.#subject = undefined;
    this.#element.hidden = true;
  }
}
