// Packs the package and installs it into an empty folder, as for a user.
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../tools/setup.js";
import { runProgram } from "./program.js";

/** @typedef {typeof import("../../pkg-template/index.js")} Library */
/** @typedef {typeof import("../../pkg-template/testing.js")} Testing */

/** @type {Promise<string> | undefined} */
let temporary;
/** @type {Promise<string> | undefined} */
let tarball;

after(async () => {
  if (temporary) await rm(await temporary, { recursive: true, force: true });
});

/** Creates an empty folder, which is removed after the tests of the file. */
export async function emptyFolder() {
  temporary ??= mkdtemp(join(tmpdir(), "evolink-video-"));
  return mkdtemp(join(await temporary, "app-"));
}

/** Packs `pkg/`, once for each test file. @returns {Promise<string>} the path of the tarball */
export function packTarball() {
  return (tarball ??= pack());
}

async function pack() {
  if (!existsSync(join(root, "pkg/package.json"))) {
    throw new Error("pkg/ does not exist. Run `npm run build` first.");
  }
  const folder = await emptyFolder();
  await npm(root, "pack", join(root, "pkg"), "--ignore-scripts", "--pack-destination", folder);
  const [name] = await readdir(folder);
  return join(folder, name);
}

/**
 * Installs the package into an empty folder, with the files of apps.
 * @param {...string} apps folders of these files
 */
export async function installPackage(...apps) {
  const folder = await emptyFolder();
  // Without it, npm would install into a parent folder.
  await mkdir(join(folder, "node_modules"));
  await npm(folder, "install", "--offline", "--no-audit", "--no-fund", await packTarball());
  for (const app of apps) await cp(app, folder, { recursive: true });
  return folder;
}

/**
 * Installs the package next to the packages of an app's lock file.
 * @param {string} app the folder of its files
 */
export async function installLocked(app) {
  const folder = await emptyFolder();
  const isInstalled = (/** @type {string} */ path) => basename(path) === "node_modules";
  await cp(app, folder, { recursive: true, filter: (path) => !isInstalled(path) });
  await mkdir(join(folder, "node_modules"), { recursive: true });
  const flags = ["--prefer-offline", "--no-audit", "--no-fund"];
  await npm(folder, "ci", ...flags);
  await npm(folder, "install", "--no-save", ...flags, await packTarball());
  return folder;
}

/**
 * Imports the installed entries, as new modules with their own instance.
 * @param {string} folder from {@link installPackage}
 * @returns {Promise<Library & Testing>}
 */
export async function importPackage(folder) {
  const load = (/** @type {string} */ entry) =>
    import(pathToFileURL(join(folder, "node_modules/evolink-video", entry)).href);
  return { ...(await load("index.js")), ...(await load("testing.js")) };
}

/**
 * @param {string} folder
 * @param {...string} args
 */
export function npm(folder, ...args) {
  const windows = process.platform === "win32";
  return runProgram(windows ? "npm.cmd" : "npm", args, { cwd: folder, shell: windows, timeout: 300_000 });
}
