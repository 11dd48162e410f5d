// A `Store` over the storage of a Durable Object.

/** @type {typeof import("../cloudflare.js").durableStore} */
export function durableStore(storage) {
  return {
    getItem: async (key) => /** @type {string | undefined} */ (await storage.get(key)) ?? null,
    setItem: async (key, value) => void (await storage.put(key, value)),
    removeItem: async (key) => void (await storage.delete(key)),
    getKeys: async (base) => [...(await storage.list(base ? { prefix: base } : {})).keys()],
    update: (key, change) =>
      storage.transaction(async (transaction) => {
        const value = await change(/** @type {string | undefined} */ (await transaction.get(key)) ?? null);
        await (value === null ? transaction.delete(key) : transaction.put(key, value));
        return value;
      }),
  };
}
