// Seals: short signatures that prove that this server issued an id, without a database.
import { base64Url } from "../base64-url.js";
import { ConfigurationError } from "../errors.js";

/** A random guess succeeds with a probability of 1 in 2^128. */
const sealBytes = 16;
const minSecretLength = 32;
/** How many seals are remembered, each of some 200 bytes. */
const mostKnown = 1_000;

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
  // Not promises: in a Worker, a request must not wait for a promise of another request.
  /** @type {CryptoKey[]} */
  const keys = [];
  const sign = async (/** @type {number} */ index, /** @type {string} */ text) => {
    const key = (keys[index] ??= await importKey(secrets[index]));
    const signed = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text));
    return base64Url(new Uint8Array(signed).subarray(0, sealBytes));
  };
  // Pages read the same tasks again and again, and in Node each seal takes a thread of another pool.
  /** @type {Map<string, string>} */
  const known = new Map();
  const remember = (/** @type {string} */ text, /** @type {string} */ seal) => {
    known.set(text, seal);
    const [oldest] = known.keys();
    if (known.size > mostKnown) known.delete(oldest);
  };
  return {
    /** 22 letters. @param {...string} parts */
    async seal(...parts) {
      // JSON keeps the parts apart.
      const text = JSON.stringify(parts);
      const seal = await sign(0, text);
      remember(text, seal);
      return seal;
    },
    /** The seals of all secrets. @param {...string} parts */
    seals: (...parts) => Promise.all(secrets.map((_, index) => sign(index, JSON.stringify(parts)))),
    /** Whether a seal is one of these parts. @param {string} seal @param {...string} parts */
    async verifies(seal, ...parts) {
      const text = JSON.stringify(parts);
      const remembered = known.get(text);
      if (remembered !== undefined && areEqual(seal, remembered)) return true;
      let isValid = false;
      for (const index of secrets.keys()) if (areEqual(seal, await sign(index, text))) isValid = true;
      // Only valid ones, because forged ones would displace them.
      if (isValid) remember(text, seal);
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
