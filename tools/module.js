// Compiles the crate into one WebAssembly module of the npm package, and writes the script that connects it.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem, bindgenTool, output, root, run, say, wasmTarget } from "./setup.js";

/** The modules of the package, by name: each is the crate with the feature `npm-<name>`. */
export const modules = ["rules", "client", "media"];

/** Where a module is built. @param {string} name */
export const workFolder = (name) => join(root, "target/npm", name);

/** The module as wasm-bindgen writes it. @param {string} name */
const bound = (name) => join(workFolder(name), "evolink_video_bg.wasm");

/** Scripts without state that Rust imports. All modules import them from shared.js, so that a page loads them once. */
const sharedSnippets = /\/(src\/npm\/values|pkg-template\/errors)\.js$/;

/**
 * Compiles a module, with the names of its functions.
 * @param {string} name
 */
export async function compile(name) {
  say(`compiling the module ${name}`);
  const work = workFolder(name);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const flags = rustFlags().join("\x1f");
  run(
    "cargo",
    [
      ...["rustc", "--release", "--lib", "--crate-type=cdylib", "--quiet", "--target", wasmTarget],
      // The standard library is compiled with the crate, so that the flags apply to it too.
      ...["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"],
      `--features=npm-${name}`,
    ],
    // Allows the unstable flags of the pinned compiler. A compiler that does not know them fails.
    { env: { ...process.env, CARGO_ENCODED_RUSTFLAGS: flags, RUSTC_BOOTSTRAP: "1" } },
  );
  const compiled = join(work, "evolink_video.wasm");
  copyFileSync(join(root, "target", wasmTarget, "release/evolink_video.wasm"), compiled);
  run(bindgenTool("wasm-bindgen"), ["--target", "bundler", "--no-typescript", "--out-dir", work, compiled]);
}

function rustFlags() {
  return [
    // A panic becomes a trap immediately, without a message, a source location, or the code that formats them.
    ...["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none", "-Zfmt-debug=none"],
    // Constants start here: with all of them below 1 MiB, an address is a byte shorter.
    "-Clink-arg=-zstack-size=983040",
    llvmFlags(),
    // Loops instead of unrolled rounds: 5 KB brotli less, and a paid call computes one digest.
    `--cfg=sha2_backend="soft"`,
    `--cfg=sha2_backend_soft="compact"`,
  ];
}

/**
 * Turns off optimizations of LLVM that cost size even with `opt-level = "z"`, and makes inlining more expensive: 2.6 %
 * of the module (tests/size/REPORT.md). LLVM may rename these flags, so rust-toolchain.toml pins the compiler.
 */
function llvmFlags() {
  const flags = "-Cllvm-args=-enable-pre=false -disable-lsr -inline-call-penalty=45";
  if (output("rustc", ["--print", "cfg", "--target", wasmTarget, flags]) !== undefined) return flags;
  throw new Problem(
    `This compiler rejects \`${flags}\`. Build with the toolchain of rust-toolchain.toml, or update tools/module.js.`,
  );
}

/**
 * Optimizes a compiled module for size. Function names do not change the result.
 * @param {string} name
 * @param {string} to
 * @param {{ names?: boolean }} [options] `names`: keep the names of functions
 */
export function optimize(name, to, { names = false } = {}) {
  wasmOpt(bound(name), to, [
    // Rebuild locals and control flow: saves 0.6 %.
    "--flatten",
    "--rereloop",
    // Small offsets may move into the instruction that uses them. That changes only accesses below address 1024, the
    // deepest kilobyte of a stack of 960.
    "--low-memory-unused",
    "-Os",
    "-Oz",
    "--converge",
    // Do not inline larger functions with one caller: raw size grows by 1 %, brotli shrinks by 2 %.
    "--one-caller-inline-max-function-size=80",
    // Instances of a generic function, and functions of one file, are similar: saves 0.5 % (brotli).
    "--reorder-functions-by-name",
    ...(names ? ["--debuginfo"] : ["--strip-debug"]),
    "--strip-producers",
    "--strip-target-features",
  ]);
}

/**
 * Writes the optimized module and the script that connects it.
 * @param {string} name
 * @param {string} folder
 */
export async function writeModule(name, folder) {
  const optimized = join(workFolder(name), "optimized.wasm");
  optimize(name, optimized);
  // In a separate run, since each round of --converge would shorten the names again.
  const printed = wasmOpt(optimized, join(folder, `${name}.wasm`), [
    "--minify-imports-and-exports-and-modules",
    // The alignment of an access is a hint that engines ignore. All alike compress better: saves 0.2 % (brotli).
    "--dealign",
  ]);
  await writeGlue(name, join(folder, `${name}-glue.js`), JSON.parse(printed));
}

/**
 * wasm-bindgen keeps the instance in variables of its script. Inside a function, each instance has its own
 * variables, so that a new instance can replace one that trapped.
 * @param {string} name
 * @param {string} to
 * @param {object} names shortened by wasm-opt; all imports come from the module "a"
 * @param {[module: string, name: string, short: string][]} names.imports
 * @param {[name: string, short: string][]} names.exports
 */
async function writeGlue(name, to, { imports, exports }) {
  const work = workFolder(name);
  const short = new Map(exports);
  const glue = readFileSync(join(work, "evolink_video_bg.js"), "utf8").replace(
    /\bwasm\.(\w+)/g,
    (whole, name) => `wasm.${short.get(name) ?? whole}`,
  );
  const own = exportsOf(glue);
  // The other exports are the imports of the module, and wasm-bindgen's own.
  const api = own.filter((name) => !name.startsWith("_"));
  writeFileSync(join(work, "bindgen.js"), glue);
  // Most imports of the module are functions of the glue, some are functions of a snippet.
  const lines = imports
    .filter(([, name]) => !own.includes(name))
    .map(([from, name]) => `import { ${name} } from "${from}";`);
  const fromGlue = imports.map(([, name]) => name).filter((name) => own.includes(name));
  // The module for files exports its functions one by one, since they take no JavaScript values.
  const list = api.join(", ");
  const functions = api.includes("compute")
    ? list
    : `compute: (name, ...args) => ({ ${list} })[name](...args)`;
  // A module without references to JavaScript values has nothing to start.
  const start = short.get("__wbindgen_start");
  writeFileSync(
    join(work, "connected.js"),
    `import { __wbg_set_wasm, ${[...new Set([...fromGlue, ...api])].join(", ")} } from "./bindgen.js";
${lines.join("\n")}
function connect(module, guard) {
  const imports = { ${imports.map(([, name, short]) => `${short}: ${name}`).join(", ")} };
  const exports = guard(new WebAssembly.Instance(module, { a: imports }).exports);
  __wbg_set_wasm(exports);
${start ? `  exports.${start}();\n` : ""}}
// Assigned to the variable of createGlue. A plain object, since a bundler turns the exports of a module into getters.
glue = { connect, ${functions} };
`,
  );
  const esbuild = await import("esbuild");
  /** @type {Set<string>} */
  const shared = new Set();
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(work, "connected.js")],
    bundle: true,
    format: "iife",
    minify: true,
    target: "es2022",
    write: false,
    plugins: [
      {
        name: "shared snippets",
        setup(build) {
          build.onLoad({ filter: sharedSnippets }, ({ path }) => {
            const names = exportsOf(readFileSync(path, "utf8"));
            for (const name of names) shared.add(name);
            return { contents: names.map((name) => `export const ${name} = $${name};`).join("\n") };
          });
        },
      },
    ],
  });
  const names = [...shared].map((name) => `${name} as $${name}`).join(",");
  writeFileSync(
    to,
    `import{${names}}from"./shared.js";export function createGlue(){let glue;${outputFiles[0].text.trim()}return glue}\n`,
  );
}

/** The names that a script exports, as wasm-bindgen and the snippets write them. @param {string} script */
const exportsOf = (script) =>
  [...script.matchAll(/^export (?:function|const) (\w+)/gm)].map(([, name]) => name);

/**
 * @param {string} from
 * @param {string} to
 * @param {string[]} passes
 */
export function wasmOpt(from, to, passes) {
  // The features that rustc enables by default. All supported hosts have them.
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
