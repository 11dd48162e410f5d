// Writes target/site: the page and the package, for any host of static files.
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildOnce } from "./build.js";
import { writeReference } from "./docs.js";
import { isMain, main, root } from "./setup.js";

export const site = join(root, "target/site");

export function writeSite(folder = site) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const isOfWorker = (/** @type {string} */ path) => path.startsWith(join(root, "www/worker"));
  cpSync(join(root, "www"), folder, { recursive: true, filter: (path) => !isOfWorker(path) });
  cpSync(join(root, "pkg"), join(folder, "pkg"), { recursive: true });
}

if (isMain(import.meta.url)) {
  await main(async () => {
    await buildOnce();
    writeReference();
    writeSite();
  });
}
