// Tests the tests: changes code that makes decisions in one place, and expects a test to fail. `npm run mutants` does
// this for all mutants; `-- --sample 30` for about 30, which the commit or `--seed` chooses. See
// tests/mutants/README.md.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Problem, installTool, isMain, main, output, read, root, say, toolsDir } from "./setup.js";

const version = "27.1.0";
const tool = join(toolsDir, "bin", process.platform === "win32" ? "cargo-mutants.exe" : "cargo-mutants");
const explanations = "tests/mutants/survivors.txt";

const tests = (/** @type {string[]} */ ...names) => names.map((name) => `--cargo-arg=--test=${name}`);
/** The tests that take milliseconds, and then, for the mutants that survive them, those that take seconds. */
const stages = [["--cargo-arg=--lib", ...tests("client")], tests("schedule", "serde", "simulation")];

const commit = () => process.env.GITHUB_SHA ?? output("git", ["rev-parse", "HEAD"]) ?? "";

/** @param {{ sample?: number, seed?: string }} [options] */
export function mutants({ sample, seed = commit() } = {}) {
  install();
  const all = lines(output(tool, ["mutants", "--list", "--dir", root]) ?? "");
  if (all.length === 0) throw new Problem("cargo-mutants found no mutants.");
  const isSample = sample !== undefined;
  let left = isSample ? choose(all, sample, seed) : all;
  say(`${left.length} of ${all.length} mutants${isSample ? ` (--seed ${seed})` : ""}`);
  for (const options of stages) {
    left = survivors(left, all, options);
    say(`${left.length} survive`);
  }
  check(left.map(withoutPosition), !isSample);
}

function install() {
  if (!output(tool, ["mutants", "--version"])?.endsWith(` ${version}`)) installTool("cargo-mutants", version);
}

/** Every n-th mutant, so that each file has its share. @param {string[]} all @param {number} count @param {string} seed */
function choose(all, count, seed) {
  const step = Math.ceil(all.length / count);
  const first = createHash("sha256").update(seed).digest().readUInt32BE() % step;
  return all.filter((_, index) => index % step === first);
}

/**
 * The mutants of `names` for which no test fails.
 * @param {string[]} names
 * @param {string[]} all
 * @param {string[]} options
 */
function survivors(names, all, options) {
  if (names.length === 0) return [];
  const folder = mkdtempSync(join(tmpdir(), "mutants-"));
  const results = join(folder, "mutants.out");
  try {
    // `--iterate` leaves out what an earlier run caught. (`--re` does not apply to all kinds of mutants.)
    mkdirSync(results);
    writeFileSync(join(results, "caught.txt"), all.filter((name) => !names.includes(name)).join("\n"));
    const jobs = `--jobs=${Math.min(8, availableParallelism())}`;
    const args = ["mutants", "--dir", root, "--output", folder, "--iterate", jobs, ...options];
    // This is enough, because the tests of the simulation's coverage run thousands of seeds themselves.
    const env = { SEEDS: "100", ...process.env };
    const { status } = spawnSync(tool, args, { stdio: "inherit", env });
    // 2: some survive. 3: for some, the tests do not end, which counts as a failure.
    if (![0, 2, 3].includes(status ?? 1)) throw new Problem(`cargo-mutants failed (${status}).`);
    return lines(readFileSync(join(results, "missed.txt"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compares the survivors with those that are explained. @param {string[]} survivors @param {boolean} isComplete */
function check(survivors, isComplete) {
  const unused = lines(read(explanations)).filter((line) => !line.startsWith("#"));
  const unexplained = survivors.filter((name) => {
    const index = unused.indexOf(name);
    if (index >= 0) unused.splice(index, 1);
    return index < 0;
  });
  if (unexplained.length > 0) {
    throw new Problem(`No test fails for these mutants:\n  ${unexplained.join("\n  ")}`);
  }
  if (isComplete && unused.length > 0) {
    throw new Problem(`${explanations} has mutants that do not survive:\n  ${unused.join("\n  ")}`);
  }
}

const lines = (/** @type {string} */ text) => text.split("\n").filter((line) => line.trim() !== "");

/** Line numbers change too often. @param {string} name */
const withoutPosition = (name) => name.replace(/^([^:]+):\d+:\d+:/, "$1:");

if (isMain(import.meta.url)) {
  await main(() => {
    const { values } = parseArgs({ options: { sample: { type: "string" }, seed: { type: "string" } } });
    const sample = values.sample === undefined ? undefined : Number(values.sample);
    if (sample !== undefined && !(Number.isInteger(sample) && sample > 0)) {
      throw new Problem(`\`--sample\` must be a whole number of mutants, received \`${values.sample}\`.`);
    }
    mutants({ sample, seed: values.seed });
  });
}
