// What the options of this entry have in common.
import { ConfigurationError } from "../errors.js";

/**
 * Refuses an option that does not exist: a limit that is misspelled would be none.
 * @param {string} owner as an error names it
 * @param {unknown} options
 * @param {readonly string[]} names
 */
export function checkNames(owner, options, names) {
  const strange = Object.keys(Object(options)).find((name) => !names.includes(name));
  if (strange !== undefined)
    throw new ConfigurationError(`${owner} has no option \`${strange}\`. It has ${names.join(", ")}.`);
}

/**
 * The function that tells an observer. As of the client: what it throws changes nothing.
 * @template {unknown[]} Parameters
 * @param {((...event: Parameters) => unknown) | undefined} onEvent
 * @returns {(...event: Parameters) => void}
 */
export const emitterOf =
  (onEvent) =>
  (...event) =>
    void (async () => onEvent?.(...event))().catch(() => {});
