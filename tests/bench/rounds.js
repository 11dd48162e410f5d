// Repeated runs in turn: what else the machine does meanwhile hits all alike. Each round begins one further on, since
// what ran before still cleans up.

/**
 * The median of each subject, in rounds of one run each.
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
    const from = round % subjects.length;
    for (const subject of [...subjects.slice(from), ...subjects.slice(0, from)])
      values.get(subject.name)?.push(await measure(subject));
  }
  return Object.fromEntries([...values].map(([name, measured]) => [name, median(measured)]));
}

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[sorted.length >> 1];
}
