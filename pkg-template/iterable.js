/** @typedef {import("./index.js").Task} Task */
/** @typedef {import("./index.js").PollState} PollState */
/** @typedef {(task: Task, state: PollState, isFinal: boolean) => void} OnUpdate */
/** @typedef {{ signal: AbortSignal, onUpdate: OnUpdate, stop: AbortController }} Own */
/** @typedef {(own: Own) => Promise<unknown>} Run */
/** @typedef {(id: string) => void} Acknowledge */
/** @typedef {import("./index.js").Update} Update */

/**
 * Turns a run that reports tasks to a callback into an async iterable. Each loop starts a separate run, and exiting
 * the loop aborts it.
 * @param {Run} run
 * @param {Acknowledge} acknowledge called with the id of each final task that a loop took
 * @returns {import("./index.js").TaskIterable}
 */
export function iterate(run, acknowledge) {
  /** @type {Set<TaskIterator>} */
  const open = new Set();
  // Safari does not have `Symbol.asyncDispose` yet. There, `await using` uses this key when esbuild compiles it.
  /** @type {typeof Symbol.asyncDispose} */
  const asyncDispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
  return {
    [Symbol.asyncIterator]() {
      const iterator = new TaskIterator(run, acknowledge, () => open.delete(iterator));
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
 * @implements {AsyncIterableIterator<Update>}
 */
class TaskIterator {
  /** Results that nobody has asked for yet. @type {(() => Promise<IteratorResult<Update>>)[]} */
  #results = [];
  /** Calls of `next` that wait for a result. @type {((result: Promise<IteratorResult<Update>>) => void)[]} */
  #waiting = [];
  #ended = false;
  #stop = new AbortController();
  /** @type {Run | undefined} */
  #run;
  #acknowledge;
  #onEnd;

  /** @param {Run} run @param {Acknowledge} acknowledge @param {() => void} onEnd */
  constructor(run, acknowledge, onEnd) {
    this.#run = run;
    this.#acknowledge = acknowledge;
    this.#onEnd = onEnd;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** @returns {Promise<IteratorResult<Update>>} */
  next() {
    this.#begin();
    const result = this.#results.shift();
    if (result) return result();
    if (this.#ended) return Promise.resolve(END);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** @returns {Promise<IteratorResult<Update>>} */
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
    /** @type {OnUpdate} */
    const onUpdate = (task, state, isFinal) =>
      this.#emit(() => {
        if (isFinal) this.#acknowledge(task.id);
        return Promise.resolve({ value: withState(task, state), done: false });
      });
    run?.({ signal: this.#stop.signal, onUpdate, stop: this.#stop }).then(
      () => this.#end(),
      (error) => {
        if (this.#ended) return;
        const failed = Promise.reject(error);
        // Not an unhandled rejection while it waits for the next `next()`.
        failed.catch(() => {});
        this.#emit(() => failed);
        this.#end();
      },
    );
  }

  /** @param {() => Promise<IteratorResult<Update>>} result called when a loop takes it */
  #emit(result) {
    if (this.#ended) return;
    const waiting = this.#waiting.shift();
    if (waiting) waiting(result());
    else this.#results.push(result);
  }

  #end() {
    this.#ended = true;
    for (const waiting of this.#waiting.splice(0)) waiting(Promise.resolve(END));
    this.#onEnd();
  }
}

const END = /** @type {const} */ ({ value: undefined, done: true });

/**
 * Not enumerable, so that JSON and copies of a task stay what the API sent.
 * @param {Task} task
 * @param {PollState} state
 */
function withState(task, state) {
  return /** @type {Update} */ (Object.defineProperty(task, "state", { value: state, configurable: true }));
}

/**
 * The items of all pages, one page after the other.
 * @param {(page: number) => Promise<{ tasks: Task[], total: number }>} read
 * @param {number} [first]
 * @returns {AsyncGenerator<Task, void, undefined>}
 */
export async function* pages(read, first = 1) {
  let seen = 0;
  let last;
  for (let page = first; ; page++) {
    const { tasks, total } = await read(page);
    // A server that ignores `page` repeats the first one.
    if (page > first && tasks[0]?.id === last) return;
    last = tasks[0]?.id;
    yield* tasks;
    seen += tasks.length;
    // A server that does not report the total returns an empty page at the end.
    if (tasks.length === 0 || (first === 1 && seen >= (total || Infinity))) return;
  }
}
