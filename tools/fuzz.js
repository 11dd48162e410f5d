// Fuzzes the tags, the validator and the media inspector: `node tools/fuzz.js [seconds=60]`, with the time for each
// target. The corpus is kept in target/fuzz and reused by the next run. Add a regression test for each finding.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { Problem, installTool, isMain, main, output, root, run, say, toolsDir } from "./setup.js";

/** The most megabytes that one allocation of a target may have; without a row, as many as the process. @type {Record<string, number>} */
const largestAllocation = { media: 4 };

const version = "0.13.2";
const project = join(root, "tests/fuzz");
const work = join(root, "target/fuzz");
// cargo-fuzz uses the active toolchain, and sanitizers require nightly.
const env = {
  ...process.env,
  RUSTUP_TOOLCHAIN: "nightly",
  PATH: [join(toolsDir, "bin"), process.env.PATH].join(delimiter),
};

function fuzz() {
  const seconds = Number(process.argv[2] ?? 60);
  if (!Number.isInteger(seconds) || seconds < 1) {
    throw new Problem(`The time must be a whole number of seconds, received \`${process.argv[2]}\`.`);
  }
  checkTools();
  const targets = readdirSync(join(project, "targets")).map((file) => basename(file, ".rs"));
  const failed = targets.filter((target) => !runTarget(target, seconds));
  if (failed.length > 0) {
    throw new Problem(`${failed.join(" and ")} failed. The input is in target/fuzz; add a test with it.`);
  }
}

function checkTools() {
  if (!output("rustup", ["run", "nightly", "rustc", "--version"])) {
    throw new Problem("Fuzzing requires Rust's nightly toolchain. Run `rustup toolchain install nightly`.");
  }
  if (!output("c++", ["--version"])) {
    throw new Problem("Fuzzing requires a C++ compiler, such as `g++` or that of Xcode.");
  }
  const tool = join(toolsDir, "bin/cargo-fuzz");
  if (!output(tool, ["--version"])?.endsWith(` ${version}`)) installTool("cargo-fuzz", version);
}

/**
 * Runs a target and prints the result. Returns whether all inputs passed.
 * @param {string} target
 * @param {number} seconds
 */
function runTarget(target, seconds) {
  const corpus = join(work, "corpus", target);
  const findings = join(work, "found", target, "/");
  for (const folder of [corpus, findings]) mkdirSync(folder, { recursive: true });
  const build = ["--fuzz-dir", project, "--target-dir", join(work, "build")];
  run("cargo", ["fuzz", "build", ...build, target], { cwd: project, env });
  say(`${target}: ${seconds} s`);
  const options = [`-max_total_time=${seconds}`, `-artifact_prefix=${findings}`, "-dict=words.dict"];
  const limits = ["-timeout=5", "-rss_limit_mb=2048", "-max_len=4096", "-len_control=20"];
  limits.push(`-malloc_limit_mb=${largestAllocation[target] ?? 0}`);
  const args = ["fuzz", "run", ...build, target, corpus, "--", ...options, ...limits, "-print_final_stats=1"];
  const { status, stderr } = spawnSync("cargo", args, {
    cwd: project,
    env,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  const count = /number_of_executed_units: (\d+)/.exec(stderr)?.[1] ?? "no";
  const failed = status !== 0;
  // Print from the panic, or from libFuzzer's error. The output before it is not relevant.
  if (failed)
    console.error(stderr.slice(Math.max(0, stderr.search(/^.*panicked at|==ERROR/m))).slice(0, 2000));
  say(`${target}: ${count} inputs, ${failed ? "the last one failed" : "all passed"}`);
  return !failed;
}

if (isMain(import.meta.url)) await main(fuzz);
