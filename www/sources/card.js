// A file as a card: its preview, its properties, its issues, and the actions on it.

import { button, create, setText } from "../elements.js";
import { clock, fileSize, number } from "../format.js";
import { issueItems } from "../request/issue-items.js";
import { factsOf, shownUrl } from "./file.js";
import { namesOf, tagOf } from "./kinds.js";
import { drawWaveform } from "./waveform.js";

/** @typedef {import("./file.js").SourceFile} SourceFile */

/**
 * @typedef {object} CardActions
 * @property {(file: SourceFile, offset: -1 | 1) => void} move
 * @property {(file: SourceFile) => void} remove
 * @property {(file: SourceFile) => void} open
 */

export class FileCard {
  file;
  #thumb = create("button", { type: "button", className: "thumb" });
  #tag;
  #name = create("span", { className: "file-name" });
  #facts = create("span", { className: "file-facts" });
  #place = create("span", { className: "file-place" });
  #upload = create("progress", { max: 1, hidden: true });
  #issues = create("ul", { className: "file-issues place-issues" });
  #earlier;
  #later;
  #remove;
  element;
  /** What the thumbnail shows, so that it is not loaded again. */
  #shown = "";

  /** @param {SourceFile} file @param {CardActions} actions */
  constructor(file, actions) {
    this.file = file;
    this.#tag = create("span", { className: `tag ${file.kind}` });
    const move = { className: "small move" };
    this.#earlier = button("←", () => actions.move(file, -1), move);
    this.#later = button("→", () => actions.move(file, 1), move);
    this.#remove = button("×", () => actions.remove(file), { className: "small" });
    this.#thumb.addEventListener("click", () => actions.open(file));
    this.#name.textContent = file.name;
    this.#name.title = file.url ?? file.name;
    this.element = create(
      "li",
      { className: `file ${file.kind}`, draggable: true },
      this.#thumb,
      create("span", {}, this.#tag, " ", this.#place),
      create("span", { className: "file-actions" }, this.#earlier, this.#later, this.#remove),
      this.#name,
      this.#facts,
      this.#upload,
      this.#issues,
    );
  }

  /** Moves the focus to a button, or to its neighbor at an end. @param {-1 | 1} offset */
  focusMove(offset) {
    const [wanted, other] = offset < 0 ? [this.#earlier, this.#later] : [this.#later, this.#earlier];
    (wanted.disabled ? other : wanted).focus();
  }

  focus() {
    this.#thumb.focus();
  }

  focusRemove() {
    this.#remove.focus();
  }

  /** @param {number} index @param {number} amount @param {import("../../pkg/index.js").Issue[]} issues */
  show(index, amount, issues) {
    const { kind } = this.file;
    const name = `${namesOf(kind).noun} ${index + 1}`;
    setText(this.#tag, tagOf(kind, index));
    this.#earlier.disabled = index === 0;
    this.#later.disabled = index === amount - 1;
    this.#earlier.ariaLabel = `Move ${name} earlier`;
    this.#later.ariaLabel = `Move ${name} later`;
    this.#remove.ariaLabel = `Remove ${name}`;
    this.#thumb.ariaLabel = `Open ${name}`;
    const facts = factsOf(this.file);
    setText(this.#facts, describe(facts));
    const { upload } = facts;
    const isSending = upload !== undefined && !upload.done;
    setText(this.#place, placeOf(this.file));
    this.#upload.hidden = !isSending;
    this.#upload.ariaLabel = `Upload of ${name}`;
    if (isSending) this.#upload.value = upload.sentBytes / Math.max(1, upload.totalBytes);
    this.element.classList.toggle(
      "has-error",
      issues.some(({ severity }) => severity === "error"),
    );
    this.#issues.replaceChildren(...issueItems(issues));
    this.#showThumb(facts);
  }

  /** @param {import("./file.js").Facts} facts */
  #showThumb(facts) {
    const url = shownUrl(this.file);
    const shown = `${url} ${facts.waveform?.length}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    const { kind } = this.file;
    if (url && kind === "image")
      this.#thumb.replaceChildren(create("img", { src: url, alt: "", decoding: "async" }));
    else if (url && kind === "video")
      this.#thumb.replaceChildren(
        create("video", { src: url, muted: true, playsInline: true, preload: "metadata" }),
      );
    else if (facts.waveform?.length) this.#thumb.replaceChildren(drawWaveform(facts.waveform));
    else
      this.#thumb.replaceChildren(
        create("span", { className: "glyph" }, { image: "▨", video: "▶", audio: "♪" }[kind]),
      );
    const media = this.#thumb.firstElementChild;
    media?.addEventListener("error", () =>
      this.#thumb.replaceChildren(create("span", { className: "glyph" }, "?")),
    );
    // A frame of the clip instead of black.
    if (media instanceof HTMLVideoElement)
      media.addEventListener(
        "loadedmetadata",
        () => (media.currentTime = Math.min(0.1, media.duration / 2)),
        { once: true },
      );
  }
}

/** Where the bytes are. @param {SourceFile} file */
function placeOf(file) {
  const { upload, unkept } = factsOf(file);
  if (upload) return upload.done ? "uploaded" : "uploading";
  if (!file.blob) return "URL";
  return unkept ? "local file, lost on a reload" : "local file";
}

/** @param {import("./file.js").Facts} facts */
function describe({ info, failure }) {
  if (failure) return "could not be read by this page";
  if (!info) return "";
  const parts = [];
  if (info.bytes > 0) parts.push(fileSize(info.bytes));
  if ("durationMs" in info)
    parts.push(info.durationMs < 60_000 ? `${number(info.durationMs / 1000)} s` : clock(info.durationMs));
  if ("width" in info) parts.push(`${info.width} × ${info.height}`);
  if (info.format) parts.push(info.format);
  if ("videoCodec" in info) parts.push(info.videoCodec);
  if ("reason" in info) parts.push(info.reason);
  return parts.join(" · ");
}
