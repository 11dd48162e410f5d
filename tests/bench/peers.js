// The subjects of the benchmarks: this package and its peers. Each is a module whose `first` constructs a client or
// validates a request.
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
  // Its constructor throws in a page.
  ["@runwayml/sdk", "runway", false],
  ["lumaai", "luma"],
  ["zod, shape alone", "zod"],
  ["valibot, shape alone", "valibot"],
  ["ajv, shape alone", "ajv"],
  ["our rules in JavaScript", "handwritten"],
];

/** The folder of the benchmark, which has its own packages. */
export const folder = fileURLToPath(new URL(".", import.meta.url));

/** @typedef {{ name: string, path: string, page?: false }} Subject */

/** @type {Subject[]} */
export const subjects = named.map(([name, file, page]) => ({
  ...{ name, page },
  path: fileURLToPath(new URL(`subjects/${file}.js`, import.meta.url)),
}));

export const ours = subjects[0].name;

/** Installs the peers and links the built package, so that every host resolves its own entry. */
export function installPeers() {
  installPackages(folder, "the peers");
  const link = join(folder, "node_modules/evolink-video");
  rmSync(link, { recursive: true, force: true });
  symlinkSync(join(root, "pkg"), link, "junction");
}
