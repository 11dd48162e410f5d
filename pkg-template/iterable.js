/** @typedef {import("./index.js").Task} Task */
/** @typedef {(own: { signal: AbortSignal, onUpdate: (task: Task) => void }) => Promise<unknown>} Run */

/**
 * Turns a run that reports tasks to a callback into an async iterable. Each loop starts a separate run, and exiting
 * the loop aborts it.
 * @param {Run} run
 * @returns {import("./index.js").TaskIterable}
 */
export function iterate(run) {
  /** @type {Set<TaskIterator>} */
  const open = new Set();
  // Safari has no `Symbol.asyncDispose` yet. `await using`, as esbuild compiles it, looks for this key there.
  /** @type {typeof Symbol.asyncDispose} */
  const asyncDispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
  return {
    [Symbol.asyncIterator]() {
      const iterator = new TaskIterator(run, () => open.delete(iterator));
      open.add(iterator);
      return iterator;
    },
    async [asyncDispose]() {
      for (const iterator of open) iterator.return();
    },
  };
}

/**
 * Not a generator: `return()` of a generator waits for the pending `next()`, which can take as long as the
 * task does.
 * @implements {AsyncIterableIterator<Task>}
 */
class TaskIterator {
  /** Results that nobody has asked for yet. @type {Promise<IteratorResult<Task>>[]} */
  #results = [];
  /** Calls of `next` that wait for a result. @type {((result: Promise<IteratorResult<Task>>) => void)[]} */
  #waiting = [];
  #ended = false;
  #stop = new AbortController();
  /** @type {Run | undefined} */
  #run;
  #onEnd;

  /** @param {Run} run @param {() => void} onEnd */
  constructor(run, onEnd) {
    this.#run = run;
    this.#onEnd = onEnd;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** @returns {Promise<IteratorResult<Task>>} */
  next() {
    this.#begin();
    const result = this.#results.shift();
    if (result) return result;
    if (this.#ended) return Promise.resolve(END);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** @returns {Promise<IteratorResult<Task>>} */
  return() {
    this.#run = undefined;
    this.#results = [];
    this.#end();
    this.#stop.abort();
    return Promise.resolve(END);
  }

  #begin() {
    const run = this.#run;
    this.#run = undefined;
    const onUpdate = (/** @type {Task} */ value) => this.#emit(Promise.resolve({ value, done: false }));
    run?.({ signal: this.#stop.signal, onUpdate }).then(
      () => this.#end(),
      (error) => {
        if (this.#ended) return;
        const failed = Promise.reject(error);
        // Not an unhandled rejection while it waits for the next `next()`.
        failed.catch(() => {});
        this.#emit(failed);
        this.#end();
      },
    );
  }

  /** @param {Promise<IteratorResult<Task>>} result */
  #emit(result) {
    if (this.#ended) return;
    const waiting = this.#waiting.shift();
    if (waiting) waiting(result);
    else this.#results.push(result);
  }

  #end() {
    this.#ended = true;
    for (const waiting of this.#waiting.splice(0)) waiting(Promise.resolve(END));
    this.#onEnd();
  }
}

const END = /** @type {const} */ ({ value: undefined, done: true });
