import { compute, start } from "./engine.js";
import { TaskIterable } from "./iterable.js";

/**
 * The methods carry to Rust, which decides. The options are read there anew for each call, so that no
 * key lives in the module's memory between calls.
 * @implements {Client}
 * @typedef {import("./index.js").VideoClient} Client
 */
export class VideoClient {
  // Private, so that no log and no JSON shows the key.
  /** @type {unknown} */
  #options;

  /** @param {ConstructorParameters<typeof import("./index.js").VideoClient>[0]} options */
  constructor(options) {
    compute("CheckOptions", options ?? {});
    this.#options = Object.freeze({ ...options });
  }

  /** @type {Client["prepare"]} */
  prepare(request) {
    return compute("Prepare", this.#options, request);
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
    return new TaskIterable((own) => start("Watch", this.#options, task, options, own));
  }

  /** @type {Client["waitAll"]} */
  waitAll(ids, options) {
    return start("WaitAll", this.#options, ids, options);
  }

  /** @type {Client["watchAll"]} */
  watchAll(ids, options) {
    return new TaskIterable((own) => start("WaitAll", this.#options, ids, options, own));
  }

  /** @type {Client["resume"]} */
  resume(options) {
    return new TaskIterable((own) => start("Resume", this.#options, undefined, options, own));
  }

  /** @type {Client["generate"]} */
  generate(request, options) {
    return start("Generate", this.#options, request, options);
  }
}
