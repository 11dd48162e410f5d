import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createEmulator } from "../testing.js";
import { serveSite } from "./site.js";
import { closeOnInterrupt, isPort, parseNumber, parseOptions, rejectPort } from "./usage.js";

export const help = `Generates a video with an emulator of the API, and serves a page to try requests on. It needs no key, sends nothing
to EvoLink and costs nothing. Every video is the same test pattern.

  npx evolink-video demo [options]

  --port <number>        the port, 0 for any free one (default: the first free one from 8787)
  --once                 exits after the video
  --help                 prints this`;

const host = "127.0.0.1";
const firstPort = 8787;
const portsToTry = 10;
/** The seconds that the emulated task takes. */
const taskTime = 5;

/** @param {string[]} args */
export async function run(args) {
  const options = parseOptions(args, { port: { type: "string" }, once: { type: "boolean", default: false } });
  const asked = parseNumber("port", options.port, isPort);
  const { url, close } = await serveFrom(asked);
  closeOnInterrupt(close);
  console.log("This is an emulator on your machine: no key, no request to EvoLink, no cost.");
  console.log("Every video is the same test pattern.\n");
  await generate(url);
  if (options.once) await close();
  else console.log(`\nThe page: ${url}/   (press Ctrl+C to stop)`);
}

/** @param {number | undefined} asked without it, the first free port */
async function serveFrom(asked) {
  const folders = {
    "/": fileURLToPath(new URL("page/", import.meta.url)),
    "/pkg": fileURLToPath(new URL(".", import.meta.url)),
  };
  for (let port = asked ?? firstPort; ; port++) {
    try {
      return await serveSite({ emulator: createEmulator({ taskTime }), folders, port, host });
    } catch (error) {
      const isInUse = /** @type {NodeJS.ErrnoException} */ (error).code === "EADDRINUSE";
      if (asked !== undefined || !isInUse || port === firstPort + portsToTry - 1)
        rejectPort(port, host, error);
    }
  }
}

/** @param {string} baseUrl */
async function generate(baseUrl) {
  // Not needed by the other commands.
  const { VideoClient } = await import("../index.js");
  const client = new VideoClient({ apiKey: "any-key", baseUrl });
  const request = { model: "seedance-2.0", prompt: "A paper boat on a river" };
  console.log(`client.generate(${JSON.stringify(request)})`);
  const task = await client.generate(request, {
    onUpdate: ({ status, progress }) => console.log(`  ${status}, ${progress ?? 0} %`),
  });
  const file = join(await mkdtemp(join(tmpdir(), "evolink-video-")), "video.mp4");
  const response = await fetch(task.results[0]);
  await writeFile(file, new Uint8Array(await response.arrayBuffer()));
  console.log(`The video: ${file}`);
}
