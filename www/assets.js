// The files of one kind: URLs to add, edit, reorder and remove. The prompt's tags are renumbered with them.

import { create, find } from "./elements.js";

/** @typedef {import("../pkg/index.js").Tag["kind"]} Kind */

/** The elements of a row. @typedef {ReturnType<typeof createRow>} Row */

export class Assets {
  kind;
  field;
  #limits;
  #retag;
  #fieldset;
  #list = create("ol", { className: "assets" });
  #count = create("span", { className: "count" });
  #issues;
  /** @type {Row[]} */
  #rows = [];
  /** The number of rows created so far, for unique ids. */
  #created = 0;
  /** The row in which the next file is added; `undefined` at the maximum. @type {Row | undefined} */
  #blank;

  /**
   * @param {Kind} kind
   * @param {"image_urls" | "video_urls" | "audio_urls"} field
   * @param {import("../pkg/index.js").FileLimits} limits
   * @param {(order: number[]) => void} retag called when files were reordered or removed, before the input event
   */
  constructor(kind, field, limits, retag) {
    this.kind = kind;
    this.field = field;
    this.#limits = limits;
    this.#retag = retag;
    this.#fieldset = find(`${kind}s`, HTMLFieldSetElement);
    this.#issues = create("ul", { className: "issues", id: `${kind}s-issues` });
    const about = `${limits.formats.join(", ")}; up to ${limits.maxBytes / 1e6} MB each`;
    this.#fieldset.append(
      create("legend", {}, kind === "audio" ? "Audio" : `${capitalize(kind)}s`, " ", this.#count),
      create("p", { className: "about" }, about),
      this.#list,
      this.#issues,
    );
    this.#fieldset.setAttribute("aria-describedby", this.#issues.id);
    this.urls = [];
  }

  get urls() {
    return this.#rows.map(({ input }) => input.value);
  }

  set urls(urls) {
    this.#rows = urls.map((url) => this.#newRow(url));
    this.#blank = undefined;
    this.#arrange();
  }

  /** @returns {import("./issues.js").IssueTarget[]} */
  get targets() {
    const rows = this.#rows.map(({ input, issues }, index) => ({
      path: [this.field, index],
      list: issues,
      control: input,
    }));
    return [{ path: [this.field], list: this.#issues }, ...rows];
  }

  /** @param {string} url */
  #newRow(url) {
    const row = createRow(`${this.kind}-${++this.#created}`, url);
    row.input.addEventListener("input", () => {
      if (row !== this.#blank) return;
      this.#rows.push(row);
      this.#blank = undefined;
      this.#arrange();
    });
    row.up.addEventListener("click", () => this.#move(row, -1));
    row.down.addEventListener("click", () => this.#move(row, 1));
    row.remove.addEventListener("click", () => this.#remove(row));
    return row;
  }

  /**
   * @param {Row} row
   * @param {1 | -1} offset
   */
  #move(row, offset) {
    const order = [...this.#rows];
    const from = order.indexOf(row);
    order.splice(from + offset, 0, ...order.splice(from, 1));
    this.#reorder(order);
    const [preferred, other] = offset < 0 ? [row.up, row.down] : [row.down, row.up];
    (preferred.disabled ? other : preferred).focus();
  }

  /** @param {Row} row */
  #remove(row) {
    const index = this.#rows.indexOf(row);
    this.#reorder(this.#rows.filter((other) => other !== row));
    (this.#rows[index]?.remove ?? this.#blank?.input)?.focus();
  }

  /** @param {Row[]} rows */
  #reorder(rows) {
    const order = rows.map((row) => this.#rows.indexOf(row) + 1);
    this.#rows = rows;
    this.#arrange();
    this.#retag(order);
    this.#fieldset.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Inserts the rows into the page in order, and labels them by position. */
  #arrange() {
    const { maxCount } = this.#limits;
    this.#blank = this.#rows.length < maxCount ? (this.#blank ?? this.#newRow("")) : undefined;
    const rows = this.#blank ? [...this.#rows, this.#blank] : this.#rows;
    // Rows that keep their position are not moved, because moving would remove the focus.
    rows.forEach(({ element }, index) => {
      const current = this.#list.children[index];
      if (current !== element) this.#list.insertBefore(element, current ?? null);
    });
    while (this.#list.children.length > rows.length) this.#list.lastElementChild?.remove();

    this.#rows.forEach((row, index) => {
      const name = `${this.kind} ${index + 1}`;
      row.element.classList.remove("blank");
      row.label.className = `tag ${this.kind}`;
      row.label.textContent = `@${capitalize(this.kind)}${index + 1}`;
      row.up.disabled = index === 0;
      row.down.disabled = index === this.#rows.length - 1;
      row.up.ariaLabel = `Move ${name} up`;
      row.down.ariaLabel = `Move ${name} down`;
      row.remove.ariaLabel = `Remove ${name}`;
    });
    if (this.#blank) {
      this.#blank.element.classList.add("blank");
      this.#blank.label.textContent = "Add";
      this.#blank.label.append(create("span", { className: "visually-hidden" }, ` ${this.kind} URL`));
    }
    this.#count.textContent = `${this.#rows.length} of ${maxCount}`;
  }
}

/**
 * @param {string} id
 * @param {string} url
 */
function createRow(id, url) {
  const button = (/** @type {string} */ text) =>
    create("button", { type: "button", className: "small" }, text);
  const label = create("label", { htmlFor: id });
  const input = create("input", { id, type: "url", value: url, placeholder: "https://…", spellcheck: false });
  const [up, down, remove] = ["↑", "↓", "×"].map(button);
  const issues = create("ul", { className: "issues", id: `${id}-issues` });
  input.setAttribute("aria-describedby", issues.id);
  const element = create(
    "li",
    {},
    label,
    input,
    create("span", { className: "actions" }, up, down, remove),
    issues,
  );
  return { element, label, input, up, down, remove, issues };
}

/** @param {string} word */
const capitalize = (word) => word[0].toUpperCase() + word.slice(1);
