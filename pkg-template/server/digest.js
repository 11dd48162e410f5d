// Digests: names of items that do not reveal what the items belong to.
import { base64Url } from "../base64-url.js";

/**
 * 43 letters.
 * @param {...string} parts
 */
export async function digest(...parts) {
  // JSON keeps the parts apart.
  const text = new TextEncoder().encode(JSON.stringify(parts));
  return base64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", text)));
}

/**
 * The letters that an item is named by: users and orders share 4096 items, so that no more of them remain in a store,
 * however many came. Each change removes what has expired.
 * @param {string} digest
 */
export const shardOf = (digest) => digest.slice(0, 2);
