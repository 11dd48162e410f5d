// What a Durable Object stores for `videoAlarm`: orders, tasks, and when each is due, in keys that sort by time.

/** @typedef {import("../cloudflare.js").DurableStorage} Storage */
/** @typedef {import("../index.js").Task} Task */
/** @typedef {import("../index.js").PollState} PollState */

/**
 * An order. Once it has a task, it is kept without its request, so that its key is never charged again.
 * @typedef {{ ref: unknown, since: number, request?: import("../index.js").VideoRequest, tries?: number, due?: string,
 *   taskId?: string }} Order
 */

/**
 * A followed task. `due` is its key in the index.
 * @typedef {{ id: string, ref: unknown, since: number, target: string | Task | PollState, state: PollState | null,
 *   task: Task | null, tries: number, due: string | null, error?: object }} Followed
 */

/** @typedef {"submit" | "deliver" | "drop"} Work */

const prefix = "evolink-video:";
const reads = `${prefix}read:`;
const works = `${prefix}work:`;
export const orderKey = (/** @type {string} */ digest) => `${prefix}order:${digest}`;
export const taskKey = (/** @type {string} */ id) => `${prefix}task:${id}`;

/** The digits of a time in milliseconds until the year 5138. @param {number} ms */
const digits = (ms) => String(Math.ceil(ms)).padStart(14, "0");

/** @param {number} at @param {string} id */
export const readAt = (at, id) => `${reads}${digits(at)}:${id}`;
/** @param {number} at @param {Work} work @param {string} id */
export const workAt = (at, work, id) => `${works}${digits(at)}:${work}:${id}`;

/** @param {string} due a key of the index */
export function parseDue(due) {
  const [, , time, ...rest] = due.split(":");
  return { at: Number(time), id: rest.slice(due.startsWith(works) ? 1 : 0).join(":"), work: rest[0] };
}

// One batch read of the API.
const GROUP = 50;
// A task waits for others that are due soon, so that they share a read.
const SLACK_MS = 5_000;

/**
 * The tasks to read next, with one call, and when: once the last of those is due that are within seconds of the first.
 * @param {Storage} storage
 * @param {number} now
 */
export async function nextReads(storage, now) {
  const dues = [...(await storage.list({ prefix: reads, limit: GROUP })).keys()];
  if (dues.length === 0) return null;
  const until = Math.max(parseDue(dues[0]).at + SLACK_MS, now);
  const group = dues.filter((due) => parseDue(due).at <= until);
  return { at: parseDue(/** @type {string} */ (group.at(-1))).at, dues: group };
}

/** What else is due by then. @param {Storage} storage @param {number} now */
export async function dueWorks(storage, now) {
  const due = await storage.list({ prefix: works, end: `${works}${digits(now + 1)}`, limit: GROUP });
  return [...due.keys()];
}

/** When something is due next; `null` if nothing is. @param {Storage} storage @param {number} now */
export async function nextTime(storage, now) {
  const group = await nextReads(storage, now);
  const [work] = (await storage.list({ prefix: works, limit: 1 })).keys();
  const times = [group?.at, work === undefined ? undefined : parseDue(work).at].filter(
    (at) => at !== undefined,
  );
  return times.length > 0 ? Math.min(...times) : null;
}

/**
 * Stores records and moves their place in the index, all or nothing.
 * @param {Storage} storage
 * @param {Record<string, Order | Followed>} records by their keys
 * @param {Iterable<string | null | undefined>} [obsolete] further keys to delete
 */
export function write(storage, records, obsolete = []) {
  return storage.transaction(async (transaction) => {
    const keys = Object.keys(records);
    const earlier = keys.length > 0 ? await transaction.get(keys) : new Map();
    const added = Object.values(records).flatMap(({ due }) => (due ? [[due, 1]] : []));
    const dues = keys.map((key) => /** @type {any} */ (earlier.get(key))?.due);
    const deleted = [...new Set([...dues, ...obsolete])]
      .filter((key) => key)
      .filter((key) => !added.some(([due]) => due === key));
    if (deleted.length > 0) await transaction.delete(/** @type {string[]} */ (deleted));
    if (keys.length > 0) await transaction.put({ ...records, ...Object.fromEntries(added) });
  });
}
