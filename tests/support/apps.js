// Installs the apps of `tests/places` with the packed package, and with their tools.
import { readFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installLocked, installPackage } from "./packed.js";
import { runProgram } from "./program.js";

const appsFolder = fileURLToPath(new URL("../places", import.meta.url));
/** Files that all apps share. */
const sharedFiles = ["app.mjs", "journey.mjs"];

/**
 * Installs an app without tools, and returns its folder.
 * @param {string} name
 */
export async function appFolder(name) {
  const folder = await installPackage(join(appsFolder, name));
  await copySharedFiles(folder);
  return folder;
}

/** @param {string} folder */
async function copySharedFiles(folder) {
  for (const file of sharedFiles) await cp(join(appsFolder, file), join(folder, file));
}

/** @type {Map<string, Promise<string>>} */
const folders = new Map();

/**
 * Installs an app with its tools, and returns its folder. It is outside of this project, so that tools find no
 * configuration or packages here.
 * @param {string} name
 * @param {string} [sources] the folder within the app for the shared files
 */
export function appWithTools(name, sources = "") {
  const folder = folders.get(name) ?? installApp(name, sources);
  folders.set(name, folder);
  return folder;
}

/**
 * @param {string} name
 * @param {string} sources
 */
async function installApp(name, sources) {
  const folder = await installLocked(join(appsFolder, name));
  await copySharedFiles(join(folder, sources));
  return folder;
}

/** The pinned version of an app's tool. @param {string} name @param {string} [tool] */
export function pinnedVersion(name, tool = name) {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(appsFolder, name, "package.json"), "utf8"),
  );
  return { ...dependencies, ...devDependencies }[tool];
}

/**
 * Returns a function that runs a tool of an app, once for each folder.
 * @param {string} name
 * @param {...string} args
 */
export function toolRunner(name, ...args) {
  /** @type {Map<string, Promise<string>>} */
  const runs = new Map();
  const env = {
    ...process.env,
    NEXT_TELEMETRY_DISABLED: "1",
    WRANGLER_SEND_METRICS: "false",
    // As in npm scripts: an app's own Node takes precedence over that of the machine.
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
