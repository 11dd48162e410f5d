// Many tasks watched in one process, against the emulator: what each takes of memory, how often it is read, and how
// long the processor works for it. The emulator's own part, as bare requests show it, is taken off.
import { VideoClient } from "../../pkg/index.js";
import { createEmulator } from "../../pkg/testing.js";
import { isMain } from "../../tools/setup.js";
import { apart, collect } from "./apart.js";
import { held, watchInstances } from "./instances.js";

/** Seconds, estimated rightly. */
const taskTime = 60;
const api = "https://api.evolink.ai/v1";
const headers = { authorization: "Bearer key", "content-type": "application/json" };

/**
 * @typedef {object} Way
 * @property {(client: any, ids: string[]) => Promise<unknown>} watch
 * @property {number} reads tasks that one request reads
 */

/** A way that this version of the client does not have is left out. @type {Record<string, Way>} */
const ways = {
  "`wait` for each": {
    watch: (client, ids) => Promise.all(ids.map((id) => client.wait(id))),
    reads: 1,
  },
  ...("watchAll" in VideoClient.prototype && {
    "`watchAll`": {
      async watch(client, ids) {
        const open = new Set(ids);
        for await (const { id, status } of client.watchAll(ids)) if (status === "completed") open.delete(id);
        if (open.size > 0) throw new Error(`${open.size} tasks were not seen to complete.`);
      },
      reads: 50,
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
  const { watch, reads } = ways[way];
  const emulator = createEmulator({ estimatedTime: taskTime, taskTime });
  const { fetch } = emulator;
  const ids = await createTasks(fetch, tasks);
  const created = emulator.requests.length;
  const client = new VideoClient({ apiKey: "key", fetch });
  const before = await memory();
  const began = process.cpuUsage();
  const ended = watch(client, ids);
  await new Promise((resolve) => setTimeout(resolve, taskTime * 500));
  const halfway = { ...(await memory()), requests: emulator.requests.length - created };
  await ended;
  const cpuUs = work(began);
  const requests = emulator.requests.length - created;
  const bare = await bareRequests(fetch, ids, reads);
  return {
    heap: (halfway.heap - before.heap - halfway.requests * bare.heap) / tasks,
    module: (halfway.module - before.module) / tasks,
    requests: requests / tasks,
    cpuUs: (cpuUs - requests * bare.cpuUs) / tasks,
  };
}

/** @param {typeof globalThis.fetch} fetch @param {number} count */
async function createTasks(fetch, count) {
  const body = JSON.stringify({ model: "seedance-2.0", prompt: "A cat walks through snow" });
  const ids = [];
  while (ids.length < count) {
    const answer = await fetch(`${api}/videos/generations`, { method: "POST", headers, body });
    ids.push((await answer.json()).id);
  }
  return ids;
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
 * @param {number} reads tasks at once
 */
async function bareRequests(fetch, ids, reads) {
  const before = await memory();
  const began = process.cpuUsage();
  let requests = 0;
  for (; requests * reads < ids.length; requests++) {
    const task_ids = ids.slice(requests * reads, (requests + 1) * reads);
    const answer = await (reads === 1
      ? fetch(`${api}/tasks/${task_ids[0]}`, { headers })
      : fetch(`${api}/tasks/batch`, { method: "POST", headers, body: JSON.stringify({ task_ids }) }));
    if (!(await answer.text()).includes('"completed"')) throw new Error("A task is not completed.");
  }
  const cpuUs = work(began) / requests;
  return { cpuUs, heap: ((await memory()).heap - before.heap) / requests };
}

if (isMain(import.meta.url)) {
  watchInstances();
  const [way, tasks] = process.argv.slice(2);
  console.log(JSON.stringify(await load(way, Number(tasks))));
}
