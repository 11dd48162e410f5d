import { serve } from "../testing-server.js";
import { closeOnInterrupt, isPort, parseNumber, parseOptions, rejectPort } from "./usage.js";

export const help = `Serves an emulator of the EvoLink Video Generation API. It needs no key and charges nothing.

  npx evolink-video emulator [options]

  --port <number>        the port, 0 for any free one (default 8787)
  --host <address>       the address to listen on (default 127.0.0.1: only this machine)
  --speed <number>       emulated seconds per second (default 1)
  --task-time <seconds>  emulated seconds that a task takes (default 60)
  --callbacks            sends callbacks, also to loopback addresses
  --help                 prints this`;

/** @param {string[]} args */
export async function run(args) {
  const values = parseOptions(args, {
    port: { type: "string", default: "8787" },
    host: { type: "string", default: "127.0.0.1" },
    speed: { type: "string", default: "1" },
    "task-time": { type: "string" },
    callbacks: { type: "boolean", default: false },
  });
  const { host } = values;
  const port = parseNumber("port", values.port, isPort);
  const speed = parseNumber("speed", values.speed, (value) => value > 0);
  const taskTime = parseNumber("task-time", values["task-time"], (value) => value >= 0);
  const { url, close } = await serve({
    port,
    host,
    speed,
    ...(taskTime !== undefined && { taskTime }),
    ...(values.callbacks && { callbackFetch: fetch, loopbackCallbacks: true }),
  }).catch((error) => rejectPort(port, host, error));
  closeOnInterrupt(close);
  console.log(`${url}\n\n${example(url)}`);
}

/** @param {string} url */
const example = (url) => `curl ${url}/v1/videos/generations \\
  -H "Authorization: Bearer any-key" -H "Content-Type: application/json" \\
  -d '{"model": "seedance-2.0", "prompt": "A paper boat on a river"}'`;
