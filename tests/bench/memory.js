// Whether memory is where it was after many validations and generations: that of the module, and the heap.
import { isMain } from "../../tools/setup.js";
import { apart, collect } from "./apart.js";
import { held, watchInstances } from "./instances.js";
import { requests, typical } from "./requests.js";

/**
 * @typedef {object} Memory
 * @property {number} pages of the module, 64 KiB each
 * @property {number} references to JavaScript values that the module holds
 * @property {number} heap in bytes
 */
/** @typedef {{ name: string, before: Memory, after: Memory }} Growth */

/** What the heap may differ by: compiled code and what it learns of types come and go. */
const tolerance = 256 * 1024;

/** How many generations are under way at once. */
const atOnce = 50;

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
 * Does so many of both in a process of its own.
 * @param {number} validations
 * @param {number} generations
 * @returns {Promise<Growth[]>}
 */
export const growths = (validations, generations) =>
  apart(import.meta.url, ["--expose-gc"], [String(validations), String(generations)]);

/** What grew. @param {Growth} growth */
export function problems({ name, before, after }) {
  const allowed = { pages: 0, references: 0, heap: tolerance };
  return Object.entries(allowed).flatMap(([what, more]) => {
    const [from, to] = [before, after].map((memory) => memory[/** @type {keyof Memory} */ (what)]);
    return to > from + more ? [`Over ${name} the ${what} grew from ${from} to ${to}.`] : [];
  });
}

/** @returns {Promise<Memory>} */
async function now() {
  await collect();
  return { ...held(), heap: process.memoryUsage().heapUsed };
}

/**
 * @param {string} name
 * @param {number} times
 * @param {(times: number) => unknown} work does it so often
 * @returns {Promise<Growth>}
 */
async function over(name, times, work) {
  // What is only made once is made now: compiled code, and room for as many at once as there will ever be.
  for (let warm = 0; warm < 12; warm++) await work(Math.max(times / 10, 2 * atOnce));
  const before = await now();
  await work(times);
  return { name: `${times.toLocaleString("en")} ${name}`, before, after: await now() };
}

/** @param {string} _url @param {RequestInit} [init] */
async function answer(_url, init) {
  const started = {
    id: "task-unified-1",
    status: "processing",
    progress: 0,
    task_info: { estimated_time: 1 },
  };
  const ended = { ...started, status: "completed", progress: 100, results: ["https://example.com/1.mp4"] };
  return Response.json(init?.method === "POST" ? started : ended);
}

/** The pause between two looks takes a hundredth of its time; the limit of an attempt, a minute, stays. */
function hasten() {
  const { setTimeout } = globalThis;
  const hastened = (/** @type {() => void} */ callback, /** @type {number} */ ms) =>
    setTimeout(callback, ms < 30_000 ? ms / 100 : ms);
  globalThis.setTimeout = /** @type {typeof setTimeout} */ (hastened);
}

if (isMain(import.meta.url)) {
  watchInstances();
  hasten();
  const { validate, VideoClient } = await import("../../pkg/index.js");
  const [validations, generations] = process.argv.slice(2).map(Number);
  // Valid and invalid ones, in turn.
  const inputs = [
    ...Object.values(requests),
    {},
    null,
    { ...typical, duration: "8", prompt: "@Image9 @img1" },
  ];
  const client = new VideoClient({ apiKey: "key", fetch: /** @type {typeof fetch} */ (answer) });
  const measured = [
    await over("validations", validations, (times) => {
      for (let time = 0; time < times; time++) validate(inputs[time % inputs.length]);
    }),
    await over("generations", generations, async (times) => {
      for (let done = 0; done < times; done += atOnce) {
        const length = Math.min(atOnce, times - done);
        await Promise.all(Array.from({ length }, () => client.generate(typical)));
      }
    }),
  ];
  console.log(JSON.stringify(measured));
}
