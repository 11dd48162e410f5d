#!/usr/bin/env node
import { parseArgs } from "node:util";
import { serve } from "./testing-server.js";

const help = `Serves an emulator of the EvoLink Video Generation API. It needs no key and charges nothing.

  npx evolink-video emulator [options]

  --port <number>        the port, 0 for any free one (default 8787)
  --host <address>       the address to listen on (default 127.0.0.1: only this machine)
  --speed <number>       emulated seconds per second (default 1)
  --task-time <seconds>  emulated seconds that a task takes (default 60)
  --callbacks            sends callbacks, also to loopback addresses
  --help                 prints this`;

/** An error that is printed as its message, without a stack. */
class UsageError extends Error {}

/** @param {string[]} args */
async function run(args) {
  const { values, positionals } = parsed(args);
  if (values.help) return console.log(help);
  if (positionals.join() !== "emulator")
    throw new UsageError(
      `The command must be \`emulator\`, received ${JSON.stringify(positionals.join(" "))}`,
    );

  const { host } = values;
  const port = number("port", values.port, (value) => Number.isInteger(value) && value >= 0 && value < 65536);
  const speed = number("speed", values.speed, (value) => value > 0);
  const taskTime = number("task-time", values["task-time"], (value) => value >= 0);
  const { url, close } = await serve({
    port,
    host,
    speed,
    ...(taskTime !== undefined && { taskTime }),
    ...(values.callbacks && { callbackFetch: fetch, loopbackCallbacks: true }),
  }).catch((error) => {
    throw new UsageError(`Port ${port} of ${host} cannot be used: ${error.message}`);
  });
  // Waits for no callback that is being sent.
  const stop = () => void close().then(() => process.exit());
  process.once("SIGINT", stop).once("SIGTERM", stop);
  console.log(`${url}\n\n${example(url)}`);
}

/** @param {string[]} args */
function parsed(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        port: { type: "string", default: "8787" },
        host: { type: "string", default: "127.0.0.1" },
        speed: { type: "string", default: "1" },
        "task-time": { type: "string" },
        callbacks: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
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
function number(name, text, isValid) {
  const value = text === undefined ? undefined : Number(text);
  if (value !== undefined && !(text?.trim() && isFinite(value) && isValid(value)))
    throw new UsageError(`\`--${name}\` is not a valid number: ${JSON.stringify(text)}`);
  return /** @type {any} */ (value);
}

/** @param {string} url */
const example = (url) => `curl ${url}/v1/videos/generations \\
  -H "Authorization: Bearer any-key" -H "Content-Type: application/json" \\
  -d '{"model": "seedance-2.0", "prompt": "A paper boat on a river"}'`;

await run(process.argv.slice(2)).catch((error) => {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\nnpx evolink-video --help lists the options.`);
  process.exitCode = 1;
});
