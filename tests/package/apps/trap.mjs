import { setTimeout as sleep } from "node:timers/promises";
import { EvolinkError, VideoClient, validate } from "evolink-video";
import { createEmulator } from "evolink-video/testing";

/** @typedef {typeof facts} Facts */

const request = { model: "seedance-2.0", prompt: "A paper boat on a river" };
const emulator = createEmulator({ estimatedTime: 1, taskTime: 60 });
const client = new VideoClient({ apiKey: "sk-test", fetch: emulator.fetch });
const silent = new VideoClient({ apiKey: "sk-test", fetch: () => new Promise(() => {}) });

/** Uncaught exceptions, which would end the process. @type {string[]} */
const uncaught = [];
process.on("uncaughtException", ({ message }) => uncaught.push(message));

/**
 * Makes a function of the host throw once where the module does not expect it. The exception passes through the
 * module's frames like that of a trap.
 * @param {any} holder
 * @param {string} name
 */
function failOnce(holder, name) {
  const original = holder[name];
  holder[name] = () => {
    holder[name] = original;
    throw new Error(`${name} failed`);
  };
}

/** @param {() => unknown} work */
async function rejection(work) {
  try {
    await Promise.race([work(), sleep(5_000, undefined, { ref: false })]);
    return undefined;
  } catch (/** @type {any} */ error) {
    const { code, charged, cause } = error;
    return { isEvolinkError: error instanceof EvolinkError, code, charged, cause: cause?.message };
  }
}

// Between polls, in an iteration, and in flight.
let updates = 0;
const generating = client.generate(request, { onUpdate: () => updates++ });
while (updates === 0) await sleep(1);
const { taskId } = emulator.charges[0];
const iterator = client.watch(taskId)[Symbol.asyncIterator]();
await iterator.next();
const pending = [generating, iterator.next(), silent.submit(request)];
for (const call of pending) call.catch(() => {});
await sleep(20);

const requestsBefore = emulator.requests.length;
failOnce(Date, "now");
const trapped = await rejection(() => client.retrieve(taskId));
const rejected = await Promise.all(pending.map((call) => rejection(() => call)));

const { task } = await client.submit(request);
const next = { status: task.status, charges: emulator.counts.charges };

// Longer than the delay between two polls.
await sleep(3_000);
const afterTrap = { requests: emulator.requests.length - requestsBefore - 1, updates: updates - 1 };

failOnce(JSON, "parse");
const synchronous = await rejection(() => validate(request));

const facts = { trapped, rejected, next, afterTrap, synchronous, valid: validate(request).valid, uncaught };
console.log(JSON.stringify(facts));
process.exit();
