// Checks that the module's memory and the heap do not grow over many validations and generations.
import { isMain } from "../../tools/setup.js";
import { collectGarbage, runSeparately } from "./separate-process.js";
import { usage, watchInstances } from "./instances.js";
import { requests, typical } from "./requests.js";

/**
 * @typedef {object} Memory
 * @property {number} pages of the module, 64 KiB each
 * @property {number} references to JavaScript values that the module holds
 * @property {number} heap in bytes
 */
/** @typedef {{ name: string, before: Memory, after: Memory }} Growth */

/** The allowed growth of the heap, since compiled code and type feedback vary. */
const tolerance = 256 * 1024;

/** Concurrent generations. */
const concurrency = 50;

/** @returns {Promise<import("./table.js").Table>} */
export async function memory() {
  const measured = await growths(100_000, 10_000);
  const rows = measured.map(({ name, before, after }) => [
    name,
    [before.pages, after.pages, before.references, after.references, before.heap / 1e6, after.heap / 1e6],
  ]);
  return {
    head: ["pages before", "after", "references before", "after", "heap before, MB", "after"],
    rows: Object.fromEntries(rows),
    problems: measured.flatMap(problems),
  };
}

/**
 * Runs validations and generations in a separate process.
 * @param {number} validations
 * @param {number} generations
 * @returns {Promise<Growth[]>}
 */
export const growths = (validations, generations) =>
  runSeparately(import.meta.url, ["--expose-gc"], [String(validations), String(generations)]);

/** Describes growth beyond the tolerance. @param {Growth} growth */
export function problems({ name, before, after }) {
  const allowed = { pages: 0, references: 0, heap: tolerance };
  return Object.entries(allowed).flatMap(([what, more]) => {
    const [from, to] = [before, after].map((memory) => memory[/** @type {keyof Memory} */ (what)]);
    return to > from + more ? [`Over ${name} the ${what} grew from ${from} to ${to}.`] : [];
  });
}

/** @returns {Promise<Memory>} */
async function now() {
  await collectGarbage();
  return { ...usage(), heap: process.memoryUsage().heapUsed };
}

/**
 * @param {string} name
 * @param {number} times
 * @param {(times: number) => unknown} work
 * @returns {Promise<Growth>}
 */
async function measureGrowth(name, times, work) {
  // Warm up: compile the code, and allocate the memory for the maximum concurrency.
  for (let warm = 0; warm < 12; warm++) await work(Math.max(times / 10, 2 * concurrency));
  const before = await now();
  await work(times);
  return { name: `${times.toLocaleString("en")} ${name}`, before, after: await now() };
}

/** @param {string} _url @param {RequestInit} [init] */
async function respond(_url, init) {
  const started = {
    id: "task-unified-1",
    status: "processing",
    progress: 0,
    task_info: { estimated_time: 1 },
  };
  const ended = { ...started, status: "completed", progress: 100, results: ["https://example.com/1.mp4"] };
  return Response.json(init?.method === "POST" ? started : ended);
}

/** Divides delays between polls by 100, but not the request timeout of a minute. */
function speedUpTimers() {
  const { setTimeout } = globalThis;
  const faster = (/**  @type {() => void} */ callback, /** @type {number} */ ms) =>
    setTimeout(callback, ms < 30_000 ? ms / 100 : ms);
  globalThis.setTimeout = /** @type {typeof setTimeout} */ (faster);
}

if (isMain(import.meta.url)) {
  watchInstances();
  speedUpTimers();
  const { validate, VideoClient } = await import("../../pkg/index.js");
  const [validations, generations] = process.argv.slice(2).map(Number);
  // Valid and invalid requests in turn.
  const inputs = [
    ...Object.values(requests),
    {},
    null,
    { ...typical, duration: "8", prompt: "@Image9 @img1" },
  ];
  const client = new VideoClient({ apiKey: "key", fetch: /** @type {typeof fetch} */ (respond) });
  const measured = [
    await measureGrowth("validations", validations, (times) => {
      for (let time = 0; time < times; time++) validate(inputs[time % inputs.length]);
    }),
    await measureGrowth("generations", generations, async (times) => {
      for (let done = 0; done < times; done += concurrency) {
        const length = Math.min(concurrency, times - done);
        await Promise.all(Array.from({ length }, () => client.generate(typical)));
      }
    }),
  ];
  console.log(JSON.stringify(measured));
}
