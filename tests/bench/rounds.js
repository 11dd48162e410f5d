// Runs subjects in turn, so that other load of the machine affects all equally. Each round starts with another subject,
// because a run can be affected by the cleanup of the previous one.

/**
 * Measures each subject once per round, and returns the medians.
 * @template {{ name: string }} Subject
 * @param {number} rounds
 * @param {readonly Subject[]} subjects
 * @param {(subject: Subject) => number | Promise<number>} measure
 * @returns {Promise<Record<string, number>>} by name
 */
export async function medians(rounds, subjects, measure) {
  /** @type {Map<string, number[]>} */
  const values = new Map(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const offset = round % subjects.length;
    for (const subject of [...subjects.slice(offset), ...subjects.slice(0, offset)])
      values.get(subject.name)?.push(await measure(subject));
  }
  return Object.fromEntries([...values].map(([name, measured]) => [name, median(measured)]));
}

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[sorted.length >> 1];
}
