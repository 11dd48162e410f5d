// The option `allow`. A rule of the wrong type would let everything through, or nothing.
import { ConfigurationError } from "../errors.js";
import { checkNames } from "./options.js";

/** @typedef {import("../server.js").ProxyAllow} Allow */

const isBoolean = (/** @type {unknown} */ value) => typeof value === "boolean";
const areStrings = (/** @type {unknown} */ value) =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

/** @type {Record<keyof Allow, [isValid: (value: any) => boolean, expected: string]>} */
const rules = {
  models: [areStrings, "an array of model names"],
  qualities: [areStrings, "an array of qualities"],
  maxDuration: [(value) => Number.isFinite(value) && value > 0, "a number of seconds"],
  audio: [isBoolean, "true or false"],
  files: [(value) => isBoolean(value) || typeof value === "function", "true, false or a function"],
  uploads: [isBoolean, "true or false"],
  credits: [isBoolean, "true or false"],
  fields: [
    (value) => areStrings(value) && !value.includes("callback_url"),
    "an array of field names, without callback_url",
  ],
};

/**
 * A copy, so that later changes of the option have no effect.
 * @param {unknown} allow
 * @returns {Allow}
 */
export function checkAllow(allow) {
  if (typeof allow !== "object" || allow === null || !("models" in allow))
    throw new ConfigurationError(
      "The option `allow` must be an object with `models`, an array of model names.",
    );
  checkNames("The option `allow`", allow, Object.keys(rules));
  const given = Object.entries(allow).filter(([name, value]) => value !== undefined || name === "models");
  for (const [name, value] of given) {
    const [isValid, expected] = rules[/** @type {keyof Allow} */ (name)];
    if (isValid(value)) continue;
    const received = Array.isArray(value)
      ? "an array"
      : value === null
        ? "null"
        : typeof value === "object"
          ? "an object"
          : String(value);
    throw new ConfigurationError(
      `The option \`allow.${name}\` must be ${expected}, but it is ${received.slice(0, 40)}.`,
    );
  }
  const copies = given.map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]);
  return Object.fromEntries(copies);
}
