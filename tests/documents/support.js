// Runs code blocks of the documents with the packed package.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeBlocks } from "../../tools/documents.js";
import { installPackage } from "../support/packed.js";
import { runProgram } from "../support/program.js";

/** The code of the blocks that have a name. @param {string} name */
export const blocksNamed = (name) =>
  codeBlocks()
    .filter((block) => block.kind === "run" && block.name === name)
    .map(({ code }) => code);

/** Replaces the real API with the emulator. Loaded before the snippet. */
const preload = `
import { createEmulator } from "evolink-video/testing";
export const emulator = createEmulator({ estimatedTime: 1, taskTime: 1 });
globalThis.fetch = emulator.fetch;
process.on("exit", () => console.log("CHARGES", emulator.counts.charges));
`;

/** An image of 640 by 480 pixels. */
const portrait = "R0lGODlhgALgAYAAAAAAAP///ywAAAAAgALgAQACAkQBADs=";

/** @type {Promise<string> | undefined} */
let folder;
export const app = () => (folder ??= createApp());

async function createApp() {
  const cwd = await installPackage();
  await writeFile(join(cwd, "preload.mjs"), preload);
  await writeFile(join(cwd, "portrait.gif"), Buffer.from(portrait, "base64"));
  return cwd;
}

/**
 * Runs a script with the installed package and the emulator.
 * @param {string} name
 * @param {string} code
 * @param {string[]} flags of Node
 */
export async function runInNode(name, code, flags = ["--import", "./preload.mjs"]) {
  const cwd = await app();
  await writeFile(join(cwd, `${name}.mjs`), code);
  const env = { ...process.env, EVOLINK_API_KEY: "sk-test" };
  return runProgram(process.execPath, [...flags, `${name}.mjs`], { cwd, env });
}
