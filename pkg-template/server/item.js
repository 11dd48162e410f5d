// Changes of single items of a store: atomic if the store supports it, otherwise one after the other in this process.
import { ConfigurationError } from "../errors.js";

/** @typedef {import("../server.js").AtomicStore} Store */
/** @typedef {(old: string | null) => string | null} Change may be called several times; `null` removes the item */

/** If a change takes longer, its request has died, or its store hangs. */
const maxMs = 5_000;

/**
 * The changes in progress. By store, since several budgets may share one.
 * @type {WeakMap<Store, Map<string, { since: number }>>}
 */
const changesOfStores = new WeakMap();

/**
 * Changes an item, when no other change of it is in progress in this process: even with `update`, which would otherwise
 * try again and again where many requests change one item.
 * @param {Store} store
 * @param {string} key
 * @param {Change} change
 */
export async function changeItem(store, key, change) {
  const changes = changesOfStores.get(store) ?? new Map();
  changesOfStores.set(store, changes);
  // Not a chain of promises: in a Worker, a request must not wait for a promise of another one, which may be stopped.
  while (Date.now() - (changes.get(key)?.since ?? 0) < maxMs) await pause(2);
  const own = { since: Date.now() };
  changes.set(key, own);
  try {
    await perform(store, key, change);
  } finally {
    if (changes.get(key) === own) changes.delete(key);
  }
}

/** @param {number} ms */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {Store} store @param {string} key @param {Change} change */
async function perform(store, key, change) {
  if (typeof store.update === "function") {
    await store.update(key, change);
    return;
  }
  const old = (await store.getItem(key)) ?? null;
  if (old !== null && typeof old !== "string")
    throw new TypeError("`store.getItem()` must return a string or null.");
  const item = change(old);
  if (item === old) return;
  if (item === null) await store.removeItem(key);
  else await store.setItem(key, item);
}

/** @param {unknown} store */
export function checkStore(store) {
  const { getItem, setItem, removeItem, update } = /** @type {any} */ (store ?? {});
  if (![getItem, setItem, removeItem].every((method) => typeof method === "function"))
    throw new ConfigurationError(
      "The option `store` must be an object with the methods getItem, setItem and removeItem.",
    );
  if (update !== undefined && typeof update !== "function")
    throw new ConfigurationError("The method `update` of the option `store` must be a function.");
}
