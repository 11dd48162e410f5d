// Seals: short signatures that prove that this server issued an id, without a database.
import { base64Url } from "../base64-url.js";
import { ConfigurationError } from "../errors.js";

/** A random guess succeeds with a probability of 1 in 2^128. */
const sealBytes = 16;
const minSecretLength = 32;

/** @typedef {ReturnType<typeof createSealer>} Sealer */

/**
 * The first part is the purpose, so that a seal of a task is not valid for an upload.
 * @param {string | readonly string[]} secret the first signs, all verify
 */
export function createSealer(secret) {
  const secrets = typeof secret === "string" ? [secret] : [...(Array.isArray(secret) ? secret : [])];
  if (
    secrets.length === 0 ||
    !secrets.every((one) => typeof one === "string" && one.length >= minSecretLength)
  )
    throw new ConfigurationError(
      `The option \`secret\` must be a string of at least ${minSecretLength} characters, or an array of such strings.`,
    );
  /** @type {Promise<CryptoKey>[] | undefined} */
  let keys;
  const sign = async (/** @type {number} */ index, /** @type {string[]} */ parts) => {
    keys ??= secrets.map(importKey);
    // JSON keeps the parts apart.
    const text = new TextEncoder().encode(JSON.stringify(parts));
    return new Uint8Array(await crypto.subtle.sign("HMAC", await keys[index], text));
  };
  return {
    /** 22 letters. @param {...string} parts */
    seal: async (...parts) => base64Url((await sign(0, parts)).subarray(0, sealBytes)),
    /** Whether a seal is one of these parts. @param {string} seal @param {...string} parts */
    async verifies(seal, ...parts) {
      let isValid = false;
      for (const index of secrets.keys())
        if (areEqual(seal, base64Url((await sign(index, parts)).subarray(0, sealBytes)))) isValid = true;
      return isValid;
    },
  };
}

/** @param {string} secret */
const importKey = (secret) =>
  crypto.subtle.importKey("raw", new TextEncoder().encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);

/**
 * Takes the same time however many characters are equal.
 * @param {string} left
 * @param {string} right
 */
function areEqual(left, right) {
  let difference = left.length ^ right.length;
  for (let index = 0; index < right.length; index++)
    difference |= left.charCodeAt(index) ^ right.charCodeAt(index);
  return difference === 0;
}
