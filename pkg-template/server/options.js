// Shared checks of the options of this entry.
import { ConfigurationError } from "../errors.js";

/**
 * Refuses an unknown option, because a misspelled limit would have no effect.
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
 * The function that calls an observer. As in the client, an error that the observer throws is ignored.
 * @template {unknown[]} Parameters
 * @param {((...event: Parameters) => unknown) | undefined} onEvent
 * @returns {(...event: Parameters) => void}
 */
export const emitterOf =
  (onEvent) =>
  (...event) =>
    void (async () => onEvent?.(...event))().catch(() => {});
