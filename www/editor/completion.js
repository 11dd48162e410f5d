// Completes `@` with the files of the request.

import { create, find } from "../elements.js";
import { kinds, tagOf } from "../sources/kinds.js";
import { shownUrl } from "../sources/file.js";

/** @typedef {import("../sources/file.js").SourceFile} SourceFile */
/** @typedef {{ tag: string, file: SourceFile }} Choice */

/** With these, Enter applies a fix or generates. @param {KeyboardEvent} event */
const hasModifier = ({ ctrlKey, metaKey, altKey }) => ctrlKey || metaKey || altKey;

/** An unfinished tag before the caret. */
const beginning = /@[\p{L}\p{N}]{0,12}$/u;

export class Completion {
  #list = create("ul", {
    className: "completion",
    id: "completion",
    role: "listbox",
    ariaLabel: "Files",
    hidden: true,
  });
  #input;
  #rectAt;
  #insert;
  /** @type {Choice[]} */
  #choices = [];
  #active = 0;
  #start = 0;
  /** The position of an `@` for which the list was closed. */
  #dismissed = -1;

  /**
   * @param {HTMLTextAreaElement} input
   * @param {(offset: number) => DOMRect} rectAt
   * @param {(span: [number, number], text: string) => void} insert
   */
  constructor(input, rectAt, insert) {
    this.#input = input;
    this.#rectAt = rectAt;
    this.#insert = insert;
    find("main", HTMLElement).append(this.#list);
    input.setAttribute("aria-autocomplete", "list");
    input.addEventListener("keydown", (event) => this.#onKey(event));
    input.addEventListener("blur", () => this.close());
    // The text area keeps the focus.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#list.addEventListener("click", ({ target }) => {
      const index = [...this.#list.children].findIndex((item) => item.contains(/** @type {Node} */ (target)));
      if (index >= 0) this.#take(index);
    });
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  /** @param {import("../request/draft.js").Snapshot} snapshot */
  update({ prompt, files }) {
    const { selectionStart: caret, selectionEnd } = this.#input;
    const typed =
      caret === selectionEnd ? beginning.exec(prompt.slice(Math.max(0, caret - 16), caret))?.[0] : undefined;
    if (typed === undefined || document.activeElement !== this.#input) return this.close();
    this.#start = caret - typed.length;
    if (this.#start === this.#dismissed) return this.close();
    const wanted = typed.slice(1).toLowerCase();
    this.#choices = kinds
      .flatMap(({ kind }) => files[kind].map((file, index) => ({ tag: tagOf(kind, index), file })))
      .filter(
        ({ tag, file }) =>
          tag.toLowerCase().startsWith(`@${wanted}`) || file.name.toLowerCase().includes(wanted),
      )
      .filter(({ tag }) => tag !== typed);
    if (this.#choices.length === 0) return this.close();
    this.#show();
  }

  close() {
    this.#list.hidden = true;
    this.#input.removeAttribute("aria-activedescendant");
    this.#input.removeAttribute("aria-controls");
  }

  #show() {
    this.#active = Math.min(this.#active, this.#choices.length - 1);
    this.#list.replaceChildren(
      ...this.#choices.map(({ tag, file }, index) => {
        const item = create("li", { role: "option", id: `completion-${index}` });
        item.ariaSelected = String(index === this.#active);
        const url = file.kind === "image" ? shownUrl(file) : undefined;
        item.append(
          url
            ? create("img", { src: url, alt: "", className: "tiny" })
            : create("span", { className: `tiny ${file.kind}` }),
          create("span", { className: `tag ${file.kind}` }, tag),
          create("span", { className: "why" }, file.name),
        );
        return item;
      }),
    );
    this.#list.hidden = false;
    const rect = this.#rectAt(this.#start);
    const left = Math.min(rect.left, document.documentElement.clientWidth - this.#list.offsetWidth - 8);
    this.#list.style.left = `${Math.max(8, left) + scrollX}px`;
    this.#list.style.top = `${rect.bottom + 4 + scrollY}px`;
    this.#input.setAttribute("aria-controls", this.#list.id);
    this.#input.setAttribute("aria-activedescendant", `completion-${this.#active}`);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === "@") this.#dismissed = -1;
    if (!this.isOpen || event.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) {
      this.#active = (this.#active + step + this.#choices.length) % this.#choices.length;
      this.#show();
    } else if ((event.key === "Enter" && !hasModifier(event)) || event.key === "Tab")
      this.#take(this.#active);
    else if (event.key === "Escape") {
      this.#dismissed = this.#start;
      this.close();
    } else return;
    event.preventDefault();
  }

  /** @param {number} index */
  #take(index) {
    const { tag } = this.#choices[index];
    this.#active = 0;
    this.close();
    this.#insert([this.#start, this.#input.selectionStart], tag);
  }
}
