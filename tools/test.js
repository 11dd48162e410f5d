// Runs the checks, the fastest first. The last line of the output is "N passed, N failed".
// `--all` also tests the package in places that need further tools; this takes minutes, and downloads hundreds of
// megabytes.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "./build.js";
import { mutants } from "./mutants.js";
import { bindgenTool, chromium, isMain, main, output, root, run, setup, wasmTarget } from "./setup.js";

/** @typedef {"chromium" | "chromedriver" | "drivers" | "mediaTools"} Need */
/** @typedef {{ name: string, work: () => unknown, needs?: Need }} Check */

const bin = (/** @type {string} */ name) => join(root, "node_modules/.bin", name);

/** @param {string[]} args */
const cargo = (...args) => run("cargo", args);

/** @param {"node" | "browser"} host */
const wasmTests = (host) =>
  run("cargo", ["test", "--target", wasmTarget, "--features=npm-client,serde", "--test", `wasm_${host}`], {
    env: {
      ...process.env,
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: bindgenTool("wasm-bindgen-test-runner"),
      ...(host === "browser" && { CHROMEDRIVER: output("which", ["chromedriver"]) }),
    },
  });

/** @type {Check[]} */
const checks = [
  { name: "Rust: format", work: () => cargo("fmt", "--check") },
  {
    name: "Rust: lints",
    work: () => cargo("clippy", "--quiet", "--all-targets", "--all-features", "--", "-D", "warnings"),
  },
  {
    name: "Rust: lints for wasm",
    work: () =>
      cargo(
        "clippy",
        "--quiet",
        "--target",
        wasmTarget,
        "--features=npm-client,npm-media,serde",
        "--tests",
        "--",
        "-D",
        "warnings",
      ),
  },
  {
    name: "Rust: documentation",
    work() {
      const env = { ...process.env, RUSTDOCFLAGS: "-D warnings" };
      for (const features of [["--all-features"], ["--target", wasmTarget, "--features=web,serde"]])
        run("cargo", ["doc", "--quiet", "--no-deps", ...features], { env });
    },
  },
  {
    name: "Rust: package",
    // In CI, files that are not committed fail.
    work: () => cargo("publish", "--dry-run", "--quiet", ...(process.env.CI ? [] : ["--allow-dirty"])),
  },
  { name: "Rust: domain and client", work: () => cargo("test", "--quiet", "--all-features") },
  { name: "bindings in Node", work: () => wasmTests("node") },
  { name: "bindings in Chromium", work: () => wasmTests("browser"), needs: "chromedriver" },
  { name: "JavaScript: format", work: () => run(bin("prettier"), ["--check", "--log-level", "warn", "."]) },
  { name: "the package builds", work: build },
  {
    name: "JavaScript: types",
    work() {
      for (const project of [".", "www/worker"]) run(bin("tsc"), ["-p", project]);
    },
  },
  {
    name: "emulator, package, page, documents",
    work: () => runTests(testFiles().filter((file) => !isSlow(file))),
  },
];

const placesFolder = join("tests", "places");
const programs = join("tests", "programs", "programs.test.js");
const lighthouse = join("tests", "page", "lighthouse.test.js");
const api = join("tests", "api", "api.test.js");
const oracles = join("tests", "media", "oracles.test.js");
const jobs = ["alarm", "bullmq", "engines"].map((name) => join("tests", "durable", `${name}.test.js`));
const recipes = join("tests", "server", "recipes.test.js");

/** @param {string} file */
const isSlow = (file) =>
  file.startsWith(placesFolder) || [programs, lighthouse, api, oracles, recipes, ...jobs].includes(file);

/** @type {Check[]} */
const slowChecks = [
  { name: "the public items of the crate", work: () => runTests([api]) },
  { name: "a sample of the mutants", work: () => mutants({ sample: 30 }) },
  { name: "media against other tools", work: () => runTests([oracles]), needs: "mediaTools" },
  { name: "Rust programs", work: () => runTests([programs]) },
  { name: "durable jobs", work: () => runTests(jobs) },
  { name: "the proxy in its hosts", work: () => runTests([recipes]) },
  { name: "the package in bundlers", work: () => placeTests("bundlers"), needs: "chromium" },
  { name: "the package in runtimes", work: () => placeTests("runtimes") },
  { name: "the package in test runners", work: () => placeTests("runners") },
  { name: "the package in an extension", work: () => placeTests("extension"), needs: "chromium" },
  { name: "the package in browsers", work: () => placeTests("browsers"), needs: "drivers" },
  { name: "the page in Lighthouse", work: () => runTests([lighthouse]), needs: "chromium" },
  { name: "the page in browsers", work: () => placeTests("page"), needs: "drivers" },
];

/** @param {string} name */
const placeTests = (name) => runTests([join(placesFolder, `${name}.test.js`)]);

/** Runs the files one after the other, because they start browsers and measure delays. @param {string[]} files */
function runTests(files) {
  run(process.execPath, ["--test", "--test-concurrency=1", "--test-reporter=spec", ...files]);
}

function testFiles() {
  const files = readdirSync(join(root, "tests"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".test.js") && !file.includes("node_modules"))
    .sort()
    .map((file) => join("tests", file));
}

/** The reason why a check cannot run on this machine. In CI, all checks must run. @param {Check} check */
function missing({ needs }) {
  if (process.env.CI || !needs) return undefined;
  if (needs === "mediaTools") {
    const absent = ["ffprobe", "exiftool", "identify"].find((name) => !output("which", [name]));
    return absent && `there is no ${absent} on this machine`;
  }
  if (!chromium()) return "there is no Chromium on this machine";
  if (needs === "drivers") {
    const absent = ["firefox-esr", "WebKitWebDriver", "xvfb-run"].find((name) => !output("which", [name]));
    if (absent) return `there is no ${absent} on this machine`;
  }
  if (needs === "chromedriver" && !output("which", ["chromedriver"]))
    return "there is no chromedriver on this machine";
  return undefined;
}

async function test() {
  const { values } = parseArgs({ options: { all: { type: "boolean", default: false } } });
  const asked = values.all ? [...checks, ...slowChecks] : checks;
  setup();
  const failed = [];
  let skipped = 0;
  for (const check of asked) {
    const why = missing(check);
    console.log(`\n── ${check.name}${why ? `: skipped, ${why}` : ""}`);
    if (why) {
      skipped++;
      continue;
    }
    const began = performance.now();
    try {
      await check.work();
    } catch (error) {
      failed.push(check.name);
      console.error(`✗ ${error instanceof Error ? error.message : error}`);
    }
    console.log(`   ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
  for (const name of failed) console.error(`\n✗ failed: ${name}`);
  const passed = asked.length - failed.length - skipped;
  console.log(`\n${passed} passed, ${failed.length} failed${skipped ? `, ${skipped} skipped` : ""}`);
  if (failed.length > 0) process.exitCode = 1;
}

if (isMain(import.meta.url)) await main(test);
