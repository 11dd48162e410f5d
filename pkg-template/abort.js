/**
 * The outcome of work, or a rejection with the reason of the signal as soon as it is aborted.
 * @template T
 * @param {T | PromiseLike<T>} work
 * @param {AbortSignal | undefined} signal any other value is left to the check of options
 * @returns {Promise<T>}
 */
export function unlessAborted(work, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener?.("abort", abort, { once: true });
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => signal?.removeEventListener?.("abort", abort));
  });
}
