/**
 * Callbacks with their due times. Only `deliver` sends them.
 *
 * @typedef {object} CallbackQueue
 * @property {import("../testing.js").Callback[]} callbacks
 * @property {(url: string, task: Record<string, unknown>, due: number) => void} add
 * @property {() => Promise<void>} deliver sends due callbacks; resolves when none is in flight
 */

/** [doc] The delays before each retry, in emulated seconds. */
const retryDelays = [1, 2, 4];

/** [doc] The timeout of a receiver, in real milliseconds. */
const callbackTimeoutMs = 10_000;

/**
 * @param {typeof fetch | undefined} send
 * @param {import("./clock.js").Clock} clock
 * @param {(due: number) => void} onRetry called with the time of each retry
 * @returns {CallbackQueue}
 */
export function createCallbackQueue(send, clock, onRetry) {
  /** @type {import("../testing.js").Callback[]} */
  const callbacks = [];
  /** @type {{ callback: import("../testing.js").Callback, due: number }[]} */
  let waiting = [];
  /** @type {Set<Promise<void>>} */
  const inFlight = new Set();

  /**
   * @param {typeof fetch} send
   * @param {import("../testing.js").Callback} callback
   */
  async function attempt(send, callback) {
    const time = clock.now();
    const status = await post(send, callback.url, callback.task);
    callback.attempts.push({ time, status });
    callback.delivered = status !== null && status >= 200 && status < 300;
    const wait = retryDelays[callback.attempts.length - 1];
    if (callback.delivered || wait === undefined) return;
    const due = clock.after(time, wait);
    waiting.push({ callback, due });
    onRetry(due);
  }

  return {
    callbacks,

    add(url, task, due) {
      const callback = { url, task, attempts: [], delivered: false };
      callbacks.push(callback);
      waiting.push({ callback, due });
    },

    async deliver() {
      if (send === undefined) return;
      const isDue = (/** @type {{ due: number }} */ { due }) => due <= clock.now();
      const ready = waiting.filter(isDue);
      waiting = waiting.filter((each) => !ready.includes(each));
      for (const { callback } of ready) {
        const sent = attempt(send, callback).finally(() => inFlight.delete(sent));
        inFlight.add(sent);
      }
      await Promise.all(inFlight);
    },
  };
}

/**
 * @param {typeof fetch} send
 * @param {string} url
 * @param {Record<string, unknown>} task
 * @returns {Promise<number | null>} the status of the response, or `null` if there was none
 */
async function post(send, url, task) {
  try {
    const response = await send(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(task),
      signal: AbortSignal.timeout(callbackTimeoutMs),
    });
    return response.status;
  } catch {
    return null;
  }
}
