// A submission and ten looks at its task, against a `fetch` in this process: the time that the processor works, and
// what is allocated on the heap.
import { PerformanceObserver } from "node:perf_hooks";
import { isMain } from "../../tools/setup.js";
import { apart } from "./apart.js";
import { median } from "./rounds.js";
import { typical } from "./requests.js";

/** @typedef {{ cpuUs: number, bytes: number }} Cost */

/** Exchanges in one measurement. */
const times = 200;
const looks = 10;

/** Without a collection in between, so that the heap grows by all that is allocated. */
const flags = ["--expose-gc", "--min-semi-space-size=512", "--max-semi-space-size=512"];

/** @param {{ rounds: number }} options @returns {Promise<import("./table.js").Table>} */
export async function exchange({ rounds }) {
  /** @type {Record<string, Cost[]>} */
  const costs = {};
  for (let round = 0; round < Math.ceil(rounds / 2); round++) {
    for (const [name, cost] of Object.entries(await apart(import.meta.url, flags))) {
      (costs[name] ??= []).push(cost);
    }
  }
  const rows = Object.entries(costs).map(([name, measured]) => [
    name,
    [median(measured.map(({ cpuUs }) => cpuUs)), median(measured.map(({ bytes }) => bytes)) / 1000],
  ]);
  return { head: ["processor, µs", "allocated, KB"], rows: Object.fromEntries(rows) };
}

/** An answer that never changes. @param {object} body */
const always = (body) => {
  const text = JSON.stringify(body);
  const headers = { "content-type": "application/json" };
  return async () => new Response(text, { status: 200, headers });
};

/** Each is one submission with its looks. @returns {Promise<Record<string, () => Promise<unknown>>>} */
async function exchanges() {
  const { VideoClient } = await import("../../pkg/index.js");
  const { createFalClient } = await import("@fal-ai/client");
  const { default: Replicate } = await import("replicate");
  const { default: OpenAI } = await import("openai");

  const task = { id: "task-unified-1", object: "video.generation.task", status: "processing", progress: 40 };
  const client = new VideoClient({ apiKey: "key", fetch: always({ ...task, created: 1, task_info: {} }) });
  const plain = always(task);

  const status = { status: "IN_PROGRESS", request_id: "1", response_url: "https://a.b/c" };
  const fal = createFalClient({
    credentials: "key",
    suppressLocalCredentialsWarning: true,
    fetch: always(status),
  });

  const prediction = { id: "1", status: "processing", urls: {}, input: {}, output: null };
  const replicate = new Replicate({ auth: "key", fetch: always(prediction) });
  const video = { id: "1", object: "video", status: "in_progress", progress: 40 };
  const openai = new OpenAI({ apiKey: "key", fetch: always(video) });

  return {
    "`fetch` alone": async () => {
      const init = { method: "POST", body: JSON.stringify(typical) };
      await (await Reflect.apply(plain, undefined, ["https://a.b/c", init])).json();
      for (let look = 0; look < looks; look++) await (await plain()).json();
    },
    "evolink-video": async () => {
      const { task } = await client.submit(typical);
      for (let look = 0; look < looks; look++) await client.retrieve(task.id);
    },
    "@fal-ai/client": async () => {
      const { request_id: requestId } = await fal.queue.submit("owner/model", { input: typical });
      for (let look = 0; look < looks; look++) await fal.queue.status("owner/model", { requestId });
    },
    replicate: async () => {
      const { id } = await replicate.predictions.create({ model: "owner/model", input: typical });
      for (let look = 0; look < looks; look++) await replicate.predictions.get(id);
    },
    openai: async () => {
      const { id } = await openai.videos.create({ model: "sora-2", prompt: typical.prompt });
      for (let look = 0; look < looks; look++) await openai.videos.retrieve(id);
    },
  };
}

/** @param {() => Promise<unknown>} run @returns {Promise<Cost>} */
async function costOf(run) {
  for (let time = 0; time < times; time++) await run();
  /** @type {any} */ (globalThis).gc();
  let collections = 0;
  const observer = new PerformanceObserver((list) => (collections += list.getEntries().length));
  observer.observe({ entryTypes: ["gc"] });
  const heap = process.memoryUsage().heapUsed;
  const began = process.cpuUsage();
  for (let time = 0; time < times; time++) await run();
  const { user, system } = process.cpuUsage(began);
  const bytes = process.memoryUsage().heapUsed - heap;
  await new Promise((resolve) => setTimeout(resolve));
  observer.disconnect();
  if (collections > 0) throw new Error("There was a collection: the heap does not tell what was allocated.");
  return { cpuUs: (user + system) / times, bytes: bytes / times };
}

if (isMain(import.meta.url)) {
  /** @type {Record<string, Cost>} */
  const costs = {};
  for (const [name, run] of Object.entries(await exchanges())) costs[name] = await costOf(run);
  console.log(JSON.stringify(costs));
}
