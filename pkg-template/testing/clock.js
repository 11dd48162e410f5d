/**
 * Time as tasks see it: nothing runs, ages are computed when somebody looks.
 *
 * @typedef {object} Clock
 * @property {() => number} now milliseconds since 1970
 * @property {(since: number) => number} age emulated seconds since a time
 * @property {(since: number, seconds: number) => number} after the time that is so many emulated seconds later
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
 * Waits in real time. An abort does not end it, as a caller who hangs up does
 * not stop a server; it only lets the process end before (Node and Bun).
 *
 * @param {number} ms
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<void>}
 */
export function pause(ms, signal) {
  return new Promise((resolve) => {
    const letGo = () => /** @type {any} */ (timer).unref?.();
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", letGo);
      resolve();
    }, ms);
    signal?.addEventListener("abort", letGo, { once: true });
  });
}
