// Measures a submission and ten polls with a `fetch` stub: the processor time and the allocated heap.
import { PerformanceObserver } from "node:perf_hooks";
import { isMain } from "../../tools/setup.js";
import { exceeds } from "./gates.js";
import { ours } from "./peers.js";
import { runSeparately } from "./separate-process.js";
import { median } from "./rounds.js";
import { typical } from "./requests.js";

/** @typedef {{ cpuUs: number, bytes: number }} Cost */

/** Exchanges per measurement. */
const times = 200;
const polls = 10;

/** No garbage collection in between, so that the heap grows by all that is allocated. */
const flags = ["--expose-gc", "--min-semi-space-size=512", "--max-semi-space-size=512"];

const peer = "@fal-ai/client";
/** The budget: processor time relative to the peer. */
const mostOverPeer = 1.2;

/** @param {{ rounds: number }} options @returns {Promise<import("./table.js").Table>} */
export async function exchange({ rounds }) {
  /** @type {Record<string, Cost[]>} */
  const costs = {};
  for (let round = 0; round < Math.ceil(rounds / 2); round++) {
    for (const [name, cost] of Object.entries(await runSeparately(import.meta.url, flags))) {
      (costs[name] ??= []).push(cost);
    }
  }
  const rows = Object.entries(costs).map(([name, measured]) => [
    name,
    [median(measured.map(({ cpuUs }) => cpuUs)), median(measured.map(({ bytes }) => bytes)) / 1000],
  ]);
  // Within each process, because a busy machine slows all clients down equally.
  const ratios = costs[ours].map(({ cpuUs }, round) => cpuUs / costs[peer][round].cpuUs);
  const problems = exceeds(`processor time relative to ${peer}`, median(ratios), mostOverPeer);
  return { head: ["processor, µs", "allocated, KB"], rows: Object.fromEntries(rows), problems };
}

/** A `fetch` stub with a constant response. @param {object} body */
const stubFetch = (body) => {
  const text = JSON.stringify(body);
  const headers = { "content-type": "application/json" };
  return async () => new Response(text, { status: 200, headers });
};

/** One submission and its polls for each client. @returns {Promise<Record<string, () => Promise<unknown>>>} */
async function exchanges() {
  const { VideoClient } = await import("../../pkg/index.js");
  const { createFalClient } = await import("@fal-ai/client");
  const { default: Replicate } = await import("replicate");
  const { default: OpenAI } = await import("openai");

  const task = { id: "task-unified-1", object: "video.generation.task", status: "processing", progress: 40 };
  const client = new VideoClient({ apiKey: "key", fetch: stubFetch({ ...task, created: 1, task_info: {} }) });
  const plain = stubFetch(task);

  const status = { status: "IN_PROGRESS", request_id: "1", response_url: "https://a.b/c" };
  const fal = createFalClient({
    credentials: "key",
    suppressLocalCredentialsWarning: true,
    fetch: stubFetch(status),
  });

  const prediction = { id: "1", status: "processing", urls: {}, input: {}, output: null };
  const replicate = new Replicate({ auth: "key", fetch: stubFetch(prediction) });
  const video = { id: "1", object: "video", status: "in_progress", progress: 40 };
  const openai = new OpenAI({ apiKey: "key", fetch: stubFetch(video) });

  return {
    "`fetch` alone": async () => {
      const init = { method: "POST", body: JSON.stringify(typical) };
      await (await Reflect.apply(plain, undefined, ["https://a.b/c", init])).json();
      for (let poll = 0; poll < polls; poll++) await (await plain()).json();
    },
    "evolink-video": async () => {
      const { task } = await client.submit(typical);
      for (let poll = 0; poll < polls; poll++) await client.retrieve(task.id);
    },
    "@fal-ai/client": async () => {
      const { request_id: requestId } = await fal.queue.submit("owner/model", { input: typical });
      for (let poll = 0; poll < polls; poll++) await fal.queue.status("owner/model", { requestId });
    },
    replicate: async () => {
      const { id } = await replicate.predictions.create({ model: "owner/model", input: typical });
      for (let poll = 0; poll < polls; poll++) await replicate.predictions.get(id);
    },
    openai: async () => {
      const { id } = await openai.videos.create({ model: "sora-2", prompt: typical.prompt });
      for (let poll = 0; poll < polls; poll++) await openai.videos.retrieve(id);
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
  const start = process.cpuUsage();
  for (let time = 0; time < times; time++) await run();
  const { user, system } = process.cpuUsage(start);
  const bytes = process.memoryUsage().heapUsed - heap;
  await new Promise((resolve) => setTimeout(resolve));
  observer.disconnect();
  if (collections > 0)
    throw new Error("Garbage was collected during the measurement, so the allocations are unknown.");
  return { cpuUs: (user + system) / times, bytes: bytes / times };
}

if (isMain(import.meta.url)) {
  /** @type {Record<string, Cost>} */
  const costs = {};
  for (const [name, run] of Object.entries(await exchanges())) costs[name] = await costOf(run);
  console.log(JSON.stringify(costs));
}
