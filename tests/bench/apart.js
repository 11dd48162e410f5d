// A part of the bench in a process of its own, with flags of its own.
import { runProgram } from "../support/program.js";

/**
 * What a script prints as JSON.
 * @param {string} url of the script
 * @param {string[]} flags of Node
 * @param {string[]} [args]
 */
export async function apart(url, flags, args = []) {
  const printed = await runProgram(process.execPath, [...flags, new URL(url).pathname, ...args], {
    timeout: 600_000,
  });
  return JSON.parse(printed);
}

/** Collects what can be: twice, as finalizers run between. With `--expose-gc` only. */
export async function collect() {
  for (let pass = 0; pass < 2; pass++) {
    /** @type {any} */ (globalThis).gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
