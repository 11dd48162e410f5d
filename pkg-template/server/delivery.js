// The delivered callbacks in a store: a line for each, until its URL expires.
import { shardOf } from "./digest.js";
import { changeItem } from "./item.js";

/** After this time, a process that claimed a task and did not finish it has died. */
export const claimMs = 60_000;

/** @typedef {"claimed" | "done"} State */

/**
 * The record of one callback.
 * @param {import("../server.js").AtomicStore} store
 * @param {string} digest
 * @param {number} expiresAt when its address is refused anyway
 */
export function recordOf(store, digest, expiresAt) {
  const item = `evolink-video:callback:${shardOf(digest)}`;
  const name = digest.slice(0, 22);

  /** @param {(line: string | undefined) => string | null} change of the line; `null` removes it */
  const changeLine = (change) =>
    changeItem(store, item, (old) => {
      const lines = old?.split("\n") ?? [];
      const isOwn = (/** @type {string} */ line) => line.startsWith(`${name} `);
      const line = change(lines.find(isOwn));
      const kept = lines.filter((other) => !isOwn(other) && Number(other.split(" ")[3]) > Date.now());
      return [...kept, ...(line === null ? [] : [line])].join("\n") || null;
    });
  const lineOf = (/** @type {State} */ state) => `${name} ${state} ${Date.now()} ${expiresAt}`;

  return {
    /** Marks a task as being delivered, unless it is or was. */
    async claim() {
      /** @type {State | "free"} */
      let found = "free";
      await changeLine((line) => {
        const [, state, time] = line?.split(" ") ?? [];
        found = state === "done" ? "done" : Number(time) > Date.now() - claimMs ? "claimed" : "free";
        return found === "free" ? lineOf("claimed") : /** @type {string} */ (line);
      });
      return /** @type {State | "free"} */ (found);
    },
    /** @param {State | null} state */
    set: (state) => changeLine(() => state && lineOf(state)),
  };
}
