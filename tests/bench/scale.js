// Watches many tasks in one process with the emulator: memory, reads and processor time for each task. The emulator's
// own cost, measured with bare requests, is subtracted.
import { VideoClient } from "../../pkg/index.js";
import { createEmulator } from "../../pkg/testing.js";
import { isMain } from "../../tools/setup.js";
import { collectGarbage, runSeparately } from "./separate-process.js";
import { usage, watchInstances } from "./instances.js";

/** In seconds, with a correct estimate. */
const taskTime = 60;
const api = "https://api.evolink.ai/v1";
const headers = { authorization: "Bearer key", "content-type": "application/json" };

/**
 * @typedef {object} Method
 * @property {(client: any, ids: string[]) => Promise<unknown>} watch
 * @property {number} reads tasks read by one request
 */

/** Methods that the client does not have are omitted. @type {Record<string, Method>} */
const methods = {
  "`wait` for each": {
    watch: (client, ids) => Promise.all(ids.map((id) => client.wait(id))),
    reads: 1,
  },
  ...("watchAll" in VideoClient.prototype && {
    "`watchAll`": {
      async watch(client, ids) {
        const open = new Set(ids);
        for await (const { id, status } of client.watchAll(ids)) if (status === "completed") open.delete(id);
        if (open.size > 0) throw new Error(`${open.size} tasks did not complete.`);
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
  for (const method of Object.keys(methods)) {
    /** @type {Load} */
    const load = await runSeparately(import.meta.url, ["--expose-gc"], [method, String(tasks)]);
    const { heap, module, requests, cpuUs } = load;
    rows[`${tasks.toLocaleString("en")} tasks, ${method}`] = [
      ...[heap / 1000, module / 1000, requests, cpuUs / requests, cpuUs / 1000],
    ];
  }
  const head = ["heap, KB", "module's memory, KB", "requests", "processor for each, µs", "in all, ms"];
  return { head, rows };
}

/** @param {string} method @param {number} tasks @returns {Promise<Load>} */
async function load(method, tasks) {
  const { watch, reads } = methods[method];
  const emulator = createEmulator({ estimatedTime: taskTime, taskTime });
  const { fetch } = emulator;
  const ids = await createTasks(fetch, tasks);
  const created = emulator.requests.length;
  const client = new VideoClient({ apiKey: "key", fetch });
  const before = await memory();
  const start = process.cpuUsage();
  const finished = watch(client, ids);
  await new Promise((resolve) => setTimeout(resolve, taskTime * 500));
  const halfway = { ...(await memory()), requests: emulator.requests.length - created };
  await finished;
  const cpuUs = cpuSince(start);
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
    const response = await fetch(`${api}/videos/generations`, { method: "POST", headers, body });
    ids.push((await response.json()).id);
  }
  return ids;
}

async function memory() {
  await collectGarbage();
  return { heap: process.memoryUsage().heapUsed, module: usage().pages * 65_536 };
}

/** @param {NodeJS.CpuUsage} start */
function cpuSince(start) {
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

/**
 * Measures the emulator's cost for each request: its processor time, and its log entry.
 * @param {typeof globalThis.fetch} fetch
 * @param {string[]} ids
 * @param {number} reads tasks per request
 */
async function bareRequests(fetch, ids, reads) {
  const before = await memory();
  const start = process.cpuUsage();
  let requests = 0;
  for (; requests * reads < ids.length; requests++) {
    const task_ids = ids.slice(requests * reads, (requests + 1) * reads);
    const response = await (reads === 1
      ? fetch(`${api}/tasks/${task_ids[0]}`, { headers })
      : fetch(`${api}/tasks/batch`, { method: "POST", headers, body: JSON.stringify({ task_ids }) }));
    if (!(await response.text()).includes('"completed"')) throw new Error("A task is not completed.");
  }
  const cpuUs = cpuSince(start) / requests;
  return { cpuUs, heap: ((await memory()).heap - before.heap) / requests };
}

if (isMain(import.meta.url)) {
  watchInstances();
  const [method, tasks] = process.argv.slice(2);
  console.log(JSON.stringify(await load(method, Number(tasks))));
}
