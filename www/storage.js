// Stores data in this browser: files and videos in IndexedDB, short strings in web storage. The page also works in a
// browser that forbids storage.

/** @typedef {"blobs" | "videos"} Table */

/** @type {Promise<IDBDatabase> | undefined} */
let database;

const open = () =>
  (database ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("evolink-video", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("blobs");
      request.result.createObjectStore("videos", { keyPath: "id" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  }));

/**
 * @template Result
 * @param {Table} table
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<Result>} work
 * @returns {Promise<Result | undefined>} `undefined` if the browser refuses
 */
async function transact(table, mode, work) {
  try {
    const transaction = (await open()).transaction(table, mode);
    const request = work(transaction.objectStore(table));
    return await new Promise((resolve, reject) => {
      // Until the transaction is complete, a reload undoes it.
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } catch {
    return undefined;
  }
}

/** @param {Table} table @param {string} key */
export const load = (table, key) => transact(table, "readonly", (store) => store.get(key));

/** @param {Table} table @returns {Promise<any[]>} */
export const loadAll = async (table) => (await transact(table, "readonly", (store) => store.getAll())) ?? [];

/** @param {Table} table */
export const keys = async (table) => (await transact(table, "readonly", (store) => store.getAllKeys())) ?? [];

/** Resolves to whether it is stored. @param {Table} table @param {unknown} value @param {string} [key] of a blob */
export const save = async (table, value, key) =>
  (await transact(table, "readwrite", (store) => store.put(value, key))) !== undefined;

/** @param {Table} table @param {string} key */
export const remove = (table, key) => transact(table, "readwrite", (store) => store.delete(key));

/** @param {Storage} storage @param {string} key */
export function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {Storage} storage @param {string} key @param {unknown} value */
export function write(storage, key, value) {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // The storage is full or forbidden. Nothing depends on it.
  }
}

/**
 * Runs work while no other tab runs work with the same name.
 *
 * @template Result
 * @param {string} name
 * @param {() => Promise<Result>} work
 * @param {AbortSignal} [signal] ends the wait for other tabs
 * @returns {Promise<Result>}
 */
export async function exclusively(name, work, signal) {
  // Browsers have no locks outside of secure contexts.
  if (!navigator.locks) return work();
  return /** @type {Promise<Result>} */ (navigator.locks.request(name, signal ? { signal } : {}, work));
}
