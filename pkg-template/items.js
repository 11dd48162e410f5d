// Access to the items of a store, which Rust asks for.

/** @typedef {import("./index.js").Store & { length?: number, key?: (index: number) => string | null }} Store */

/**
 * @param {Store} store
 * @param {string} access
 * @param {string} key of the item, or how the keys begin
 * @param {string} value
 * @returns {Promise<[key: string, value: string][] | null>} the items that were asked for; `null` if the store cannot
 *   list its keys
 */
export async function perform(store, access, key, value) {
  if (access === "get") return readItems(store, [key]);
  if (access === "set") await store.setItem(key, value);
  if (access === "remove") await store.removeItem(key);
  if (access !== "list") return [];
  const keys = await listKeys(store, key);
  const ours = keys?.filter((name) => name.startsWith(key));
  return ours ? readItems(store, ours) : null;
}

/** @param {Store} store @param {string} base */
function listKeys(store, base) {
  if (typeof store.getKeys === "function") return store.getKeys(base);
  // Like `localStorage`.
  if (typeof store.key !== "function") return null;
  return Array.from({ length: store.length ?? 0 }, (_, index) => String(store.key?.(index)));
}

/** @param {Store} store @param {string[]} keys @returns {Promise<[key: string, value: string][]>} */
async function readItems(store, keys) {
  const values = await Promise.all(keys.map((key) => store.getItem(key)));
  return keys.flatMap((key, index) => {
    const value = values[index] ?? null;
    if (value === null) return [];
    if (typeof value !== "string") throw new TypeError("`store.getItem()` must return a string or null.");
    return [/** @type {[string, string]} */ ([key, value])];
  });
}
