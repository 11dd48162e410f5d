import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * Runs a program to its end; rejects with all that it wrote if it fails.
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

/** How long a program may take until it serves, milliseconds. */
const patienceMs = 60_000;

/**
 * Starts a program that serves, and waits until it does.
 * @param {string} file
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions & { serves?: (signal: AbortSignal) => Promise<string> }} [options]
 *   `serves`: finds out its address, until the signal; default: the program prints it
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startProgram(file, args, { serves, ...options } = {}) {
  // A group of its own: what it started in turn ends with it.
  const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const stop = async () => {
    if (child.pid && child.exitCode === null && child.signalCode === null) {
      process.kill(-child.pid, "SIGKILL");
      await ended;
    }
  };
  /** @type {string[]} */
  const printed = [];
  const over = new AbortController();
  try {
    const url = await new Promise((resolve, reject) => {
      const fail = (/** @type {string} */ what) =>
        reject(new Error(`${what} \`${[file, ...args].join(" ")}\`:\n${printed.join("\n")}`));
      AbortSignal.timeout(patienceMs).onabort = () => fail(`It does not serve after ${patienceMs / 1000} s.`);
      child.on("error", reject);
      child.on("exit", (code) => fail(`It ended with ${code}.`));
      for (const stream of [child.stdout, child.stderr])
        createInterface(/** @type {import("node:stream").Readable} */ (stream)).on("line", (line) => {
          // Without its colours.
          const plain = line.replace(/\x1b\[[\d;]*m/g, "");
          printed.push(plain);
          const found = /https?:\/\/[\w.[\]:]+/.exec(plain);
          if (found && !serves) resolve(found[0]);
        });
      serves?.(over.signal).then(resolve, reject);
    });
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    over.abort();
  }
}
