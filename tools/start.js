// Builds if the sources changed, serves the page and the emulator on loopback, and generates a video in the terminal.
//
//   npm start                     one generation, then keeps serving
//   npm start -- --once           one generation for each example of the reference, then exits
//   npm start -- --edge           the page on the Worker of www/worker, in miniflare
//   npm start -- --port 8080      default 8787, or any free port if that is in use
//   EVOLINK_API_KEY=… npm start -- --live    one short generation with the real API, which costs money
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { buildOnce } from "./build.js";
import { examples } from "../www/examples.js";
import { Problem, main, say } from "./setup.js";

/** For the real API: the shortest duration and the lowest quality, which cost the least. */
const cheapest = {
  title: "Text to video, 4 seconds, 480p",
  request: { ...examples[0].request, duration: 4, quality: /** @type {const} */ ("480p") },
};

/** The duration of an emulated task. */
const TASK_SECONDS = 5;

await main(async () => {
  const { values: options } = parseArgs({
    options: {
      once: { type: "boolean", default: false },
      live: { type: "boolean", default: false },
      edge: { type: "boolean", default: false },
      port: { type: "string" },
    },
  });
  const apiKey = process.env.EVOLINK_API_KEY;
  if (options.live && !apiKey) {
    throw new Problem("`--live` calls the real API. Set EVOLINK_API_KEY to your key.");
  }
  await buildOnce();

  if (options.edge) return startOnEdge(options.port, options.once);
  const server = await serve(options.port);
  // Imported after the build.
  const { VideoClient } = await import("../pkg/index.js");
  const client = new VideoClient(options.live ? { apiKey } : { apiKey: "emulated-key", baseUrl: server.url });
  const jobs = options.live ? [cheapest] : options.once ? examples : examples.slice(-1);
  say(options.live ? "generating with the real API" : `generating with the emulator at ${server.url}`);
  const completed = await generateAll(client, jobs);
  if (completed < jobs.length) process.exitCode = 1;
  console.log(`\n${completed} of ${jobs.length} completed`);
  if (options.once) return server.close();
  console.log(`\nThe page: ${server.url}   (press Ctrl+C to stop)`);
});

/**
 * Serves the page on the Worker, and generates a video as a page does: with a session, and without a key.
 * @param {string | undefined} port
 * @param {boolean} once
 */
async function startOnEdge(port, once) {
  const { serve } = await import("../pkg/testing-server.js");
  const { startEdge } = await import("./edge.js");
  const { VideoClient } = await import("../pkg/index.js");
  const api = await serve({ taskTime: TASK_SECONDS, loopbackCallbacks: true, callbackFetch: fetch });
  const edge = await startEdge({ apiUrl: api.url, port: Number(port ?? 8787) });
  const page = await fetch(edge.url);
  const cookie = page.headers.get("set-cookie")?.split(";")[0] ?? "";
  const client = new VideoClient({ baseUrl: `${edge.url}/evolink`, headers: { cookie } });
  say(`generating with the Worker at ${edge.url}, which calls the emulator at ${api.url}`);
  const jobs = examples.slice(0, 1);
  const completed = await generateAll(client, jobs);
  if (completed < jobs.length) process.exitCode = 1;
  if (!once) return console.log(`\nThe page: ${edge.url}   (press Ctrl+C to stop)`);
  await edge.close();
  await api.close();
}

/** @param {string | undefined} port */
async function serve(port) {
  const { createEmulator } = await import("../pkg/testing.js");
  const { startServer } = await import("./server.js");
  const emulator = createEmulator({ taskTime: TASK_SECONDS });
  const docs = existsSync("www/docs/index.html") ? "www/docs" : "tools/reference/missing";
  const statics = { "/": "www", "/pkg": "pkg", "/docs": docs };
  try {
    return await startServer({ emulator, statics, port: Number(port ?? 8787) });
  } catch (error) {
    if (port !== undefined) throw new Problem(`Port ${port} cannot be used: ${error}`);
    return startServer({ emulator, statics });
  }
}

/**
 * Generates one after the other. Progress is a bar on a terminal, else lines.
 * @param {import("../pkg/index.js").VideoClient} client
 * @param {typeof examples} jobs
 */
async function generateAll(client, jobs) {
  const { default: progress } = await import("cli-progress");
  let completed = 0;
  for (const { title, request } of jobs) {
    const bar = process.stdout.isTTY
      ? new progress.SingleBar({ format: `  {bar} {percentage}%  ${title}  {status}`, hideCursor: true })
      : undefined;
    bar?.start(100, 0, { status: "submitting" });
    try {
      const task = await client.generate(request, {
        onUpdate({ status, progress }) {
          if (bar) bar.update(progress ?? 0, { status });
          else console.log(`  ${title}: ${status}, ${progress ?? "?"} %`);
        },
      });
      bar?.stop();
      console.log(`  ✓ ${title}: ${task.results[0]}`);
      completed++;
    } catch (error) {
      bar?.stop();
      console.error(`  ✗ ${title}: ${error}`);
    }
  }
  return completed;
}
