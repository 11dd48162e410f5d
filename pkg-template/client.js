import { compute, start } from "./engine.js";
import { iterate } from "./iterable.js";

/** @typedef {import("./index.js").VideoClient} Client */

/**
 * Each method passes its arguments to Rust. Rust reads the client's options on every call, so that the key
 * does not stay in the module's memory between calls.
 * @implements {Client}
 */
export class VideoClient {
  // Private: logs and JSON must not show the key.
  /** @type {unknown} */
  #options;

  /** @param {ConstructorParameters<typeof import("./index.js").VideoClient>[0]} options */
  constructor(options) {
    compute("CheckOptions", options ?? {});
    this.#options = Object.freeze({ ...options });
  }

  /** @type {Client["prepare"]} */
  prepare(request, options) {
    return compute("Prepare", this.#options, request, options);
  }

  /** @type {Client["submit"]} */
  submit(request, options) {
    return start("Submit", this.#options, request, options);
  }

  /** @type {Client["retrieve"]} */
  retrieve(taskId, options) {
    return start("Retrieve", this.#options, taskId, options);
  }

  /** @type {Client["poll"]} */
  poll(state, options) {
    return start("Poll", this.#options, state, options);
  }

  /** @type {Client["wait"]} */
  wait(task, options) {
    return start("Wait", this.#options, task, options);
  }

  /** @type {Client["watch"]} */
  watch(task, options) {
    return iterate((own) => start("Watch", this.#options, task, options, own));
  }

  /** @type {Client["waitAll"]} */
  waitAll(ids, options) {
    return start("WaitAll", this.#options, ids, options);
  }

  /** @type {Client["watchAll"]} */
  watchAll(ids, options) {
    return iterate((own) => start("WaitAll", this.#options, ids, options, own));
  }

  /** @type {Client["resume"]} */
  resume(options) {
    return iterate((own) => start("Resume", this.#options, undefined, options, own));
  }

  /** @type {Client["generate"]} */
  generate(request, options) {
    return start("Generate", this.#options, request, options);
  }
}
