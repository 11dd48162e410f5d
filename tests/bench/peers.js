// What is measured: ours, and what others do. Each subject is a module whose `first` imports and constructs a client,
// or does one validation.
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages, root } from "../../tools/setup.js";

/** @type {[name: string, file: string, page?: false][]} */
const named = [
  ["evolink-video", "evolink-video"],
  ["@fal-ai/client", "fal"],
  ["replicate", "replicate"],
  ["openai", "openai"],
  // It refuses to be constructed in a page.
  ["@runwayml/sdk", "runway", false],
  ["lumaai", "luma"],
  ["zod, shape alone", "zod"],
  ["valibot, shape alone", "valibot"],
  ["ajv, shape alone", "ajv"],
  ["our rules in JavaScript", "handwritten"],
];

/** The folder of the bench, which has its own packages. */
export const folder = fileURLToPath(new URL(".", import.meta.url));

/** @typedef {{ name: string, path: string, page?: false }} Subject */

/** @type {Subject[]} */
export const subjects = named.map(([name, file, page]) => ({
  ...{ name, page },
  path: fileURLToPath(new URL(`subjects/${file}.js`, import.meta.url)),
}));

export const ours = subjects[0].name;

/** Installs the peers, and beside them the package as it was built: every host takes its own entry of it. */
export function installPeers() {
  installPackages(folder, "the peers");
  const link = join(folder, "node_modules/evolink-video");
  rmSync(link, { recursive: true, force: true });
  symlinkSync(join(root, "pkg"), link, "junction");
}
