// The files of the request, in a group for each kind.

import { announce, arrange, button, create } from "../elements.js";
import { fileSize, number } from "../format.js";
import { limitsOf } from "../request/options.js";
import { FileCard } from "./card.js";
import { factsOf } from "./file.js";
import { addBlobs, addUrls, urlsIn } from "./intake.js";
import { kinds } from "./kinds.js";
import { withMovedFile, withoutFile } from "./order.js";
import { Preview } from "./preview.js";

/** @typedef {import("./file.js").SourceFile} SourceFile */
/** @typedef {import("./kinds.js").Kind} Kind */
/** @typedef {import("../request/draft.js").Snapshot} Snapshot */

const dragType = "application/x-evolink-file";

export class FileList {
  #draft;
  #inspection;
  #preview;
  #groups;
  /** @type {Snapshot["files"] | undefined} */
  #files;
  #shown = "";
  /** Counts the results of inspections. */
  #version = 0;
  /** @type {Map<string, FileCard>} */
  #cards = new Map();

  /**
   * @param {HTMLElement} element
   * @param {import("../request/draft.js").Draft} draft
   * @param {import("./inspection.js").Inspection} inspection
   */
  constructor(element, draft, inspection) {
    this.#draft = draft;
    this.#inspection = inspection;
    inspection.addEventListener("change", () => this.#version++);
    this.#preview = new Preview(draft, inspection);
    this.#groups = kinds.map((names) => new FileGroup(names));
    element.append(this.#intake(), ...this.#groups.map(({ element: group }) => group));
  }

  #intake() {
    const picker = create("input", { type: "file", multiple: true, hidden: true, id: "picker" });
    picker.addEventListener("change", async () => {
      await addBlobs(this.#draft, [...(picker.files ?? [])]);
      picker.value = "";
    });
    const urls = create("textarea", {
      rows: 1,
      id: "urls",
      placeholder: "https://… one or more",
      spellcheck: false,
    });
    urls.ariaLabel = "URLs of files";
    urls.dataset.ownUndo = "";
    const addTyped = async () => {
      const found = urlsIn(urls.value);
      if (found.length === 0) return announce("Only URLs that begin with https:// can be added.");
      urls.value = "";
      await addUrls(this.#draft, found);
    };
    urls.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      void addTyped();
    });
    urls.addEventListener("paste", (event) => {
      const found = urlsIn(event.clipboardData?.getData("text/plain") ?? "");
      if (found.length === 0 || urls.value !== "") return;
      event.preventDefault();
      void addUrls(this.#draft, found);
    });
    return create(
      "div",
      { className: "intake" },
      button("Choose files", () => picker.click()),
      picker,
      urls,
      button("Add URLs", addTyped),
    );
  }

  /** @param {Snapshot} snapshot @param {import("../../pkg/index.js").Issue[]} issues */
  show(snapshot, issues) {
    const own = issues.filter(({ path }) => path[0] !== "prompt");
    // Most changes affect only the prompt.
    const shown = JSON.stringify([
      own.map(({ path, message }) => [path, message]),
      snapshot.options.model,
      this.#version,
    ]);
    if (snapshot.files === this.#files && shown === this.#shown) return;
    this.#files = snapshot.files;
    this.#shown = shown;
    const limits = limitsOf(snapshot);
    for (const group of this.#groups) {
      const { kind, field, limit } = group.names;
      const files = snapshot.files[kind];
      const cards = files.map((file) => this.#card(file));
      group.show(files, limits[limit], cards);
      cards.forEach((card, index) =>
        card.show(
          index,
          files.length,
          issues.filter(({ path }) => path[0] === field && path[1] === index),
        ),
      );
      for (const file of files) this.#inspection.inspect(file);
    }
  }

  /** Moves the focus to a file, or to its group. @param {string} field @param {number | undefined} index */
  focus(field, index) {
    const group = this.#groups.find(({ names }) => names.field === field);
    if (!group) return false;
    const file = this.#draft.current.files[group.names.kind][index ?? 0];
    group.element.scrollIntoView({ block: "nearest" });
    if (file) this.#cards.get(file.id)?.focus();
    else document.getElementById("urls")?.focus();
    return true;
  }

  /** @param {SourceFile} file */
  #card(file) {
    const existing = this.#cards.get(file.id);
    if (existing) return existing;
    const card = new FileCard(file, {
      move: (moved, offset) => this.#move(moved, offset),
      remove: (removed) => this.#remove(removed),
      open: (opened) => this.#preview.open(opened),
    });
    this.#acceptDrags(card);
    this.#cards.set(file.id, card);
    return card;
  }

  /** @param {SourceFile} file @param {-1 | 1} offset */
  #move(file, offset) {
    const from = this.#indexOf(file);
    this.#apply(withMovedFile(this.#draft.current, file.kind, from, from + offset));
    this.#cards.get(file.id)?.focusMove(offset);
  }

  /** @param {SourceFile} file */
  #remove(file) {
    const index = this.#indexOf(file);
    this.#apply(withoutFile(this.#draft.current, file.kind, index));
    const rest = this.#draft.current.files[file.kind];
    const next = rest[Math.min(index, rest.length - 1)];
    if (next) this.#cards.get(next.id)?.focusRemove();
    else document.getElementById("urls")?.focus();
  }

  /** @param {{ part: Partial<Snapshot>, notice: string }} change */
  #apply({ part, notice }) {
    this.#draft.change(part);
    announce(notice);
  }

  /** @param {SourceFile} file */
  #indexOf(file) {
    return this.#draft.current.files[file.kind].findIndex(({ id }) => id === file.id);
  }

  /** Cards can be dragged to another place of their group. @param {FileCard} card */
  #acceptDrags({ element, file }) {
    element.addEventListener("dragstart", ({ dataTransfer }) => {
      dataTransfer?.setData(dragType, file.id);
      dataTransfer?.setData(`${dragType}-${file.kind}`, "");
      if (dataTransfer) dataTransfer.effectAllowed = "move";
      element.classList.add("dragged");
    });
    element.addEventListener("dragend", () => element.classList.remove("dragged"));
    element.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes(`${dragType}-${file.kind}`)) return;
      event.preventDefault();
      element.classList.add("target");
    });
    element.addEventListener("dragleave", () => element.classList.remove("target"));
    element.addEventListener("drop", (event) => {
      element.classList.remove("target");
      const id = event.dataTransfer?.getData(dragType);
      const from = this.#draft.current.files[file.kind].findIndex((other) => other.id === id);
      if (from < 0 || id === file.id) return;
      event.preventDefault();
      this.#apply(withMovedFile(this.#draft.current, file.kind, from, this.#indexOf(file)));
    });
  }
}

class FileGroup {
  names;
  #list = create("ol", { className: "files" });
  #count = create("span", { className: "count" });
  #about = create("span", { className: "about" });
  #fill = create("span", { className: "fill" });
  element;

  /** @param {import("./kinds.js").KindNames} names */
  constructor(names) {
    this.names = names;
    const bar = create("span", { className: "bar" }, this.#fill);
    bar.ariaHidden = "true";
    this.element = create(
      "div",
      { className: "group", role: "group", ariaLabel: names.title, id: `files-${names.kind}` },
      create(
        "p",
        { className: "group-head" },
        create("strong", {}, names.title),
        this.#count,
        bar,
        this.#about,
      ),
      this.#list,
    );
  }

  /** @param {readonly SourceFile[]} files @param {import("../../pkg/index.js").FileLimits} limits @param {FileCard[]} cards */
  show(files, limits, cards) {
    arrange(
      this.#list,
      cards.map(({ element }) => element),
    );
    this.#list.hidden = cards.length === 0;
    this.#count.textContent = `${files.length} of ${limits.maxCount}`;
    this.#fill.style.width = `${Math.min(100, (files.length / Math.max(1, limits.maxCount)) * 100)}%`;
    this.element.classList.toggle("over", files.length > limits.maxCount);
    const infos = files.map((file) => factsOf(file).info);
    const seconds =
      infos.reduce((sum, info) => sum + (info && "durationMs" in info ? info.durationMs : 0), 0) / 1000;
    const each = `${fileSize(limits.maxBytes)} each`;
    const length =
      limits.maxTotalSeconds !== undefined
        ? `${number(seconds)} of ${limits.maxTotalSeconds} s`
        : limits.maxSeconds !== undefined
          ? `${limits.minSeconds ?? 0}–${limits.maxSeconds} s`
          : "";
    const formats = limits.formats.join(", ");
    this.#about.textContent = [formats, each, length].filter(Boolean).join(" · ");
  }
}
