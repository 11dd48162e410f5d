/** [doc] The start of every task id. */
export const taskIdPrefix = "task-unified-";

/**
 * @param {number} created milliseconds since 1970
 * @param {number} sequence
 */
export const taskId = (created, sequence) =>
  `${taskIdPrefix}${Math.floor(created / 1000)}-${idSuffix(sequence)}`;

/** @param {number} sequence */
export const fileId = (sequence) => `file_${idSuffix(sequence)}`;

/**
 * [ref] Eight letters and digits. They depend on the sequence number alone, so that runs are reproducible.
 *
 * @param {number} sequence
 */
function idSuffix(sequence) {
  // Multiplying by an odd factor modulo 2^40 is a permutation, so that all ids are distinct.
  const mixed = (BigInt(sequence) * 0x9e3779b97fn) % (1n << 40n);
  return mixed.toString(36).padStart(8, "0");
}
