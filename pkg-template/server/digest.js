// Digests: names of items that show nothing of what they belong to.
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
