// Runs the benchmarks of this package and its peers, and prints each as a table.
//
// `npm run bench -- bytes memory` runs only these, `--quick` runs fewer rounds; `--record` writes the results to
// tests/bench/recorded.json, and to the tables and the chart of tests/bench/REPORT.md.
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { format } from "prettier";
import { build } from "./build.js";
import { putTable } from "./documents.js";
import { Problem, isMain, main, root, run, say, setup } from "./setup.js";

/** @typedef {import("../tests/bench/table.js").Table} Table */
/** @typedef {{ rounds: number, tasks: number }} Effort */

const folder = join(root, "tests/bench");
const recordFile = join(folder, "recorded.json");

/** The module and the function of each benchmark. They are loaded after the package is built. */
const benches = {
  bytes: "bytes",
  "cold-start": "coldStart",
  throughput: "throughput",
  exchange: "exchange",
  memory: "memory",
  scale: "scale",
  media: "media",
  proxy: "proxy",
};

/** A Rust program in virtual time, with the same result on every machine. It prints its own table. */
const polls = "polls";

async function bench() {
  const names = [...Object.keys(benches), polls];
  const { values, positionals } = parseArgs({
    options: { quick: { type: "boolean", default: false }, record: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown) throw new Problem(`Unknown benchmark "${unknown}". Available: ${names.join(", ")}.`);
  const selected = positionals.length > 0 ? positionals : names;
  setup();
  const { installPeers } = await import("../tests/bench/peers.js");
  installPeers();
  await build();
  const { toMarkdown } = await import("../tests/bench/table.js");
  /** @type {Effort} */
  const effort = values.quick ? { rounds: 3, tasks: 1_000 } : { rounds: 9, tasks: 10_000 };
  const record = recorded();
  const problems = [];
  for (const [name, work] of Object.entries(benches)) {
    if (!selected.includes(name)) continue;
    say(`${name}${loadWarning()}`);
    const start = performance.now();
    /** @type {Table} */
    const { problems: found = [], ...table } = await (
      await import(`../tests/bench/${name}.js`)
    )[work](effort);
    console.log(`\n${toMarkdown("", table)}\n`);
    say(`${((performance.now() - start) / 1000).toFixed(0)} s`);
    problems.push(...found);
    record.tables[name] = table;
  }
  if (selected.includes(polls)) {
    console.log("\nPolls of a task, in virtual time:\n");
    run("cargo", ["run", "--quiet", "--release", "--example", "polls"]);
  }
  if (values.record) await writeRecord({ machine: machine(), tables: record.tables });
  if (problems.length > 0) throw new Problem(problems.join("\n  "));
}

/** Measured times are unreliable on a busy machine. */
function loadWarning() {
  const [load] = loadavg();
  const cores = availableParallelism();
  return load > cores ? ` (warning: load ${load.toFixed(1)} on ${cores} cores)` : "";
}

const machine = () => `Node ${process.versions.node}, ${cpus()[0].model}, ${availableParallelism()} cores`;

/** @returns {{ machine: string, tables: Record<string, Table> }} */
export function recorded() {
  return JSON.parse(readFileSync(recordFile, "utf8"));
}

/** @param {ReturnType<typeof recorded>} record */
async function writeRecord(record) {
  const text = await format(JSON.stringify(record), { parser: "json", printWidth: 110 });
  writeFileSync(recordFile, text);
  const { chart } = await import("../tests/bench/chart.js");
  writeFileSync(join(folder, "chart.svg"), chart(record.tables));
  for (const [name, table] of Object.entries(await reportTables(record.tables))) putTable(name, table);
  say("wrote the results to REPORT.md, chart.svg and recorded.json in tests/bench");
}

/** The tables of tests/bench/REPORT.md by name. @param {Record<string, Table>} tables */
export async function reportTables(tables) {
  const { bytes, "cold-start": coldStart, throughput, exchange, memory, scale, proxy } = tables;
  const { joinTables, toMarkdown } = await import("../tests/bench/table.js");
  const peers = joinTables(
    [
      [bytes, [1], ["bytes"]],
      [coldStart, [0, 1, 2], ["Node", "Chromium", "workerd"]],
      [exchange, [0, 1], ["exchange, µs", "KB"]],
    ],
    [...Object.keys(bytes.rows), Object.keys(exchange.rows)[0]],
  );
  return {
    peers: toMarkdown("", peers),
    throughput: toMarkdown("µs", throughput),
    memory: toMarkdown("", memory),
    scale: toMarkdown("for each task", scale),
    proxy: toMarkdown("", proxy),
  };
}

if (isMain(import.meta.url)) await main(bench);
