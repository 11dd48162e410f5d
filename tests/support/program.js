import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

/**
 * Runs a program until it exits. Rejects with its output if it fails.
 * @param {string} file
 * @param {string[]} args
 * @param {import("node:child_process").ExecFileOptions} [options]
 * @returns {Promise<string>} its standard output
 */
export function runProgram(file, args, options = {}) {
  return new Promise((resolve, reject) => {
    execFile(file, args, { timeout: 60_000, ...options, encoding: "utf8" }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const command = [file, ...args].join(" ");
      reject(new Error(`\`${command}\` failed (${error.code ?? error.signal}):\n${stdout}\n${stderr}`));
    });
  });
}

/** Finds a free port, because not every program can choose one and print it. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}

/**
 * A process group of its own also outlives an interrupted test.
 * @param {() => void} kill
 * @returns {() => void} forgets it
 */
function killWithThisProcess(kill) {
  const signals = /** @type {const} */ (["SIGINT", "SIGTERM"]);
  const killBoth = (/** @type {NodeJS.Signals} */ signal) => {
    kill();
    process.kill(process.pid, signal);
  };
  process.once("exit", kill);
  for (const signal of signals) process.once(signal, killBoth);
  return () => {
    process.off("exit", kill);
    for (const signal of signals) process.off(signal, killBoth);
  };
}

const startTimeoutMs = 60_000;

/**
 * Starts a server, and waits until it is ready.
 * @param {string} file
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions & { findUrl?: (signal: AbortSignal) => Promise<string> }} [options]
 *   `findUrl`: waits for its URL; default: the program prints it
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startProgram(file, args, { findUrl, ...options } = {}) {
  // Its own process group, so that its child processes end with it.
  const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const kill = () => {
    if (child.pid && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, "SIGKILL");
  };
  const stop = async () => {
    forget();
    kill();
    if (child.pid) await ended;
  };
  const forget = killWithThisProcess(kill);
  /** @type {string[]} */
  const printed = [];
  const done = new AbortController();
  try {
    const url = await new Promise((resolve, reject) => {
      const fail = (/** @type {string} */ problem) =>
        reject(new Error(`${problem} \`${[file, ...args].join(" ")}\`:\n${printed.join("\n")}`));
      AbortSignal.timeout(startTimeoutMs).onabort = () => fail(`No URL after ${startTimeoutMs / 1000} s:`);
      child.on("error", reject);
      child.on("exit", (code) => fail(`Exit code ${code}:`));
      for (const stream of [child.stdout, child.stderr])
        createInterface(/** @type {import("node:stream").Readable} */ (stream)).on("line", (line) => {
          // Remove color codes.
          const plain = line.replace(/\x1b\[[\d;]*m/g, "");
          printed.push(plain);
          const found = /https?:\/\/[\w.[\]:]+/.exec(plain);
          if (found && !findUrl) resolve(found[0]);
        });
      findUrl?.(done.signal).then(resolve, reject);
    });
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    done.abort();
  }
}
