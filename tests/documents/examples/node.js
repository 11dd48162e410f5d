// Runs the examples whose files are named on the command line, one after the other. Prints the error of each.
import { createGiven, runExample } from "./given.js";

/** @type {Record<string, string | null>} */
const errors = {};
for (const file of process.argv.slice(2)) {
  errors[file] = await runExample(await import(file), createGiven());
}
console.log(JSON.stringify(errors));
// A server that an example started keeps running.
process.exit();
