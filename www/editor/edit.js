// The difference of two texts as one edit.

/** @typedef {{ start: number, removed: number, inserted: string }} Edit */

/** @param {string} before @param {string} after @returns {Edit} */
export function editOf(before, after) {
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before[start] === after[start]) start++;
  let end = 0;
  while (end < shortest - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { start, removed: before.length - start - end, inserted: after.slice(start, after.length - end) };
}
