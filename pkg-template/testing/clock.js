/**
 * The time of tasks. There are no timers: ages are computed on each read.
 *
 * @typedef {object} Clock
 * @property {() => number} now milliseconds since 1970
 * @property {(since: number) => number} age emulated seconds since a time
 * @property {(since: number, seconds: number) => number} after the time that many emulated seconds later
 */

/**
 * @param {Pick<import("../testing.js").EmulatorOptions, "now" | "speed">} options
 * @returns {Clock}
 */
export function createClock({ now = () => Date.now(), speed = 1 }) {
  if (!(speed > 0 && speed < Infinity)) throw new TypeError(`speed must be a number above 0, got ${speed}`);
  return {
    now,
    age: (since) => ((now() - since) / 1000) * speed,
    after: (since, seconds) => since + (seconds * 1000) / speed,
  };
}

/**
 * Waits in real time. An abort does not end it, just as a client that disconnects
 * does not stop a server. It only lets the process exit earlier (Node and Bun).
 *
 * @param {number} ms
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<void>}
 */
export function pause(ms, signal) {
  return new Promise((resolve) => {
    const unref = () => /** @type {any} */ (timer).unref?.();
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", unref);
      resolve();
    }, ms);
    signal?.addEventListener("abort", unref, { once: true });
  });
}
