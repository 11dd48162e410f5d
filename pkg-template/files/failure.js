import { createError } from "../errors.js";

/** @param {string} message */
export const invalidOption = (message) =>
  createError({
    name: "ConfigurationError",
    code: "invalid_option",
    message,
    retryable: false,
    charged: "no",
  });

/**
 * @param {string} code
 * @param {string} message
 * @param {unknown} cause
 */
export const failure = (code, message, cause) =>
  createError({ name: "ConnectionError", code, message, retryable: true, charged: "no", cause });

/**
 * Rejects with the reason of the signal as soon as it is aborted.
 * @template T
 * @param {T | PromiseLike<T>} work
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<T>}
 */
export function unlessAborted(work, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => signal?.removeEventListener("abort", abort));
  });
}
