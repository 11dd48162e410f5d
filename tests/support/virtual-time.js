// A clock that jumps from timer to timer, so that a test neither waits nor depends on how busy the machine is.

/** Turns of the event loop without work in them, after which the process can only be waiting for a timer. */
const idleTurns = 3;

/**
 * Replaces the timers and `Date.now` of this process until the test ends. Time passes only while nothing else is to be
 * done: WebCrypto, which works in threads, counts as work.
 * @param {import("node:test").TestContext} t
 */
export function useVirtualTime(t) {
  const { setImmediate: turn } = globalThis;
  let now = Date.now();
  let lastId = 0;
  let working = 0;
  let isOver = false;
  /** @type {Map<number, { at: number, run: () => void }>} */
  const timers = new Map();

  t.mock.method(Date, "now", () => now);
  t.mock.method(
    globalThis,
    "setTimeout",
    (/** @type {(...args: unknown[]) => void} */ run, ms = 0, /** @type {unknown[]} */ ...args) => {
      timers.set(++lastId, { at: now + Math.max(Number(ms) || 0, 1), run: () => run(...args) });
      return lastId;
    },
  );
  t.mock.method(globalThis, "clearTimeout", (/** @type {number} */ id) => void timers.delete(id));
  const { subtle } = crypto;
  for (const name of /** @type {const} */ (["sign", "digest", "importKey"])) {
    const method = /** @type {(...args: unknown[]) => Promise<unknown>} */ (subtle[name]).bind(subtle);
    t.mock.method(subtle, name, async (/** @type {unknown[]} */ ...args) => {
      working++;
      try {
        return await method(...args);
      } finally {
        working--;
        watch();
      }
    });
  }

  let idle = 0;
  let isWatching = false;
  const pass = () => {
    isWatching = false;
    idle = working === 0 ? idle + 1 : 0;
    if (idle > idleTurns) {
      idle = 0;
      runNext();
    }
    watch();
  };
  // Not while a thread works: on a busy machine this one would take its time.
  const watch = () => {
    if (isWatching || isOver || working > 0) return;
    isWatching = true;
    turn(pass);
  };
  const runNext = () => {
    /** @type {[id: number, timer: { at: number, run: () => void }] | undefined} */
    let next;
    for (const entry of timers) if (!next || entry[1].at < next[1].at) next = entry;
    if (!next) return;
    timers.delete(next[0]);
    now = Math.max(now, next[1].at);
    next[1].run();
  };
  watch();
  t.after(() => (isOver = true));
}
