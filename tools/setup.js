// Makes a fresh clone ready: npm packages, the wasm target, the wasm-bindgen tool. Needs only what a
// fresh machine has, so nothing but Node's own modules is imported here.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const toolsDir = join(root, "target/tools");
export const wasmTarget = "wasm32-unknown-unknown";
/** Where Debian, Ubuntu and the usual installers put it. */
const browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** What a person can do about it, in a sentence; no stack. */
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
 * What a command prints, or `undefined` if it is not there or fails.
 * @param {string} command
 * @param {string[]} args
 */
export function output(command, args) {
  // Node ends a program that prints more than a megabyte, and a call graph has more.
  const result = spawnSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 28 });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** The path of a wasm-bindgen tool: `wasm-bindgen` or `wasm-bindgen-test-runner`. @param {string} name */
export const bindgenTool = (name) =>
  join(toolsDir, "bin", process.platform === "win32" ? `${name}.exe` : name);

/** A Chromium of this machine, or `undefined`. */
export function chromium() {
  const named = process.env.CHROMIUM;
  return [...(named ? [named] : []), ...browsers]
    .map((name) => (name.includes("/") ? name : output("which", [name])))
    .find((path) => path && existsSync(path));
}

export function setup() {
  checkPrerequisites();
  installPackages(root, "the npm packages");
  installToolchain();
  installBindgen();
}

function checkPrerequisites() {
  const { node } = JSON.parse(read("package.json")).engines;
  if (!satisfies(process.versions.node, node)) {
    throw new Problem(`Node ${node} is needed, and this is ${process.version}. See https://nodejs.org.`);
  }
  if (!output("rustup", ["--version"])) {
    throw new Problem("Rust with rustup is needed: install it from https://rustup.rs, then try again.");
  }
}

/**
 * Whether a version is in a range, as far as `engines` needs: "^20.19.0 || >=22.12.0".
 * @param {string} version
 * @param {string} range
 */
export function satisfies(version, range) {
  const numbers = (/** @type {string} */ text) => text.split(".").map(Number);
  const has = numbers(version);
  return range.split("||").some((part) => {
    const [, sign, least] = /^(\^|>=)(\d+\.\d+\.\d+)$/.exec(part.trim()) ?? [];
    if (!least) throw new Problem(`package.json names Node "${range}", which this cannot read.`);
    const wants = numbers(least);
    const differs = has.findIndex((number, at) => number !== wants[at]);
    return differs < 0 || (has[differs] > wants[differs] && (sign === ">=" || differs > 0));
  });
}

/**
 * Installs what the lock file of a folder names, if that is not there yet.
 * @param {string} folder
 * @param {string} what it is
 */
export function installPackages(folder, what) {
  const installed = join(folder, "node_modules/.package-lock.json");
  const lock = join(folder, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  say(`installing ${what} (once)`);
  run(process.platform === "win32" ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
}

/** The toolchain of rust-toolchain.toml, with its components and targets. */
function installToolchain() {
  const installed = output("rustup", ["component", "list", "--installed"]) ?? "";
  const needed = ["clippy", "rustfmt", `rust-std-${wasmTarget}`];
  if (needed.every((component) => installed.includes(component))) return;
  say("installing the Rust toolchain of rust-toolchain.toml (once)");
  run("rustup", ["toolchain", "install"]);
}

/** The tool must be of the very version of the library, which Cargo.toml pins. */
function installBindgen() {
  const version = /^wasm-bindgen = .*"=([\d.]+)"/m.exec(read("Cargo.toml"))?.[1];
  if (!version) throw new Problem("Cargo.toml does not pin wasm-bindgen.");
  if (output(bindgenTool("wasm-bindgen"), ["--version"])?.endsWith(` ${version}`)) return;
  say(`building the tool wasm-bindgen ${version} (once; some minutes)`);
  const build = join(toolsDir, "build");
  const args = ["install", "wasm-bindgen-cli", "--version", `=${version}`, "--root", toolsDir];
  run("cargo", [...args, "--target-dir", build, "--quiet", "--force"]);
  rmSync(build, { recursive: true, force: true });
}

/** @param {string} file */
export const read = (file) => readFileSync(join(root, file), "utf8");

/** @param {string} what */
export const say = (what) => console.log(`· ${what}`);

/**
 * Runs a tool's main function; a problem is told in a sentence.
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

/** Whether a tool is the script that was started. @param {string} url its `import.meta.url` */
export const isMain = (url) => process.argv[1] === fileURLToPath(url);
