// Runs the examples whose files are named on the command line, one after the other. Prints the error of each.
import { createGiven } from "./given.js";

/** @type {Record<string, string | null>} */
const errors = {};
for (const file of process.argv.slice(2)) {
  try {
    const { example } = await import(file);
    await example(createGiven());
    errors[file] = null;
  } catch (error) {
    errors[file] = error instanceof Error ? String(error.stack) : String(error);
  }
}
console.log(JSON.stringify(errors));
// A server that an example started keeps running.
process.exit();
