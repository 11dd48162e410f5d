// The public items of the crate, a line each.
//
//   npm run api               prints them
//   npm run api -- --record   records them in tests/api/recorded.txt, with which a test compares them
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Problem, isMain, main, output, root, run, wasmTarget } from "./setup.js";

export const recorded = join(root, "tests/api/recorded.txt");

/** A separate folder, because build scripts run again when RUSTC_BOOTSTRAP changes. */
const target = join(root, "target/api");

/** The items of the crate natively, and those that only the web platform has. */
export function publicApi() {
  const web = listing("web,serde", ["--target", wasmTarget], "evolink_video::web");
  return `${listing("serde", [])}\n${web}\n`;
}

/**
 * @param {string} features
 * @param {string[]} options of cargo
 * @param {string[]} only lines with this text
 */
function listing(features, options, ...only) {
  run(
    "cargo",
    [
      ...["rustdoc", "--quiet", "--lib", "--target-dir", target, `--features=${features}`, ...options],
      ...["--", "-Zunstable-options", "--output-format=json"],
    ],
    // rustdoc writes JSON only with unstable options. rust-toolchain.toml pins their version.
    { env: { ...process.env, RUSTC_BOOTSTRAP: "1" } },
  );
  const json = join(target, options.length > 0 ? wasmTarget : "", "doc/evolink_video.json");
  const manifest = join(root, "tests/api/Cargo.toml");
  const programs = join(root, "target/programs");
  const printed = output("cargo", [
    ...["run", "--quiet", "--locked", "--manifest-path", manifest, "--target-dir", programs],
    ...["--", json, ...only],
  ]);
  if (!printed) throw new Problem("`tests/api` failed: does `public-api` read the JSON of this compiler?");
  return printed;
}

function api() {
  const { values } = parseArgs({ options: { record: { type: "boolean", default: false } } });
  const items = publicApi();
  if (values.record) writeFileSync(recorded, items);
  else process.stdout.write(items);
}

if (isMain(import.meta.url)) await main(api);
