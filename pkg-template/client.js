import { compute, start } from "./engine.js";
import { iterate } from "./iterable.js";

/** @typedef {import("./index.js").VideoClient} Client */

/**
 * Each method passes its arguments to Rust. The options are checked once. The key is passed with each call, so that
 * it does not stay in the module's memory between calls.
 * @implements {Client}
 */
export class VideoClient {
  // Private: logs and JSON must not show the key. `client` in src/npm/client.rs reads it.
  /** @type {unknown[]} */
  #setup;

  /** @param {ConstructorParameters<typeof import("./index.js").VideoClient>[0]} options */
  constructor(options) {
    const config = compute("checkOptions", options ?? {});
    const { apiKey, fetch, store, onEvent } = options;
    this.#setup = [config, apiKey, fetch, store, onEvent];
  }

  /** @type {Client["prepare"]} */
  prepare(request, options) {
    return compute("prepare", this.#setup, request, options);
  }

  /** @type {Client["submit"]} */
  submit(request, options) {
    return start("submit", this.#setup, request, options);
  }

  /** @type {Client["retrieve"]} */
  retrieve(taskId, options) {
    return start("retrieve", this.#setup, taskId, options);
  }

  /** @type {Client["poll"]} */
  poll(state, options) {
    return start("poll", this.#setup, state, options);
  }

  /** @type {Client["wait"]} */
  wait(task, options) {
    return start("wait", this.#setup, task, options);
  }

  /** @type {Client["watch"]} */
  watch(task, options) {
    return this.#iterate("watch", task, options);
  }

  /** @type {Client["waitAll"]} */
  waitAll(ids, options) {
    return start("waitAll", this.#setup, ids, options);
  }

  /** @type {Client["watchAll"]} */
  watchAll(ids, options) {
    return this.#iterate("waitAll", ids, options);
  }

  /** @type {Client["resume"]} */
  resume(options) {
    return this.#iterate("resume", undefined, options);
  }

  /** @type {Client["pending"]} */
  pending(options) {
    return start("pending", this.#setup, undefined, options);
  }

  /** @type {Client["forget"]} */
  forget(id, options) {
    return start("forget", this.#setup, id, options);
  }

  /** @type {Client["generate"]} */
  generate(request, options) {
    return start("generate", this.#setup, request, options);
  }

  /**
   * @param {Parameters<typeof start>[0]} operation
   * @param {unknown} subject
   * @param {unknown} options
   */
  #iterate(operation, subject, options) {
    return iterate(
      (own) => start(operation, this.#setup, subject, options, own),
      (id) => void start("acknowledge", this.#setup, id, undefined),
    );
  }
}
