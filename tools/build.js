// Builds `pkg/`, the npm package: the compiled module, the scripts of pkg-template/ around it, the types.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { cutPanics } from "./panics.js";
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
/** The module as wasm-bindgen leaves it. */
const bound = join(work, "evolink_video_bg.wasm");

/** The scripts of the package, and the condition that picks their way to the module. */
const scripts = [
  { script: "shared.js", out: "shared.js" },
  { script: "index.js", out: "index.js" },
  { script: "index.js", out: "workerd.js", condition: "workerd" },
  { script: "index.js", out: "edge-light.js", condition: "edge-light" },
  { script: "core.js", out: "core.js", condition: "core" },
  { script: "testing.js", out: "testing.js" },
];

/** What can be imported and required by its name. */
const entries = ["index", "core", "testing"];

export async function build() {
  for (const folder of [pkg, work]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  await compile();
  await writeGlue(shorten());
  writeTables();
  writeBytes();
  for (const script of scripts) await bundle(script);
  copyRest();
  await report();
}

export async function compile() {
  say("compiling the module");
  // Panic messages name source files; without this, by their place on this machine.
  const home = process.env.CARGO_HOME ?? join(process.env.HOME ?? process.env.USERPROFILE ?? "", ".cargo");
  const std = output("rustc", ["--print", "sysroot"]);
  if (!std) throw new Problem("`rustc --print sysroot` failed.");
  const flags = [
    // Of several that fit, the last one counts.
    `--remap-path-prefix=${root}=.`,
    `--remap-path-prefix=${home}=cargo`,
    // Where the component rust-src is installed.
    `--remap-path-prefix=${std}/lib/rustlib/src/rust=/rustc`,
    // Where constants begin: with all of them below 1 MiB, an address is a byte shorter.
    "-Clink-arg=-zstack-size=983040",
    ...sizeFlags(),
    // Loops instead of rounds written out: 5 KB brotli less, and a digest is made once for a paid call.
    `--cfg=sha2_backend="soft"`,
    `--cfg=sha2_backend_soft="compact"`,
  ];
  run("cargo", ["build", "--release", "--lib", "--features=npm-client", "--quiet", "--target", wasmTarget], {
    env: { ...process.env, CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") },
  });
  const compiled = join(root, "target", wasmTarget, "release/evolink_video.wasm");
  run(bindgenTool("wasm-bindgen"), ["--target", "bundler", "--no-typescript", "--out-dir", work, compiled]);
  await cutPanics(bound, () =>
    wasmOpt(bound, join(work, "reachable.wasm"), ["--remove-unused-module-elements", "--print-call-graph"]),
  );
}

/** What LLVM does for speed even where size is asked for is off, and calls are dearer (tests/size/REPORT.md). */
function sizeFlags() {
  const flag =
    "-Cllvm-args=-enable-pre=false -disable-lsr -simplifycfg-sink-common=false -inline-call-penalty=45";
  // LLVM promises none of them to later versions.
  if (output("rustc", ["--print", "cfg", "--target", wasmTarget, flag]) !== undefined) return [flag];
  say("this Rust does not know the flags that make the module 2 % smaller: going on without them");
  return [];
}

/**
 * Makes the module smaller, all the same with the names of its functions as without them.
 * @param {string} to
 * @param {{ names?: boolean }} [options]
 */
export function optimize(to, { names = false } = {}) {
  wasmOpt(bound, to, [
    // Locals and control flow made anew: what rustc left of them costs 0.6 % more.
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--converge",
    // Larger functions stay apart even if called from one place only: raw it is 1 % more, brotli 2 % less.
    "--one-caller-inline-max-function-size=40",
    // What one generic function was made into, and what belongs together, is alike: brotli 0.5 % less.
    "--reorder-functions-by-name",
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
  const imported = imports.map(([, name]) => name);
  writeFileSync(
    join(work, "connected.js"),
    `import { __wbg_set_wasm, ${[...new Set([...imported, ...api])].join(", ")} } from "./bindgen.js";
function connect(module, guard) {
  const imports = { ${imports.map(([, name, short]) => `${short}: ${name}`).join(", ")} };
  const exports = guard(new WebAssembly.Instance(module, { a: imports }).exports);
  __wbg_set_wasm(exports);
  exports.${short.get("__wbindgen_start")}();
}
// The variable of createGlue. One plain object: what a bundler makes of a module's exports is a getter for each.
glue = { connect, ${api.join(", ")} };
`,
  );
  const esbuild = await import("esbuild");
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(work, "connected.js")],
    bundle: true,
    format: "iife",
    minifyIdentifiers: true,
    target: "es2022",
    write: false,
  });
  writeFileSync(
    join(work, "glue.js"),
    `export function createGlue() {\nlet glue;\n${outputFiles[0].text}\nreturn glue;\n}\n`,
  );
}

/** The tables of the domain, which Rust prints. */
function writeTables() {
  const printed = output("cargo", ["run", "--quiet", "--example", "tables"]);
  if (!printed) throw new Problem("`cargo run --example tables` failed.");
  const { version, limits, models, prices, jsonSchema } = JSON.parse(printed);
  writeFileSync(
    join(work, "tables.js"),
    `export const version = ${JSON.stringify(version)};
export const limits = ${JSON.stringify(limits)};
export const models = ${JSON.stringify(models)};
export const prices = ${JSON.stringify(prices)};
export const jsonSchema = ${JSON.stringify(jsonSchema)};
`,
  );
}

/**
 * The module as a string, a character for each byte: the bytes that are frequent as characters of ASCII,
 * themselves where they can be, the others as characters of two bytes of UTF-8. No character is one that has
 * to be escaped, or that a tool might alter. After brotli it is about as small as the module itself, where
 * base64 adds a third (tests/size/REPORT.md has the sizes).
 */
function writeBytes() {
  const bytes = readFileSync(join(pkg, "client.wasm"));
  const alphabet = chooseAlphabet(bytes);
  const text = Array.from(bytes, (byte) => alphabet[byte]).join("");
  writeFileSync(
    join(work, "wasm.js"),
    `const alphabet = ${JSON.stringify(alphabet.join(""))};
const text = ${JSON.stringify(text)};

export function bytes() {
  const values = {};
  for (let i = 0; i < 256; i++) values[alphabet.charCodeAt(i)] = i;
  const bytes = new Uint8Array(${bytes.length});
  for (let i = 0; i < ${bytes.length}; i++) {
    const value = values[text.charCodeAt(i)];
    if (value === undefined) {
      throw new Error("evolink-video was damaged on its way: serve its script as UTF-8");
    }
    bytes[i] = value;
  }
  return bytes;
}
`,
  );
}

/**
 * A character for each of the 256 values of a byte.
 * @param {Uint8Array} bytes that are to be written with them
 */
function chooseAlphabet(bytes) {
  const count = new Array(256).fill(0);
  for (const byte of bytes) count[byte]++;
  const ascii = range(0x20, 0x7f).filter((code) => !/["'`\\$<]/.test(String.fromCharCode(code)));
  // Without the control characters of Latin-1, and the soft hyphen.
  const wide = range(0xa1, 0x200).filter((code) => code !== 0xad);
  const frequent = range(0, 256)
    .sort((a, b) => count[b] - count[a] || a - b)
    .slice(0, ascii.length);
  const same = frequent.filter((byte) => ascii.includes(byte));
  const left = ascii.filter((code) => !same.includes(code));
  return range(0, 256).map((byte) => {
    const code = same.includes(byte) ? byte : (frequent.includes(byte) ? left : wide).shift();
    return String.fromCharCode(/** @type {number} */ (code));
  });
}

/** @param {number} from @param {number} to excluded */
const range = (from, to) => Array.from({ length: to - from }, (_, index) => from + index);

/** @param {typeof scripts[number]} script */
async function bundle({ script, out, condition }) {
  const esbuild = await import("esbuild");
  const shared =
    out === "shared.js" || script === "testing.js" ? undefined : { path: "./shared.js", external: true };
  await esbuild.build({
    entryPoints: [join(template, script)],
    outfile: join(pkg, out),
    bundle: true,
    charset: "utf8",
    conditions: condition ? [condition] : [],
    format: "esm",
    target: "es2022",
    // Names stay, for stacks; a bundler makes them short.
    minifySyntax: true,
    minifyWhitespace: true,
    plugins: [
      {
        name: "generated",
        setup(build) {
          build.onResolve({ filter: /^(#glue|#tables|\.\.?\/(errors|iterable)\.js)$/ }, () => shared);
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
  for (const entry of entries) {
    // Node requires modules since 20.19. Not the module itself under the condition `require`, because Node
    // warns of that everywhere but inside of node_modules, and TypeScript refuses it.
    writeFileSync(join(pkg, `${entry}.cjs`), `module.exports = require("./${entry}.js");\n`);
    // The types stand once, where both kinds of modules may import them from: with those of CommonJS.
    const types = read(`pkg-template/${entry}.d.ts`).replaceAll('.js"', '.cjs"');
    writeFileSync(join(pkg, `${entry}.d.cts`), types);
    writeFileSync(join(pkg, `${entry}.d.ts`), `export * from "./${entry}.cjs";\n`);
  }
  copyFileSync(join(template, "README.md"), join(pkg, "README.md"));
  for (const file of ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"]) {
    copyFileSync(join(root, file), join(pkg, file));
  }
}

/**
 * The sizes that the README's table carries, in bytes: what a browser downloads,
 * and what an installed package takes.
 * @returns {Promise<Record<string, { raw: number, brotli?: number }>>}
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
    "`client.wasm`": size(module),
    "scripts and `client.wasm`, separate": size(module, await use("core")),
    "one script, module inlined": size(await use("index")),
    "the package, unpacked": {
      raw: readdirSync(pkg).reduce((sum, file) => sum + statSync(join(pkg, file)).size, 0),
    },
  };
}

/**
 * The sizes in words.
 * @param {Record<string, { raw: number, brotli?: number }>} sizes
 */
export function sizeTable(sizes) {
  const rows = Object.entries(sizes).map(
    ([what, { raw, brotli = "" }]) => `| ${what} | ${raw} | ${brotli} |`,
  );
  return ["| bytes | raw | brotli |", "| --- | --- | --- |", ...rows].join("\n");
}

async function report() {
  console.log(`\n${sizeTable(await sizes())}`);
  console.log("\n✓ pkg/ is the package: `npm pack ./pkg` is what would be published.");
}

if (isMain(import.meta.url)) {
  await main(async () => {
    setup();
    await build();
  });
}
