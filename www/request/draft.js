// The request that is being written, with its history. Every change goes through `change`, so that undo covers all.

import { kinds } from "../sources/kinds.js";
import { urlFile } from "../sources/file.js";

/** @typedef {import("../sources/file.js").SourceFile} SourceFile */
/** @typedef {import("../sources/kinds.js").Kind} Kind */
/** @typedef {import("../../pkg/index.js").VideoRequest} VideoRequest */

/**
 * @typedef {object} Snapshot
 * @property {string} prompt
 * @property {readonly [start: number, end: number]} selection of the prompt
 * @property {Readonly<Record<string, unknown>>} options by field, those of objects with a dot between. An option that
 *   is absent has the default
 * @property {Readonly<Record<Kind, readonly SourceFile[]>>} files
 */

/** @type {Snapshot} */
const empty = { prompt: "", selection: [0, 0], options: {}, files: { image: [], video: [], audio: [] } };

/** Typing with shorter pauses is undone together. */
const typingPauseMs = 700;
const historyLength = 300;

/** Emits `change` after each change. Its detail is whether the user is typing. */
export class Draft extends EventTarget {
  /** @type {Snapshot} */
  current = empty;
  /** @type {Snapshot[]} */
  #past = [];
  /** @type {Snapshot[]} */
  #future = [];
  /** @type {string | undefined} */
  #typed;
  #typedAt = 0;

  /**
   * @param {Partial<Snapshot>} part
   * @param {{ typing?: string }} [how] `typing`: the field that is typed into
   */
  change(part, { typing } = {}) {
    const now = Date.now();
    const goesOn = typing !== undefined && typing === this.#typed && now - this.#typedAt < typingPauseMs;
    if (!(goesOn && this.#past.length > 0)) {
      this.#past.push(this.current);
      if (this.#past.length > historyLength) this.#past.shift();
    }
    this.#typed = typing;
    this.#typedAt = now;
    this.#future = [];
    this.#set({ ...this.current, ...part }, typing !== undefined);
  }

  /** Replaces everything without a step of the history. @param {Snapshot} snapshot */
  restore(snapshot) {
    this.#set(snapshot);
  }

  /** Remembers the caret, which is no change. @param {readonly [number, number]} selection */
  select(selection) {
    this.current = { ...this.current, selection };
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  undo() {
    this.#step(this.#past, this.#future);
  }

  redo() {
    this.#step(this.#future, this.#past);
  }

  /** @param {Snapshot[]} from @param {Snapshot[]} to */
  #step(from, to) {
    const snapshot = from.pop();
    if (!snapshot) return;
    to.push(this.current);
    this.#typed = undefined;
    this.#set(snapshot);
  }

  /** @param {Snapshot} snapshot @param {boolean} [typing] */
  #set(snapshot, typing = false) {
    this.current = snapshot;
    this.dispatchEvent(new CustomEvent("change", { detail: typing }));
  }
}

/**
 * The request of a snapshot, with local files unchanged.
 *
 * @param {Snapshot} snapshot
 * @returns {VideoRequest}
 */
export function toRequest({ prompt, options, files }) {
  /** @type {Record<string, any>} */
  const request = { model: options.model, prompt };
  for (const { kind, field } of kinds)
    if (files[kind].length > 0) request[field] = files[kind].map(({ url, blob }) => blob ?? url);
  for (const [name, value] of Object.entries(options)) {
    const [field, inner] = name.split(".");
    if (inner) request[field] = { ...request[field], [inner]: value };
    else request[field] = value;
  }
  return /** @type {VideoRequest} */ (request);
}

/** The snapshot of a request whose files are URLs. @param {VideoRequest} request @returns {Snapshot} */
export function fromRequest({ prompt, ...rest }) {
  const files = { ...empty.files };
  /** @type {Record<string, any>} */
  const fields = { ...rest };
  for (const { kind, field } of kinds) {
    files[kind] = (rest[field] ?? []).map((source) => urlFile(kind, String(source)));
    delete fields[field];
  }
  /** @type {Record<string, unknown>} */
  const options = {};
  for (const [field, value] of Object.entries(fields))
    if (value !== null && typeof value === "object")
      for (const [inner, innerValue] of Object.entries(value)) options[`${field}.${inner}`] = innerValue;
    else if (value !== undefined) options[field] = value;
  return {
    prompt: String(prompt ?? ""),
    selection: [prompt?.length ?? 0, prompt?.length ?? 0],
    options,
    files,
  };
}
