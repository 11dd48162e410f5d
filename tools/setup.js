// Prepares a fresh clone: npm packages, the wasm target, the wasm-bindgen tool. It imports only Node's own modules,
// because no packages may be installed yet.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const toolsDir = join(root, "target/tools");
export const wasmTarget = "wasm32-unknown-unknown";
/** The commands on Debian and Ubuntu, and those of the usual installers. */
const browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** An error that is printed as its message, without a stack. */
export class Problem extends Error {}

/**
 * Runs a command and waits for it.
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnSyncOptions} [options]
 */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (result.error) throw new Problem(`\`${command}\` could not be started: ${result.error.message}`);
  if (result.status !== 0) {
    throw new Problem(`\`${[command, ...args].join(" ")}\` failed (${result.signal ?? result.status}).`);
  }
}

/**
 * Returns the output of a command, or `undefined` if the command does not exist or fails.
 * @param {string} command
 * @param {string[]} args
 */
export function output(command, args) {
  // By default Node kills a program that prints more than a megabyte.
  const result = spawnSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 28 });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** The path of a wasm-bindgen tool: `wasm-bindgen` or `wasm-bindgen-test-runner`. @param {string} name */
export const bindgenTool = (name) =>
  join(toolsDir, "bin", process.platform === "win32" ? `${name}.exe` : name);

/** The path of an installed Chromium, or `undefined`. */
export function chromium() {
  const named = process.env.CHROMIUM;
  return [...(named ? [named] : []), ...browsers]
    .map((name) => (name.includes("/") ? name : output("which", [name])))
    .find((path) => path && existsSync(path));
}

/** @param {{ rust?: boolean }} [options] `rust`: also prepare what the crate needs */
export function setup({ rust = true } = {}) {
  checkNode();
  if (rust) checkRust();
  installPackages(root, "the npm packages");
  if (!rust) return;
  installToolchain();
  installBindgen();
}

function checkNode() {
  const { node } = JSON.parse(read("package.json")).engines;
  if (!satisfies(process.versions.node, node)) {
    throw new Problem(`Node ${node} is required, but this is ${process.version}. See https://nodejs.org.`);
  }
}

function checkRust() {
  if (!output("rustup", ["--version"])) {
    throw new Problem("Rust with rustup is required. Install it from https://rustup.rs.");
  }
}

/**
 * Whether a version satisfies a range. Supports the forms that `engines` uses: "^20.19.0 || >=22.12.0".
 * @param {string} version
 * @param {string} range
 */
export function satisfies(version, range) {
  const numbers = (/** @type {string} */ text) => text.split(".").map(Number);
  const actual = numbers(version);
  return range.split("||").some((part) => {
    const [, operator, minimum] = /^(\^|>=)(\d+\.\d+\.\d+)$/.exec(part.trim()) ?? [];
    if (!minimum) throw new Problem(`The Node range "${range}" of package.json is not supported.`);
    const required = numbers(minimum);
    const at = actual.findIndex((number, index) => number !== required[index]);
    return at < 0 || (actual[at] > required[at] && (operator === ">=" || at > 0));
  });
}

/**
 * Installs the packages of a folder's lock file, unless they are installed already.
 * @param {string} folder
 * @param {string} what printed description
 */
export function installPackages(folder, what) {
  const installed = join(folder, "node_modules/.package-lock.json");
  const lock = join(folder, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  say(`installing ${what} (once)`);
  run(
    process.platform === "win32" ? "npm.cmd" : "npm",
    ["ci", "--no-audit", "--no-fund", "--loglevel=error"],
    {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32",
    },
  );
}

/** The toolchain of rust-toolchain.toml, with its components and targets. */
function installToolchain() {
  const installed = output("rustup", ["component", "list", "--installed"]) ?? "";
  const needed = ["clippy", "rust-src", "rustfmt", `rust-std-${wasmTarget}`];
  if (needed.every((component) => installed.includes(component))) return;
  say("installing the Rust toolchain of rust-toolchain.toml (once)");
  run("rustup", ["toolchain", "install"]);
}

/** The tool must have the same version as the library, which Cargo.toml pins. */
function installBindgen() {
  const version = /^wasm-bindgen = .*"=([\d.]+)"/m.exec(read("Cargo.toml"))?.[1];
  if (!version) throw new Problem("Cargo.toml does not pin wasm-bindgen.");
  if (output(bindgenTool("wasm-bindgen"), ["--version"])?.endsWith(` ${version}`)) return;
  installTool("wasm-bindgen-cli", version);
}

/**
 * Builds a program of crates.io into `target/tools`, with the versions that its author locked. Unoptimized, because it
 * builds in half of the time, and the programs run for less than a second.
 * @param {string} crate
 * @param {string} version
 */
export function installTool(crate, version) {
  say(`building the tool ${crate} ${version} (once; takes minutes)`);
  const build = join(toolsDir, "build");
  const args = ["install", crate, "--version", `=${version}`, "--debug", "--root", toolsDir];
  const install = (/** @type {string[]} */ ...more) =>
    run("cargo", [...args, "--target-dir", build, "--quiet", "--force", ...more], {
      env: { ...process.env, CARGO_PROFILE_DEV_DEBUG: "0" },
    });
  try {
    install("--locked");
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // Mirrors of crates.io lag behind, so a locked version can be missing.
    say(`${error.message} Trying the versions that the registry has.`);
    install();
  }
  rmSync(build, { recursive: true, force: true });
}

/** @param {string} file */
export const read = (file) => readFileSync(join(root, file), "utf8");

/** @param {string} what */
export const say = (what) => console.log(`· ${what}`);

/**
 * Runs a tool's main function. A {@link Problem} is printed without a stack.
 * @param {() => unknown} work
 */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    const badOption = String(/** @type {any} */ (error).code).startsWith("ERR_PARSE_ARGS");
    if (!(error instanceof Problem || badOption)) throw error;
    console.error(`\n✗ ${/** @type {Error} */ (error).message}`);
    process.exitCode = 1;
  }
}

/** Whether a script was started directly. @param {string} url its `import.meta.url` */
export const isMain = (url) => process.argv[1] === fileURLToPath(url);

if (isMain(import.meta.url)) await main(setup);
