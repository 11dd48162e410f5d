// A Redis for a test, where one is installed.
import { spawn, spawnSync } from "node:child_process";
import { freePort } from "./program.js";

const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

/** For the option `skip`: in CI, a missing server is a failure. */
export const skipWithoutRedis = process.env.CI || hasRedis ? false : "redis-server is not installed";

/** On a port of its own, in memory. */
export async function startRedis() {
  const port = await freePort();
  const child = spawn("redis-server", ["--port", String(port), "--save", "", "--appendonly", "no"]);
  await new Promise((resolve, reject) => {
    child.once("exit", reject);
    child.once("error", reject);
    child.stdout.on("data", (chunk) => String(chunk).includes("Ready to accept") && resolve(undefined));
  });
  return { port, stop: () => child.kill("SIGKILL") };
}
