// Runs a part of the benchmark in a separate process with its own flags.
import { runProgram } from "../support/program.js";

/**
 * Runs a script, and parses its output as JSON.
 * @param {string} url of the script
 * @param {string[]} flags of Node
 * @param {string[]} [args]
 */
export async function runSeparately(url, flags, args = []) {
  const printed = await runProgram(process.execPath, [...flags, new URL(url).pathname, ...args], {
    timeout: 600_000,
  });
  return JSON.parse(printed);
}

/** Collects garbage twice, because finalizers run in between. Requires `--expose-gc`. */
export async function collectGarbage() {
  for (let pass = 0; pass < 2; pass++) {
    /** @type {any} */ (globalThis).gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
