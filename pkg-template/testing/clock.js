/**
 * The time of tasks. Ages are computed on each read.
 *
 * @typedef {object} Clock
 * @property {() => number} now milliseconds since 1970
 * @property {boolean} isReal whether timers agree with it
 * @property {(since: number) => number} age emulated seconds since a time
 * @property {(since: number, seconds: number) => number} after the time that many emulated seconds later
 * @property {(seconds: number) => number} real the seconds of `now` that these emulated seconds take
 */

/**
 * @param {Pick<import("../testing.js").EmulatorOptions, "now" | "speed">} options
 * @returns {Clock}
 */
export function createClock({ now, speed = 1 }) {
  if (!(speed > 0 && speed < Infinity)) throw new TypeError(`speed must be a number above 0, got ${speed}`);
  const read = now ?? (() => Date.now());
  return {
    now: read,
    isReal: now === undefined,
    age: (since) => ((read() - since) / 1000) * speed,
    after: (since, seconds) => since + (seconds * 1000) / speed,
    real: (seconds) => seconds / speed,
  };
}

/**
 * Lets the process exit before a timer fires (Node and Bun).
 *
 * @param {unknown} timer
 */
export function unref(timer) {
  /** @type {any} */ (timer).unref?.();
}

/**
 * Waits in real time. An abort does not end it, just as a client that disconnects
 * does not stop a server. It only lets the process exit earlier.
 *
 * @param {number} ms
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<void>}
 */
export function pause(ms, signal) {
  return new Promise((resolve) => {
    const release = () => unref(timer);
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", release);
      resolve();
    }, ms);
    if (signal?.aborted) release();
    signal?.addEventListener("abort", release, { once: true });
  });
}
