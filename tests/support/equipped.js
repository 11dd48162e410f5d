// The apps of `tests/places`, each with the packed package, and with its tools if it has a lock file of them.
import { readFileSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { emptyFolder, installed, npm, packed } from "./packed.js";
import { runProgram } from "./program.js";

const places = fileURLToPath(new URL("../places", import.meta.url));
/** What the apps of all places share. */
const shared = ["app.mjs", "journey.mjs"];

/**
 * The folder of an app that needs nothing but the package.
 * @param {string} name of its folder
 */
export async function placed(name) {
  const folder = await installed(join(places, name));
  await share(folder);
  return folder;
}

/** @param {string} folder */
async function share(folder) {
  for (const file of shared) await cp(join(places, file), join(folder, file));
}

/** @type {Map<string, Promise<string>>} */
const folders = new Map();

/**
 * The folder of an app with its tools: outside of this project, so that no tool looks for settings or packages here.
 * @param {string} name of its folder
 * @param {string} [sources] the folder within it that the shared files go to
 */
export function equipped(name, sources = "") {
  const folder = folders.get(name) ?? equip(name, sources);
  folders.set(name, folder);
  return folder;
}

/**
 * @param {string} name
 * @param {string} sources
 */
async function equip(name, sources) {
  const folder = await emptyFolder();
  await cp(join(places, name), folder, { recursive: true });
  await mkdir(join(folder, "node_modules"), { recursive: true });
  await npm(folder, "ci", "--prefer-offline", "--no-audit", "--no-fund");
  await npm(folder, "install", "--no-save", "--prefer-offline", "--no-audit", "--no-fund", await packed());
  await share(join(folder, sources));
  return folder;
}

/** The version of a tool that an app pins. @param {string} name @param {string} [tool] */
export function pinned(name, tool = name) {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(places, name, "package.json"), "utf8"),
  );
  return { ...dependencies, ...devDependencies }[tool];
}

/**
 * A run of a tool of an app, once for each folder.
 * @param {string} name
 * @param {...string} args
 */
export function tool(name, ...args) {
  /** @type {Map<string, Promise<string>>} */
  const runs = new Map();
  const env = {
    ...process.env,
    NEXT_TELEMETRY_DISABLED: "1",
    WRANGLER_SEND_METRICS: "false",
    // As npm does: a Node that the app brings comes before that of the machine.
    PATH: `node_modules/.bin${delimiter}${process.env.PATH}`,
  };
  return (/** @type {string} */ folder) => {
    const run =
      runs.get(folder) ??
      runProgram(`node_modules/.bin/${name}`, args, { cwd: folder, env, timeout: 300_000 });
    runs.set(folder, run);
    return run;
  };
}
