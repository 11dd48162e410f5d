// The editor of the prompt.

import { announce, find } from "../elements.js";
import { limitsOf, modelOf } from "../request/options.js";
import { fixOf } from "../request/fixes.js";
import { Completion } from "./completion.js";
import { dialogueIn } from "./dialogue.js";
import { explanation } from "./explanation.js";
import { marksAt, marksOf, moved } from "./marks.js";
import { Mirror } from "./mirror.js";
import { TokenMeter } from "./token-meter.js";
import { Tooltip } from "./tooltip.js";

/** @typedef {import("../../pkg/index.js").Issue} Issue */
/** @typedef {import("../../pkg/index.js").Tag} Tag */
/** @typedef {import("../request/draft.js").Snapshot} Snapshot */

const dialogueDelayMs = 150;

export class Editor {
  #input = find("prompt", HTMLTextAreaElement);
  #mirror = new Mirror(find("mirror", HTMLElement), this.#input);
  #meter = new TokenMeter(find("token-meter", HTMLElement));
  #line = find("at-caret", HTMLElement);
  #tooltip = new Tooltip();
  #completion;
  #draft;
  #checking;
  /** @type {Snapshot} */
  #snapshot;
  /** @type {import("./marks.js").Mark[]} */
  #marks = [];
  /** @type {{ tags: Tag[], issues: Issue[] }} */
  #found = { tags: [], issues: [] };
  /** @type {import("./marks.js").Mark[]} */
  #dialogue = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #dialogueTimer;

  /** @param {import("../request/draft.js").Draft} draft @param {import("../request/checking.js").Checking} checking */
  constructor(draft, checking) {
    this.#draft = draft;
    this.#checking = checking;
    this.#snapshot = draft.current;
    this.#completion = new Completion(
      this.#input,
      (offset) => this.#mirror.rectAt(offset),
      (span, text) => this.#replace(span, text),
    );
    const input = this.#input;
    input.addEventListener("input", () => {
      draft.change({ prompt: input.value, selection: this.#selection }, { typing: "prompt" });
      this.#type(draft.current);
    });
    input.addEventListener("beforeinput", (event) => {
      // From a menu or a gesture. The native history does not include fixes and files.
      if (event.inputType === "historyUndo") draft.undo();
      else if (event.inputType === "historyRedo") draft.redo();
      else return;
      event.preventDefault();
    });
    input.addEventListener("keydown", (event) => this.#onKey(event));
    input.addEventListener("pointermove", ({ clientX, clientY }) => this.#point(clientX, clientY));
    input.addEventListener("pointerleave", () => this.#tooltip.leave());
    document.addEventListener("selectionchange", () => {
      if (document.activeElement !== input) return;
      draft.select(this.#selection);
      this.#explainCaret();
      this.#completion.update(this.#draft.current);
    });
  }

  /** @returns {[number, number]} */
  get #selection() {
    return [this.#input.selectionStart, this.#input.selectionEnd];
  }

  /** Shows what was typed, with the marks of the text before it. @param {Snapshot} snapshot */
  #type(snapshot) {
    this.#tooltip.close();
    const before = this.#snapshot.prompt;
    this.#snapshot = snapshot;
    this.#dialogue = moved(this.#dialogue, before, snapshot.prompt);
    this.#marks = moved(this.#marks, before, snapshot.prompt);
    this.#mirror.show(snapshot.prompt, this.#marks);
  }

  /** @param {Snapshot} snapshot @param {Tag[]} tags @param {Issue[]} issues */
  show(snapshot, tags, issues) {
    this.#dialogue = moved(this.#dialogue, this.#snapshot.prompt, snapshot.prompt);
    this.#snapshot = snapshot;
    this.#found = { tags, issues };
    const { prompt, selection } = snapshot;
    if (this.#input.value !== prompt) {
      this.#input.value = prompt;
      this.#input.setSelectionRange(...selection);
    }
    const own = issues.filter(({ path }) => path[0] === "prompt");
    this.#input.ariaInvalid = String(own.some(({ severity }) => severity === "error"));
    this.#meter.show(prompt, limitsOf(snapshot));
    this.#mark();
    this.#explainCaret();
    this.#completion.update(snapshot);
    clearTimeout(this.#dialogueTimer);
    this.#dialogueTimer = setTimeout(() => this.#findDialogue(), dialogueDelayMs);
  }

  /** Moves the focus to a part of the prompt. @param {readonly [number, number]} [span] */
  focus(span) {
    this.#input.focus();
    if (!span) return;
    this.#input.setSelectionRange(...span);
    const { top, bottom } = this.#mirror.rectAt(span[0]);
    const box = this.#input.getBoundingClientRect();
    if (top < box.top || bottom > box.bottom) this.#input.scrollTop += top - box.top - box.height / 3;
  }

  #mark() {
    this.#marks = marksOf(this.#found.tags, this.#found.issues, this.#dialogue);
    this.#mirror.show(this.#snapshot.prompt, this.#marks);
  }

  #findDialogue() {
    this.#dialogue = dialogueIn(modelOf(this.#snapshot), this.#snapshot.prompt);
    this.#mark();
  }

  #explainCaret() {
    const [mark] = marksAt(this.#marks, this.#input.selectionStart);
    if (!mark) {
      if (this.#line.childNodes.length > 0) this.#line.replaceChildren();
      return;
    }
    const fix = () => this.#fixAt(this.#input.selectionStart);
    this.#line.replaceChildren(...explanation(mark, this.#snapshot, fix, "Alt+Enter"));
  }

  /** @param {number} x @param {number} y */
  #point(x, y) {
    const found = this.#mirror.offsetAt(x, y);
    // The end of a mark belongs to what follows.
    const [mark] = found ? marksAt(this.#marks, found.offset).filter(({ end }) => end > found.offset) : [];
    if (!found || !mark) return this.#tooltip.leave();
    this.#tooltip.open(mark, found.rect, () =>
      explanation(mark, this.#snapshot, () => {
        this.#tooltip.close();
        this.#fixAt(mark.start);
      }),
    );
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.isComposing) return;
    if (event.key === "F8") {
      const spans = this.#marks.filter(({ issue }) => issue).sort((a, b) => a.start - b.start);
      const next = spans.find(({ start }) => start > this.#input.selectionStart) ?? spans[0];
      if (next) this.focus([next.start, next.end]);
      this.#explainCaret();
      announce(next ? (this.#line.textContent ?? "") : "No issue is marked in the prompt.");
      event.preventDefault();
    } else if (event.key === "Enter" && event.altKey) {
      this.#fixAt(this.#input.selectionStart);
      event.preventDefault();
    }
  }

  /** Fixes the issue at a position of the current text. @param {number} position */
  #fixAt(position) {
    // The marks may be those of the text before the last keystroke.
    this.#checking.finish();
    const [mark] = marksAt(this.#marks, position);
    const fix = mark?.issue && fixOf(mark.issue, this.#draft.current);
    if (fix) this.#draft.change(fix.part);
    this.#input.focus();
  }

  /** @param {[number, number]} span @param {string} text */
  #replace([start, end], text) {
    const { prompt } = this.#draft.current;
    const after = prompt.slice(end);
    const inserted = /^\s/.test(after) ? text : `${text} `;
    const caret = start + inserted.length;
    this.#draft.change({ prompt: prompt.slice(0, start) + inserted + after, selection: [caret, caret] });
  }
}
