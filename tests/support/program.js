import { execFile } from "node:child_process";

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
