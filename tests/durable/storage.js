// The storage of a Durable Object, with one alarm: in memory, sorted by keys, copied in and out. Can fail.

/** @typedef {import("../../pkg-template/cloudflare.js").DurableStorage} DurableStorage */

export function createStorage() {
  /** @type {Map<string, unknown>} */
  const items = new Map();
  /** @type {string[]} */
  let sorted = [];
  /** The index of the first key that is not below this one. @param {string} key */
  const place = (key) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const storage = {
    /** @type {number | null} */
    alarmAt: null,
    /** The number of the next calls that fail. */
    failures: 0,
    /** How many keys were read. */
    read: 0,
    items: () => items,
  };
  const pass = async () => {
    if (storage.failures > 0) {
      storage.failures--;
      throw new Error("The storage is away");
    }
  };
  const toArray = (/** @type {string | string[]} */ keys) => (Array.isArray(keys) ? keys : [keys]);
  /** @type {any} */
  const operations = {
    /** @param {any} keys */
    async get(keys) {
      await pass();
      if (Array.isArray(keys) && keys.length > 128) throw new Error("too many keys");
      storage.read += toArray(keys).length;
      if (!Array.isArray(keys)) return structuredClone(items.get(keys));
      return new Map(
        keys.filter((key) => items.has(key)).map((key) => [key, structuredClone(items.get(key))]),
      );
    },
    /** @param {any} key @param {unknown} [value] */
    async put(key, value) {
      await pass();
      const entries = typeof key === "string" ? [[key, value]] : Object.entries(key);
      if (entries.length > 128) throw new Error("too many keys");
      for (const [name, item] of /** @type {[string, unknown][]} */ (entries)) {
        if (!items.has(name)) sorted.splice(place(name), 0, name);
        items.set(name, structuredClone(item));
      }
    },
    /** @param {any} keys */
    async delete(keys) {
      await pass();
      if (toArray(keys).length > 128) throw new Error("too many keys");
      for (const key of toArray(keys)) if (items.delete(key)) sorted.splice(place(key), 1);
    },
    async list({ prefix = "", end = "\uffff", limit = Infinity } = {}) {
      await pass();
      const found = new Map();
      const low = place(prefix);
      for (let index = low; index < sorted.length && found.size < limit; index++) {
        const key = sorted[index];
        if (!key.startsWith(prefix) || key >= end) break;
        found.set(key, structuredClone(items.get(key)));
      }
      storage.read += found.size;
      return found;
    },
  };
  return Object.assign(storage, operations, {
    /** @param {(transaction: any) => Promise<any>} closure */
    async transaction(closure) {
      const before = new Map();
      const touched = (/** @type {string} */ key) => before.has(key) || before.set(key, items.get(key));
      try {
        return await closure({
          ...operations,
          put: (/** @type {any} */ key, /** @type {any} */ value) => {
            (typeof key === "string" ? [key] : Object.keys(key)).forEach(touched);
            return operations.put(key, value);
          },
          delete: (/** @type {any} */ keys) => {
            toArray(keys).forEach(touched);
            return operations.delete(keys);
          },
        });
      } catch (error) {
        for (const [key, value] of before) value === undefined ? items.delete(key) : items.set(key, value);
        sorted = [...items.keys()].sort();
        throw error;
      }
    },
    async getAlarm() {
      await pass();
      return storage.alarmAt;
    },
    /** @param {number} time */
    async setAlarm(time) {
      await pass();
      storage.alarmAt = time;
    },
    async deleteAlarm() {
      await pass();
      storage.alarmAt = null;
    },
  });
}
