// The files of one kind: URLs to add, change, reorder and remove. The prompt's tags follow them.

import { create, find } from "./elements.js";

/** @typedef {import("../pkg/index.js").Tag["kind"]} Kind */

/** What a row is made of. @typedef {ReturnType<typeof createRow>} Row */

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
  /** How many rows there ever were; their ids are made of it. */
  #made = 0;
  /** The row in which the next file is added; none when there is no room. @type {Row | undefined} */
  #blank;

  /**
   * @param {Kind} kind
   * @param {"image_urls" | "video_urls" | "audio_urls"} field
   * @param {import("../pkg/index.js").FileLimits} limits
   * @param {(order: number[]) => void} retag told after the files were reordered or removed, before any event
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
      create("legend", {}, kind === "audio" ? "Audio" : `${capital(kind)}s`, " ", this.#count),
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

  /** @returns {import("./issues.js").Place[]} */
  get places() {
    const rows = this.#rows.map(({ input, issues }, index) => ({
      path: [this.field, index],
      list: issues,
      control: input,
    }));
    return [{ path: [this.field], list: this.#issues }, ...rows];
  }

  /** @param {string} url */
  #newRow(url) {
    const row = createRow(`${this.kind}-${++this.#made}`, url);
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
   * @param {1 | -1} by
   */
  #move(row, by) {
    const order = [...this.#rows];
    const from = order.indexOf(row);
    order.splice(from + by, 0, ...order.splice(from, 1));
    this.#reorder(order);
    const [wanted, other] = by < 0 ? [row.up, row.down] : [row.down, row.up];
    (wanted.disabled ? other : wanted).focus();
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

  /** Puts the rows into the page in their order, named after their places. */
  #arrange() {
    const { maxCount } = this.#limits;
    this.#blank = this.#rows.length < maxCount ? (this.#blank ?? this.#newRow("")) : undefined;
    const rows = this.#blank ? [...this.#rows, this.#blank] : this.#rows;
    // A row that stays where it is is not touched, for it would lose the focus.
    rows.forEach(({ element }, index) => {
      const there = this.#list.children[index];
      if (there !== element) this.#list.insertBefore(element, there ?? null);
    });
    while (this.#list.children.length > rows.length) this.#list.lastElementChild?.remove();

    this.#rows.forEach((row, index) => {
      const name = `${this.kind} ${index + 1}`;
      row.element.classList.remove("blank");
      row.label.className = `tag ${this.kind}`;
      row.label.textContent = `@${capital(this.kind)}${index + 1}`;
      row.up.disabled = index === 0;
      row.down.disabled = index === this.#rows.length - 1;
      row.up.ariaLabel = `Move ${name} up`;
      row.down.ariaLabel = `Move ${name} down`;
      row.remove.ariaLabel = `Remove ${name}`;
    });
    if (this.#blank) {
      this.#blank.element.classList.add("blank");
      this.#blank.label.textContent = "Add";
      this.#blank.label.append(create("span", { className: "unseen" }, ` ${this.kind} URL`));
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
const capital = (word) => word[0].toUpperCase() + word.slice(1);
