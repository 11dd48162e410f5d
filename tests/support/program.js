import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
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

/**
 * Starts a program that serves, and waits until it has printed where.
 * @param {string} file
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions & { says?: RegExp }} [options] `says`: what it prints when it
 *   listens, with the address as its group
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startProgram(file, args, { says = /(https?:\/\/[\w.[\]:]+)/, ...options } = {}) {
  // A group of its own: what it started in turn ends with it.
  const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const ended = once(child, "exit");
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      process.kill(-Number(child.pid), "SIGKILL");
      await ended;
    }
  };
  /** @type {string[]} */
  const printed = [];
  const late = AbortSignal.timeout(60_000);
  try {
    const url = await new Promise((resolve, reject) => {
      const told = () => `\`${[file, ...args].join(" ")}\`:\n${printed.join("\n")}`;
      late.onabort = () => reject(new Error(`It does not serve. ${told()}`));
      child.on("error", reject);
      child.on("exit", (code) => reject(new Error(`It ended with ${code}. ${told()}`)));
      for (const stream of [child.stdout, child.stderr])
        createInterface(/** @type {import("node:stream").Readable} */ (stream)).on("line", (line) => {
          // Without its colours.
          const plain = line.replace(/\x1b\[[\d;]*m/g, "");
          printed.push(plain);
          const found = says.exec(plain);
          if (found) resolve(found[1]);
        });
    });
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
