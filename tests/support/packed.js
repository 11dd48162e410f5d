// The package as a user gets it: packed, then installed into an empty folder.
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../tools/setup.js";
import { runProgram } from "./program.js";

/** @typedef {typeof import("../../pkg-template/index.js")} Library */
/** @typedef {typeof import("../../pkg-template/testing.js")} Testing */

/** @type {Promise<string> | undefined} */
let workplace;
/** @type {Promise<string> | undefined} */
let tarball;

after(async () => {
  if (workplace) await rm(await workplace, { recursive: true, force: true });
});

/** A new empty folder, removed after the tests of the file. */
export async function emptyFolder() {
  workplace ??= mkdtemp(join(tmpdir(), "evolink-video-"));
  return mkdtemp(join(await workplace, "app-"));
}

/** The packed `pkg/`: made once for each test file. @returns {Promise<string>} its path */
export function packed() {
  return (tarball ??= pack());
}

async function pack() {
  if (!existsSync(join(root, "pkg/package.json"))) {
    throw new Error("pkg/ is not there: run `npm run build` first.");
  }
  const folder = await emptyFolder();
  await npm(root, "pack", join(root, "pkg"), "--ignore-scripts", "--pack-destination", folder);
  const [name] = await readdir(folder);
  return join(folder, name);
}

/**
 * A folder with nothing but the installed package and the files of an app.
 * @param {...string} apps folders of such files
 */
export async function installed(...apps) {
  const folder = await emptyFolder();
  // Without it, npm would take a folder further up for the project.
  await mkdir(join(folder, "node_modules"));
  await npm(folder, "install", "--offline", "--no-audit", "--no-fund", await packed());
  for (const app of apps) await cp(app, folder, { recursive: true });
  return folder;
}

/**
 * The installed entries, each a fresh module with an instance of its own.
 * @param {string} folder an {@link installed} one
 * @returns {Promise<Library & Testing>}
 */
export async function imported(folder) {
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
