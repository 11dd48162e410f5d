import { unref } from "./clock.js";

/**
 * Calls a function when the clock reaches given times. It does not keep a process alive.
 *
 * @typedef {object} Alarm
 * @property {(time: number) => void} set milliseconds since 1970
 * @property {() => void} stop
 */

/** The longest delay of a timer. */
const maxDelayMs = 2 ** 31 - 1;

/**
 * @param {import("./clock.js").Clock} clock
 * @param {() => void} ring
 * @returns {Alarm}
 */
export function createAlarm(clock, ring) {
  /** @type {Set<ReturnType<typeof setTimeout>>} */
  const timers = new Set();

  /** @param {number} time */
  function set(time) {
    // A timer does not follow a clock that a test moves.
    if (!clock.isReal) return;
    const delayMs = Math.min(Math.max(time - clock.now(), 0), maxDelayMs);
    const timer = setTimeout(() => {
      timers.delete(timer);
      // A timer may fire early, and a long delay needs several.
      if (clock.now() < time) set(time);
      else ring();
    }, delayMs);
    unref(timer);
    timers.add(timer);
  }

  return {
    set,
    stop() {
      timers.forEach((timer) => clearTimeout(timer));
      timers.clear();
    },
  };
}
