// Checks by a digest whether `pkg/` was built from the current sources.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.js";

/** The sources of the package. */
const sources = [
  ...["src", "pkg-template", "www"],
  ...["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "package-lock.json"],
  ...["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"],
  ...["build.js", "documents.js", "inline.js", "module.js", "page.js", "tables.rs"].map(
    (name) => `tools/${name}`,
  ),
];

/** Folders among them that are built. */
const built = /^www[\\/]docs[\\/]/;

export function digestOfSources() {
  const hash = createHash("sha256");
  for (const path of sources.flatMap(filesIn).filter((path) => !built.test(path))) {
    const bytes = readFileSync(join(root, path));
    hash.update(`${path.replaceAll("\\", "/")} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
}

/** @param {string} path */
function filesIn(path) {
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path), { recursive: true, encoding: "utf8" })
    .map((name) => join(path, name))
    .filter((name) => statSync(join(root, name)).isFile())
    .sort();
}

/** Whether `pkg/` has a build of the same sources, made here or unpacked from a tarball. */
export function isBuilt() {
  const manifest = join(root, "pkg/package.json");
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).sources === digestOfSources();
}
