// Media files from elsewhere: the test data of packages, from the registries.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../tools/setup.js";

/** Crates with media files. README.md lists them with their licenses. */
const crates = {
  hound: "3.5.1",
  "jpeg-decoder": "0.3.2",
  "kamadak-exif": "0.6.2",
  "libwebp-sys2": "0.2.0",
  "mp3-metadata": "0.4.0",
  "mp4-atom": "0.17.0",
  shiguredo_mp4: "2026.5.0",
  tiff: "0.11.3",
  wavers: "1.5.1",
  "webp-animation": "0.10.0",
};

const npmPackages = { "bmp-js": "0.1.0", "mp3-duration": "1.1.0", "node-wav": "0.0.2", wav: "1.0.2" };

/** Only errors are printed. @type {import("node:child_process").StdioOptions} */
const quiet = ["ignore", "ignore", "inherit"];

const media = /\.(jpe?g|png|webp|gif|bmp|tiff?|mp4|mov|mp3|wav)$/i;

/** The paths in a folder, which is kept between runs. @param {string} folder */
export function registryFiles(folder) {
  const names = Object.keys(crates);
  if (!names.every((name) => existsSync(join(folder, "crates", name)))) vendorCrates(folder);
  for (const [name, version] of Object.entries(npmPackages)) {
    if (!existsSync(join(folder, name))) unpack(folder, name, version);
  }
  const folders = [...names.map((name) => join("crates", name)), ...Object.keys(npmPackages)];
  return folders.flatMap((name) =>
    readdirSync(join(folder, name), { recursive: true, encoding: "utf8" })
      .filter((path) => media.test(path))
      .sort()
      .map((path) => join(name, path)),
  );
}

/** @param {string} folder */
function vendorCrates(folder) {
  mkdirSync(join(folder, "manifest/src"), { recursive: true });
  writeFileSync(join(folder, "manifest/src/lib.rs"), "");
  const dependencies = Object.entries(crates).map(([name, version]) => `${name} = "=${version}"\n`);
  const manifest = `[package]\nname = "media"\n[workspace]\n[dependencies]\n${dependencies.join("")}`;
  writeFileSync(join(folder, "manifest/Cargo.toml"), manifest);
  run("cargo", ["vendor", "--quiet", "../crates"], { cwd: join(folder, "manifest"), stdio: quiet });
}

/** @param {string} folder @param {string} name @param {string} version */
function unpack(folder, name, version) {
  const target = join(folder, name);
  mkdirSync(target, { recursive: true });
  run("npm", ["pack", "--silent", `${name}@${version}`], { cwd: folder, stdio: quiet });
  run("tar", ["xzf", `../${name}-${version}.tgz`], { cwd: target });
}
