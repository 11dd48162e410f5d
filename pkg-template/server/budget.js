// What users may spend in a sliding window. An order counts once, by its key, however often it is repeated.
import { ConfigurationError } from "../errors.js";
import { digest, shardOf } from "./digest.js";
import { changeItem, checkStore } from "./item.js";
import { checkNames } from "./options.js";

/** @typedef {import("../server.js").BudgetOptions} Options */
/** @typedef {import("../server.js").AtomicStore} Store */
/** @typedef {import("../server.js").BudgetLimit} Limit */
/** @typedef {{ credits: number, time: number, holders: number }} Entry */
/** @typedef {Map<string, Entry>} Entries by digests of the user and the key */

const prefix = "evolink-video:budget:";
/** Not JSON, because some storages parse JSON and return an object. */
const header = "evolink-video budget 1";
/** Sums of fractions are not exact. */
const tolerance = 1e-6;

/** @type {typeof import("../server.js").createBudget} */
export function createBudget(options) {
  const { store, perUser, total, unpriced } = options ?? {};
  checkNames("`createBudget`", options, ["store", "perUser", "total", "unpriced"]);
  checkStore(store);
  checkLimit("perUser", perUser);
  if (total !== undefined) checkLimit("total", total);
  if (unpriced !== undefined && !isCredits(unpriced))
    throw new ConfigurationError(
      `The option \`unpriced\` must be a number of credits, 0 or more, but it is ${String(unpriced)}.`,
    );
  const users = createLedger(store, perUser);
  const all = total && createLedger(store, total);
  return async ({ user, key, credits }) => {
    const counted = isCredits(credits) ? credits : unpriced;
    if (counted === undefined) return false;
    const owner = await digest("user", user);
    const item = prefix + shardOf(owner);
    const group = `${owner.slice(0, 22)}.`;
    const entry = group + (await digest("key", user, key)).slice(0, 22);
    if (!(await users.hold(item, group, entry, counted))) return false;
    try {
      if (all && !(await all.hold(`${prefix}total`, "", entry, counted))) {
        await users.release(item, entry);
        return false;
      }
    } catch (error) {
      await users.release(item, entry).catch(() => {});
      throw error;
    }
    /** @type {Promise<unknown> | undefined} */
    let released;
    return {
      // Only once, even if it is called twice.
      release: async () => {
        released ??= Promise.all([users.release(item, entry), all?.release(`${prefix}total`, entry)]);
        await released;
      },
    };
  };
}

/**
 * Counts the orders of the items of one limit.
 * @param {Store} store
 * @param {Limit} limit
 */
function createLedger(store, limit) {
  const own = createMemory(limit.windowMs);
  const isAtomic = typeof store.update === "function";

  /** @param {string} item @param {string | null} text @param {number} now */
  function read(item, text, now) {
    const entries = parse(item, text);
    for (const [key, entry] of own.of(item)) if (!entries.has(key)) entries.set(key, entry);
    for (const [key, { time }] of entries) if (time <= now - limit.windowMs) entries.delete(key);
    return entries;
  }

  return {
    /**
     * Adds a holder of an order. Returns whether it is within the limit.
     * @param {string} item
     * @param {string} group what the keys begin with that the limit is for
     * @param {string} key
     * @param {number} credits
     */
    async hold(item, group, key, credits) {
      let isWithin = false;
      /** @param {string | null} old */
      const change = (old) => {
        const now = Date.now();
        const entries = read(item, old, now);
        const known = entries.get(key);
        // A key may come again with a more expensive request, if the first did not reach the API.
        const counted = Math.max(credits, known?.credits ?? 0);
        let sum = counted;
        for (const [other, entry] of entries)
          if (other !== key && other.startsWith(group)) sum += entry.credits;
        isWithin = counted === known?.credits || sum <= limit.credits + tolerance;
        if (!isWithin) return old;
        const entry = { credits: counted, time: known?.time ?? now, holders: (known?.holders ?? 0) + 1 };
        entries.set(key, entry);
        if (!isAtomic) own.add(item, key, entry);
        return format(entries);
      };
      try {
        await changeItem(store, item, change);
      } catch (error) {
        if (isWithin) own.remove(item, key);
        throw error;
      }
      return isWithin;
    },

    /** @param {string} item @param {string} key */
    async release(item, key) {
      await changeItem(store, item, (old) => {
        const entries = read(item, old, Date.now());
        const entry = entries.get(key);
        if (entry && entry.holders > 1) entries.set(key, { ...entry, holders: entry.holders - 1 });
        else entries.delete(key);
        own.remove(item, key);
        return format(entries);
      });
    },
  };
}

/**
 * The orders that this process holds. Without `update`, another process may overwrite an item with an older value. The
 * next change then adds them again, so that one process alone never exceeds the limit.
 * @param {number} windowMs
 */
function createMemory(windowMs) {
  /** @type {Map<string, Entries>} */
  const items = new Map();
  /** @type {Entries} */
  const none = new Map();
  let sweptAt = 0;

  /** @param {number} now */
  function sweep(now) {
    if (now - sweptAt < windowMs) return;
    sweptAt = now;
    for (const [item, entries] of items) {
      for (const [key, { time }] of entries) if (time <= now - windowMs) entries.delete(key);
      if (entries.size === 0) items.delete(item);
    }
  }

  return {
    /** @param {string} item */
    of: (item) => items.get(item) ?? none,
    /** @param {string} item @param {string} key @param {Entry} entry with the holders of all processes */
    add(item, key, entry) {
      sweep(Date.now());
      const entries = items.get(item) ?? new Map();
      items.set(item, entries);
      entries.set(key, { ...entry, holders: (entries.get(key)?.holders ?? 0) + 1 });
    },
    /** @param {string} item @param {string} key */
    remove(item, key) {
      const entries = items.get(item);
      const entry = entries?.get(key);
      if (entry && entry.holders > 1) entries?.set(key, { ...entry, holders: entry.holders - 1 });
      else entries?.delete(key);
      if (entries?.size === 0) items.delete(item);
    },
  };
}

/** @param {Entries} entries */
function format(entries) {
  if (entries.size === 0) return null;
  const lines = [...entries].map(
    ([key, { credits, time, holders }]) => `${key} ${credits} ${time} ${holders}`,
  );
  return [header, ...lines].join("\n");
}

/** @param {string} item @param {string | null} text @returns {Entries} */
function parse(item, text) {
  const [first, ...lines] = text?.split("\n") ?? [header];
  const entries = lines.map((line) => {
    const [key, credits, time, holders] = line.split(" ");
    return /** @type {const} */ ([
      key,
      { credits: Number(credits), time: Number(time), holders: Number(holders) },
    ]);
  });
  // An unreadable item must not count as an unspent budget.
  if (first !== header || entries.some(([, entry]) => !Object.values(entry).every(Number.isFinite)))
    throw new ConfigurationError(`The item "${item}" of the store is not a budget of this version.`, {
      code: "store_failed",
    });
  return new Map(entries);
}

/** @param {string} name @param {Limit} limit */
function checkLimit(name, limit) {
  const { credits, windowMs } = limit ?? {};
  checkNames(`The option \`${name}\``, limit, ["credits", "windowMs"]);
  if (!isCredits(credits))
    throw new ConfigurationError(
      `The option \`${name}.credits\` must be a number of credits, 0 or more, but it is ${String(credits)}.`,
    );
  if (!isCredits(windowMs) || windowMs === 0)
    throw new ConfigurationError(
      `The option \`${name}.windowMs\` must be a number of milliseconds, but it is ${String(windowMs)}.`,
    );
}

/** @param {unknown} value @returns {value is number} */
const isCredits = (value) => typeof value === "number" && Number.isFinite(value) && value >= 0;
