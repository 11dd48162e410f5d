/** @typedef {import("./index.js").Task} Task */
/** @typedef {(own: { signal: AbortSignal, onUpdate: (task: Task) => void }) => Promise<unknown>} Run */

/**
 * Turns a run that tells tasks as it sees them into an iterable of them. Each loop over it is a run of
 * its own, which begins with the loop and is stopped when the loop is left.
 * @implements {AsyncIterable<Task>}
 */
export class TaskIterable {
  #run;

  /** @param {Run} run */
  constructor(run) {
    this.#run = run;
  }

  [Symbol.asyncIterator]() {
    return new TaskIterator(this.#run);
  }
}

/**
 * By hand and not a generator: `return()` of a generator waits for the pending `next()`, and that may
 * take as long as the task does.
 * @implements {AsyncIterableIterator<Task>}
 */
class TaskIterator {
  /** What was told and not asked for yet. @type {Promise<IteratorResult<Task>>[]} */
  #told = [];
  /** Who asked for what was not told yet. @type {((result: Promise<IteratorResult<Task>>) => void)[]} */
  #asking = [];
  #ended = false;
  #stop = new AbortController();
  /** @type {Run | undefined} */
  #run;

  /** @param {Run} run */
  constructor(run) {
    this.#run = run;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** @returns {Promise<IteratorResult<Task>>} */
  next() {
    this.#begin();
    const told = this.#told.shift();
    if (told) return told;
    if (this.#ended) return Promise.resolve(END);
    return new Promise((resolve) => this.#asking.push(resolve));
  }

  /** @returns {Promise<IteratorResult<Task>>} */
  return() {
    this.#run = undefined;
    this.#told = [];
    this.#end();
    this.#stop.abort();
    return Promise.resolve(END);
  }

  #begin() {
    const run = this.#run;
    this.#run = undefined;
    const onUpdate = (/** @type {Task} */ value) => this.#tell(Promise.resolve({ value, done: false }));
    run?.({ signal: this.#stop.signal, onUpdate }).then(
      () => this.#end(),
      (error) => {
        if (this.#ended) return;
        const failed = Promise.reject(error);
        // Until somebody asks for it.
        failed.catch(() => {});
        this.#tell(failed);
        this.#end();
      },
    );
  }

  /** @param {Promise<IteratorResult<Task>>} result */
  #tell(result) {
    if (this.#ended) return;
    const asking = this.#asking.shift();
    if (asking) asking(result);
    else this.#told.push(result);
  }

  #end() {
    this.#ended = true;
    for (const asking of this.#asking.splice(0)) asking(Promise.resolve(END));
  }
}

const END = /** @type {const} */ ({ value: undefined, done: true });
