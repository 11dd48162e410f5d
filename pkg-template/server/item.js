// Changes of single items of a store: atomic if the store can do it, else one after the other in this process.
import { ConfigurationError } from "../errors.js";

/** @typedef {import("../server.js").AtomicStore} Store */
/** @typedef {(old: string | null) => string | null} Change may be called several times; `null` removes the item */

/**
 * The last change of each item that is in progress. By store, since several budgets may share one.
 * @type {WeakMap<Store, Map<string, Promise<unknown>>>}
 */
const changesOfStores = new WeakMap();

/**
 * Changes an item, after all earlier changes of it in this process.
 * @param {Store} store
 * @param {string} key
 * @param {Change} change
 */
export async function changeItem(store, key, change) {
  const changes = changesOfStores.get(store) ?? new Map();
  changesOfStores.set(store, changes);
  const before = changes.get(key) ?? Promise.resolve();
  // Even with `update`, which would try again and again where many requests change one item.
  const changed = before.then(() => perform(store, key, change));
  const settled = changed.catch(() => {});
  changes.set(key, settled);
  try {
    await changed;
  } finally {
    if (changes.get(key) === settled) changes.delete(key);
  }
}

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
  const { getItem, setItem, removeItem } = /** @type {any} */ (store ?? {});
  if (![getItem, setItem, removeItem].every((method) => typeof method === "function"))
    throw new ConfigurationError(
      "The option `store` must be an object with the methods getItem, setItem and removeItem.",
    );
}
