#!/usr/bin/env node
import * as demo from "./cli/demo.js";
import * as emulator from "./cli/emulator.js";
import { UsageError } from "./cli/usage.js";

/** @type {Record<string, { help: string, run: (args: string[]) => Promise<void> }>} */
const commands = { demo, emulator };

/** @param {string[]} args */
async function run([name = "", ...args]) {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (name === "--help" || name === "") return console.log(`${demo.help}\n\n${emulator.help}`);
  if (!command)
    throw new UsageError(`The command must be \`demo\` or \`emulator\`, received ${JSON.stringify(name)}`);
  if (args.includes("--help")) return console.log(command.help);
  await command.run(args);
}

await run(process.argv.slice(2)).catch((error) => {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\nnpx evolink-video --help lists the options.`);
  process.exitCode = 1;
});
