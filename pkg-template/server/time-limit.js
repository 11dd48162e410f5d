/** How long a body, or a function of the options, may take. */
const maxMs = 30_000;
export const maxSeconds = maxMs / 1000;

/**
 * A time limit that starts now, for everything that is done during it.
 * @param {() => Error} createError what it ends with
 */
export function timeLimit(createError) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(createError()), maxMs);
  });
  late.catch(() => {});
  return {
    /** @template T @param {Promise<T>} work @returns {Promise<T>} */
    during: (work) => /** @type {Promise<T>} */ (Promise.race([work, late])),
    stop: () => clearTimeout(timer),
  };
}
