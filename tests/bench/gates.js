// Budgets that a benchmark must not exceed. A missed one fails `npm run bench`.

/**
 * @param {string} what
 * @param {number} value
 * @param {number} limit
 * @param {string} [unit]
 * @returns {string[]} the problem, if the value exceeds the limit
 */
export function exceeds(what, value, limit, unit = "") {
  return value <= limit
    ? []
    : [`${what}: ${value.toFixed(2)}${unit}, but at most ${limit}${unit} is allowed.`];
}
