// Builds `pkg/`, the npm package: the compiled module, the scripts of pkg-template/ around it, the types.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import {
  Problem,
  bindgenTool,
  isMain,
  main,
  output,
  read,
  root,
  run,
  say,
  setup,
  wasmTarget,
} from "./setup.js";

const template = join(root, "pkg-template");
const pkg = join(root, "pkg");
export const work = join(root, "target/npm");

/** The entries of the package, and the condition that picks their way to the module. */
const entries = [
  { entry: "index.js", out: "index.js" },
  { entry: "index.js", out: "index.cjs" },
  { entry: "index.js", out: "workerd.js", condition: "workerd" },
  { entry: "index.js", out: "edge-light.js", condition: "edge-light" },
  { entry: "core.js", out: "core.js", condition: "core" },
  { entry: "core.js", out: "core.cjs", condition: "core" },
  { entry: "testing.js", out: "testing.js" },
  { entry: "testing.js", out: "testing.cjs" },
];

export async function build() {
  for (const folder of [pkg, work]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  compile();
  await writeGlue(shorten());
  writeTables();
  writeBytes();
  for (const entry of entries) await bundle(entry);
  copyRest();
  await report();
}

export function compile() {
  say("compiling the module");
  // Panic messages name source files; without this, by their place on this machine.
  const home = process.env.CARGO_HOME ?? join(process.env.HOME ?? process.env.USERPROFILE ?? "", ".cargo");
  const flags = [`--remap-path-prefix=${home}=cargo`, `--remap-path-prefix=${root}=.`];
  run("cargo", ["build", "--release", "--lib", "--quiet", "--target", wasmTarget], {
    env: { ...process.env, CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") },
  });
  const compiled = join(root, "target", wasmTarget, "release/evolink_video.wasm");
  run(bindgenTool("wasm-bindgen"), ["--target", "bundler", "--no-typescript", "--out-dir", work, compiled]);
}

/**
 * Makes the module smaller, all the same with the names of its functions as without them.
 * @param {string} to
 * @param {{ names?: boolean }} [options]
 */
export function optimize(to, { names = false } = {}) {
  wasmOpt(join(work, "evolink_video_bg.wasm"), to, [
    "-Oz",
    "--converge",
    // Larger functions stay apart even if called from one place only: raw it is 1 % more, brotli 2 % less.
    "--one-caller-inline-max-function-size=40",
    ...(names ? ["--debuginfo"] : ["--strip-debug"]),
    "--strip-producers",
  ]);
}

/**
 * @returns {{ imports: [module: string, name: string, short: string][], exports: [name: string, short: string][] }}
 *   the names that it shortened; the module that all imports come from is now "a"
 */
function shorten() {
  const optimized = join(work, "optimized.wasm");
  optimize(optimized);
  // On its own: each round of --converge would shorten the names anew.
  return JSON.parse(
    wasmOpt(optimized, join(pkg, "client.wasm"), ["--minify-imports-and-exports-and-modules"]),
  );
}

/**
 * @param {string} from
 * @param {string} to
 * @param {string[]} passes
 */
function wasmOpt(from, to, passes) {
  // What rustc emits by default and every supported host has.
  const features = [
    "bulk-memory",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
  ];
  const tool = join(root, "node_modules/binaryen/bin/wasm-opt");
  const enable = features.map((feature) => `--enable-${feature}`);
  const printed = output(process.execPath, [tool, ...passes, ...enable, from, "-o", to]);
  if (printed === undefined) throw new Problem("`wasm-opt` failed.");
  return printed;
}

/**
 * wasm-bindgen keeps the instance in variables of its module. Within a function each instance has
 * variables of its own, so that after a trap a fresh one can be made beside the broken one.
 * @param {ReturnType<typeof shorten>} names
 */
async function writeGlue({ imports, exports }) {
  const short = new Map(exports);
  const glue = readFileSync(join(work, "evolink_video_bg.js"), "utf8").replace(
    /\bwasm\.(\w+)/g,
    (whole, name) => `wasm.${short.get(name) ?? whole}`,
  );
  const api = [...glue.matchAll(/^export (?:function|const) ([a-zA-Z]\w*)/gm)].map(([, name]) => name);
  writeFileSync(join(work, "bindgen.js"), glue);
  writeFileSync(
    join(work, "imports.js"),
    `export { ${imports.map(([, name, short]) => `${name} as ${short}`).join(", ")} } from "./bindgen.js";\n`,
  );
  writeFileSync(
    join(work, "connected.js"),
    `import * as imports from "./imports.js";
import { __wbg_set_wasm } from "./bindgen.js";
export { ${api.join(", ")} } from "./bindgen.js";
export function connect(module, guard) {
  const exports = guard(new WebAssembly.Instance(module, { a: imports }).exports);
  __wbg_set_wasm(exports);
  exports.${short.get("__wbindgen_start")}();
}
`,
  );
  const esbuild = await import("esbuild");
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(work, "connected.js")],
    bundle: true,
    format: "iife",
    globalName: "glue",
    target: "es2022",
    write: false,
  });
  writeFileSync(
    join(work, "glue.js"),
    `export function createGlue() {\n${outputFiles[0].text}\nreturn glue;\n}\n`,
  );
}

/** The tables of the domain, which Rust prints. */
function writeTables() {
  const printed = output("cargo", ["run", "--quiet", "--example", "tables"]);
  if (!printed) throw new Problem("`cargo run --example tables` failed.");
  const { version, limits, jsonSchema } = JSON.parse(printed);
  writeFileSync(
    join(work, "tables.js"),
    `export const version = ${JSON.stringify(version)};
export const limits = ${JSON.stringify(limits)};
export const jsonSchema = ${JSON.stringify(jsonSchema)};
`,
  );
}

/**
 * The module as a string, a character for each byte: as UTF-8 and after brotli it is about as small as the
 * module itself, where base64 adds a third (the README's table has the sizes).
 */
function writeBytes() {
  const bytes = readFileSync(join(pkg, "client.wasm"));
  writeFileSync(
    join(work, "wasm.js"),
    `const text = ${JSON.stringify(bytes.toString("latin1"))};

export function bytes() {
  const bytes = new Uint8Array(${bytes.length});
  for (let i = 0; i < ${bytes.length}; i++) {
    const code = text.charCodeAt(i);
    if (!(code < 256)) {
      throw new Error("evolink-video was damaged on its way: serve its script as UTF-8");
    }
    bytes[i] = code;
  }
  return bytes;
}
`,
  );
}

/** @param {typeof entries[number]} entry */
async function bundle({ entry, out, condition }) {
  const esbuild = await import("esbuild");
  await esbuild.build({
    entryPoints: [join(template, entry)],
    outfile: join(pkg, out),
    bundle: true,
    charset: "utf8",
    conditions: condition ? [condition] : [],
    format: out.endsWith(".cjs") ? "cjs" : "esm",
    target: "es2022",
    plugins: [
      {
        name: "generated",
        setup(build) {
          build.onResolve({ filter: /^#(glue|tables|wasm)$/ }, ({ path }) => ({
            path: join(work, `${path.slice(1)}.js`),
            sideEffects: false,
          }));
          build.onResolve({ filter: /client\.wasm/ }, ({ path }) => ({ path, external: true }));
        },
      },
    ],
  });
}

function copyRest() {
  const manifest = JSON.parse(read("pkg-template/package.json"));
  manifest.version = /^version = "(.+)"/m.exec(read("Cargo.toml"))?.[1];
  // How the build picks a way to the module; what it built has picked.
  delete manifest.imports;
  writeFileSync(join(pkg, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const types of ["index", "core", "testing"]) {
    const text = read(`pkg-template/${types}.d.ts`);
    writeFileSync(join(pkg, `${types}.d.ts`), text);
    writeFileSync(join(pkg, `${types}.d.cts`), text.replaceAll('.js"', '.cjs"'));
  }
  copyFileSync(join(template, "README.md"), join(pkg, "README.md"));
  for (const file of ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"]) {
    copyFileSync(join(root, file), join(pkg, file));
  }
}

/**
 * The sizes that the README's table carries, in bytes: what a browser downloads.
 * @returns {Promise<Record<string, { raw: number, brotli: number }>>}
 */
export async function sizes() {
  const esbuild = await import("esbuild");
  /** @param {string} from */
  const use = async (from) => {
    const { outputFiles } = await esbuild.build({
      stdin: {
        contents: `export { VideoClient, validate, parseTags } from "./${from}.js";`,
        resolveDir: pkg,
      },
      bundle: true,
      minify: true,
      charset: "utf8",
      format: "esm",
      target: "es2022",
      write: false,
    });
    return Buffer.from(outputFiles[0].contents);
  };
  /** @param {Buffer[]} files */
  const size = (...files) => ({
    raw: files.reduce((sum, file) => sum + file.length, 0),
    brotli: files.reduce((sum, file) => sum + brotliCompressSync(file).length, 0),
  });
  const module = readFileSync(join(pkg, "client.wasm"));
  return {
    "client.wasm": size(module),
    "scripts and client.wasm, separate": size(module, await use("core")),
    "one script, module inlined": size(await use("index")),
  };
}

async function report() {
  console.log(`\n${"bytes".padEnd(36)}${"raw".padStart(9)}${"brotli".padStart(9)}`);
  for (const [what, { raw, brotli }] of Object.entries(await sizes())) {
    console.log(`${what.padEnd(36)}${String(raw).padStart(9)}${String(brotli).padStart(9)}`);
  }
  console.log("\n✓ pkg/ is the package: `npm pack ./pkg` is what would be published.");
}

if (isMain(import.meta.url)) {
  await main(async () => {
    setup();
    await build();
  });
}
