// Inspects files with `inspect`, and checks with `checkFiles` whether the model accepts them. URLs are requested only
// if the user asked for it.

import { loadMedia } from "../package.js";
import { kinds } from "./kinds.js";
import { factsOf } from "./file.js";
import { waveformOf } from "./waveform.js";

/** @typedef {import("./file.js").SourceFile} SourceFile */
/** @typedef {import("../../pkg/index.js").Issue} Issue */

/** Emits `change` when there are new results. */
export class Inspection extends EventTarget {
  /** @type {Map<string, Promise<void>>} */
  #running = new Map();
  /** The answers of servers, so that a second check requests nothing. @type {Map<string, Promise<Response>>} */
  #answers = new Map();

  /** Inspects a file unless that has been done. @param {SourceFile} file */
  inspect(file) {
    if (!file.blob && !factsOf(file).read) return;
    if (!this.#running.has(file.id)) this.#running.set(file.id, this.#inspect(file));
  }

  /** @param {SourceFile} file */
  async #inspect(file) {
    const facts = factsOf(file);
    try {
      const { inspect } = await loadMedia();
      facts.info = await inspect(file.blob ?? file.url ?? "", { fetch: this.#fetch });
    } catch (error) {
      facts.failure = error instanceof Error ? error.message : String(error);
    }
    this.dispatchEvent(new Event("change"));
    if (file.kind !== "audio" || !file.blob) return;
    facts.waveform = await waveformOf(file.blob);
    this.dispatchEvent(new Event("change"));
  }

  /**
   * The issues of the files that may be read.
   *
   * @param {import("../request/draft.js").Snapshot} snapshot
   * @param {import("../../pkg/index.js").VideoRequest} request
   * @returns {Promise<Issue[]>}
   */
  async check({ files }, request) {
    const unread = new Set();
    let readable = 0;
    for (const { kind, field } of kinds)
      files[kind].forEach((file, index) => {
        if (file.blob || factsOf(file).read) readable++;
        else unread.add(`${field},${index}`);
      });
    if (readable === 0) return [];
    const { checkFiles } = await loadMedia();
    const unreadUrls = new Set(
      kinds.flatMap(({ kind }) =>
        files[kind].filter((file) => !file.blob && !factsOf(file).read).map(({ url }) => url),
      ),
    );
    /** @type {typeof fetch} */
    const onlyRead = (input, init) =>
      unreadUrls.has(String(input)) ? Promise.reject(new TypeError("not read")) : this.#fetch(input, init);
    const { issues } = await checkFiles(request, { fetch: onlyRead });
    return issues.filter(({ path }) => !unread.has(path.join()));
  }

  /** @type {typeof fetch} */
  #fetch = async (input, init) => {
    const key = `${input} ${new Headers(init?.headers).get("range")}`;
    let answer = this.#answers.get(key);
    if (!answer) {
      answer = fetch(input, { ...init, signal: null, credentials: "omit", referrerPolicy: "no-referrer" });
      this.#answers.set(key, answer);
    }
    return (await answer).clone();
  };
}
