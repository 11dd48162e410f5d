// Writes the API reference into www/docs: TypeDoc over the types of the npm package with the guides, and rustdoc of the
// crate. Also writes the parts of the guides that come from the code: files and tables of error codes.
import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { codeTables, fillFiles, putTable } from "./documents.js";
import {
  Problem,
  installPackages,
  isMain,
  main,
  output,
  root,
  run,
  say,
  setup,
  wasmTarget,
} from "./setup.js";

const folder = join(root, "tools/reference");
export const reference = join(root, "www/docs");
/** The same as data, for tests. */
export const referenceJson = join(root, "target/reference.json");

/** Writes the parts of the guides that come from the code. */
function writeGuides() {
  fillFiles();
  const { codes } = JSON.parse(output("cargo", ["run", "--quiet", "--example", "tables"]) ?? "{}");
  for (const [name, table] of Object.entries(codeTables(codes))) putTable(name, table);
}

/** Writes the reference of the npm package. Fails if a link is broken. */
export function writeReference() {
  if (!existsSync(join(root, "target/npm/unions.d.ts"))) throw new Problem("Run `npm run build` first.");
  installPackages(folder, "TypeDoc");
  run(process.execPath, [join(folder, "node_modules/typedoc/bin/typedoc")], { cwd: folder });
}

/** Writes the reference of the crate, with the module `web`, which only this target has. */
function writeCrate() {
  run("cargo", ["doc", "--quiet", "--no-deps", "--target", wasmTarget, "--features=web,serde"]);
  const written = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), wasmTarget, "doc");
  rmSync(join(reference, "rust"), { recursive: true, force: true });
  cpSync(written, join(reference, "rust"), { recursive: true });
}

if (isMain(import.meta.url)) {
  await main(async () => {
    setup();
    writeGuides();
    writeReference();
    writeCrate();
    say("wrote www/docs");
  });
}
