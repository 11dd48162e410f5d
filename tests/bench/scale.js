// Many tasks watched in one process, against the emulator: what each takes of memory, how often it is read, and how
// long the processor works for it. The emulator's own part, as bare requests show it, is taken off.
import { VideoClient } from "../../pkg/index.js";
import { isMain } from "../../tools/setup.js";
import { apart, collect } from "./apart.js";
import { createTasks } from "./emulators.js";
import { held, watchInstances } from "./instances.js";

/** Seconds, estimated rightly. */
const taskTime = 60;

/** @typedef {(client: any, ids: string[]) => Promise<unknown>} Way */

/** How many are watched; a way that this version of the client does not have is left out. @type {Record<string, Way>} */
const ways = {
  "`wait` for each": (client, ids) => Promise.all(ids.map((id) => client.wait(id))),
  ...("watchAll" in VideoClient.prototype && {
    "`watchAll`": async (client, ids) => {
      const open = new Set(ids);
      for await (const { id, status } of client.watchAll(ids)) if (status === "completed") open.delete(id);
      if (open.size > 0) throw new Error(`${open.size} tasks were not seen to complete.`);
    },
  }),
};

/**
 * @typedef {object} Load for one task
 * @property {number} heap in bytes
 * @property {number} module in bytes
 * @property {number} requests
 * @property {number} cpuUs
 */

/** @param {{ tasks: number }} options @returns {Promise<import("./table.js").Table>} */
export async function scale({ tasks }) {
  /** @type {import("./table.js").Table["rows"]} */
  const rows = {};
  for (const way of Object.keys(ways)) {
    /** @type {Load} */
    const load = await apart(import.meta.url, ["--expose-gc"], [way, String(tasks)]);
    const { heap, module, requests, cpuUs } = load;
    rows[`${tasks.toLocaleString("en")} tasks, ${way}`] = [
      ...[heap / 1000, module / 1000, requests, cpuUs / requests, cpuUs / 1000],
    ];
  }
  const head = ["heap, KB", "module's memory, KB", "requests", "processor for each, µs", "in all, ms"];
  return { head, rows };
}

/** @param {string} way @param {number} tasks @returns {Promise<Load>} */
async function load(way, tasks) {
  const { fetch, ids, requests: asked } = await createTasks(tasks, { estimatedTime: taskTime, taskTime });
  const client = new VideoClient({ apiKey: "key", fetch });
  const before = await memory();
  const began = process.cpuUsage();
  const ended = ways[way](client, ids);
  await new Promise((resolve) => setTimeout(resolve, taskTime * 500));
  const halfway = { ...(await memory()), asked: asked() };
  await ended;
  const cpuUs = work(began);
  const requests = asked();
  const bare = await bareRequests(fetch, ids);
  return {
    heap: (halfway.heap - before.heap - halfway.asked * bare.heap) / tasks,
    module: (halfway.module - before.module) / tasks,
    requests: requests / tasks,
    cpuUs: (cpuUs - requests * bare.cpuUs) / tasks,
  };
}

async function memory() {
  await collect();
  return { heap: process.memoryUsage().heapUsed, module: held().pages * 65_536 };
}

/** @param {NodeJS.CpuUsage} began */
function work(began) {
  const { user, system } = process.cpuUsage(began);
  return user + system;
}

/**
 * What the emulator takes for each request: its work, and the line in its log.
 * @param {typeof globalThis.fetch} fetch
 * @param {string[]} ids
 */
async function bareRequests(fetch, ids) {
  const before = await memory();
  const began = process.cpuUsage();
  for (const id of ids) {
    const answer = await fetch(`https://api.evolink.ai/v1/tasks/${id}`, {
      headers: { authorization: "Bearer key" },
    });
    if ((await answer.json()).status !== "completed") throw new Error("A task is not completed.");
  }
  const cpuUs = work(began) / ids.length;
  return { cpuUs, heap: ((await memory()).heap - before.heap) / ids.length };
}

if (isMain(import.meta.url)) {
  watchInstances();
  const [way, tasks] = process.argv.slice(2);
  console.log(JSON.stringify(await load(way, Number(tasks))));
}
