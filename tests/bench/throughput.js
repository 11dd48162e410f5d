// Measures one call of `validate` and of `parseTags`, in microseconds.
import { Bench } from "tinybench";
import * as library from "../../pkg/index.js";
import { exceeds } from "./gates.js";
import * as handwritten from "./handwritten.js";
import { ours, subjects } from "./peers.js";
import { requests } from "./requests.js";
import { median } from "./rounds.js";

/** Calls per measurement, because of the clock's resolution. */
const calls = 20;

/** @param {{ rounds: number }} options @returns {Promise<import("./table.js").Table>} */
export async function throughput({ rounds }) {
  const javascript = "our rules in JavaScript";
  /** @type {Record<string, (request: unknown) => unknown>} */
  const validators = { [ours]: library.validate, [javascript]: handwritten.validate };
  for (const { name, path } of subjects) {
    if (/shape/.test(name)) validators[name] = (await import(path)).validate;
  }
  /** @type {Record<string, (prompt: string) => unknown>} */
  const parsers = { [ours]: library.parseTags, [javascript]: handwritten.parseTags };
  /** @type {import("./table.js").Table["rows"]} */
  const rows = {};
  const head = Object.keys(validators);
  for (const [name, request] of Object.entries(requests)) {
    const times = await latencies(rounds, validators, request);
    rows[`\`validate\`, ${name}`] = head.map((subject) => times[subject]);
  }
  for (const [name, { prompt }] of Object.entries(requests)) {
    const times = await latencies(rounds, parsers, prompt);
    rows[`\`parseTags\`, ${name}`] = head.map((subject) => times[subject] ?? null);
  }
  const [wasm, byHand] = rows["`validate`, the reference's multimodal one"];
  const ratio = Number(wasm) / Number(byHand);
  return { head, rows, problems: exceeds("`validate` relative to the rules in JavaScript", ratio, 1.1) };
}

/**
 * @template Input
 * @param {number} rounds
 * @param {Record<string, (input: Input) => unknown>} subjects
 * @param {Input} input
 */
async function latencies(rounds, subjects, input) {
  /** @type {Record<string, number[]>} */
  const medians = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const bench = new Bench({ time: 60, warmupTime: round === 0 ? 150 : 20 });
    for (const [name, subject] of Object.entries(subjects)) {
      bench.add(name, () => {
        for (let call = 0; call < calls; call++) subject(input);
      });
    }
    await bench.run();
    for (const { name, result } of bench.tasks) {
      if (result.state !== "completed") throw new Error(`${name} did not complete.`);
      medians[name].push((result.latency.p50 * 1000) / calls);
    }
  }
  return Object.fromEntries(Object.entries(medians).map(([name, values]) => [name, median(values)]));
}
