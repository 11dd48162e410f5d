import { parseArgs } from "node:util";

/** An error that is printed as its message, without a stack. */
export class UsageError extends Error {}

/**
 * Parses the options of a command, which takes nothing else.
 * @template {import("node:util").ParseArgsOptionsConfig} T
 * @param {string[]} args
 * @param {T} options
 */
export function parseOptions(args, options) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(/** @type {Error} */ (error).message);
  }
}

/**
 * @template {string | undefined} T
 * @param {string} name
 * @param {T} text
 * @param {(value: number) => boolean} isValid
 * @returns {T extends string ? number : number | undefined}
 */
export function parseNumber(name, text, isValid) {
  const value = text === undefined ? undefined : Number(text);
  if (value !== undefined && !(text?.trim() && isFinite(value) && isValid(value)))
    throw new UsageError(`\`--${name}\` is not a valid number: ${JSON.stringify(text)}`);
  return /** @type {any} */ (value);
}

/** @param {number} value */
export const isPort = (value) => Number.isInteger(value) && value >= 0 && value < 65536;

/** @param {number} port @param {string} host @param {unknown} error @returns {never} */
export function rejectPort(port, host, error) {
  throw new UsageError(`Port ${port} of ${host} cannot be used: ${/** @type {Error} */ (error).message}`);
}

/** Closes the server on Ctrl+C, without waiting for callbacks that are being sent. @param {() => Promise<void>} close */
export function closeOnInterrupt(close) {
  const stop = () => void close().then(() => process.exit());
  process.once("SIGINT", stop).once("SIGTERM", stop);
}
