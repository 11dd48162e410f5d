// The files of the package, and the cost of importing it.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join, relative, sep } from "node:path";
import { before, describe, test } from "node:test";
import * as esbuild from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { rollup } from "rollup";
import { packaged } from "../../tools/documents.js";
import { root } from "../../tools/setup.js";
import { installPackage, packTarball } from "../support/packed.js";
import { runProgram } from "../support/program.js";

/** All files, by their users. */
const contents = [
  // Most hosts.
  ["index.js", "index.cjs", "index.d.ts", "index.d.cts", "unions.d.cts"],
  // Hosts that compile the module themselves.
  ["workerd.js", "edge-light.js", "client.wasm"],
  ["rules.js", "rules.cjs", "rules.d.ts", "rules.d.cts"],
  ["rules-workerd.js", "rules-edge-light.js", "rules.wasm"],
  ["media.js", "media.cjs", "media.d.ts", "media.d.cts"],
  ["media-workerd.js", "media-edge-light.js", "media.wasm"],
  // Servers.
  ["server.js", "server.cjs", "server.d.ts", "server.d.cts", "server-workerd.js", "server-edge-light.js"],
  ["ai-sdk.js", "ai-sdk.cjs", "ai-sdk.d.ts", "ai-sdk.d.cts", "ai-sdk-workerd.js", "ai-sdk-edge-light.js"],
  // Front ends.
  ["store.js", "store.cjs", "store.d.ts", "store.d.cts"],
  ["durable.js", "durable.cjs", "durable.d.ts", "durable.d.cts"],
  ["cloudflare.js", "cloudflare.cjs", "cloudflare.d.ts", "cloudflare.d.cts"],
  // Shared by these entries.
  ["files.js", "files.cjs"],
  ["shared.js", "client-glue.js", "rules-glue.js", "media-glue.js"],
  ["shared.cjs", "client-glue.cjs", "rules-glue.cjs", "media-glue.cjs"],
  // Apps that load the module themselves.
  ["core.js", "core.cjs", "core.d.ts", "core.d.cts"],
  ["testing.js", "testing.cjs", "testing.d.ts", "testing.d.cts"],
  // Node.
  ["testing-server.js", "testing-server.cjs", "testing-server.d.ts", "testing-server.d.cts", "cli.js"],
  // The page of the command `demo`.
  ["page/index.html", "page/page.js", "page/style.css", "page/icon.svg"],
  ["package.json", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"],
  packaged,
].flat();

const entries = [
  "evolink-video",
  "evolink-video/core",
  "evolink-video/rules",
  "evolink-video/media",
  "evolink-video/server",
  "evolink-video/ai-sdk",
  "evolink-video/store",
  "evolink-video/durable",
  "evolink-video/cloudflare",
  "evolink-video/testing",
];
const nodeEntries = [...entries, "evolink-video/testing-server"];

/** @type {string} */
let folder;
/** @type {string} */
let home;

before(async () => {
  folder = await installPackage();
  home = join(folder, "node_modules/evolink-video");
});

/**
 * Bundles a script as an app would.
 * @param {string} contents
 * @param {string[]} [conditions]
 */
async function bundle(contents, conditions = []) {
  const { outputFiles, metafile } = await esbuild.build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    minify: true,
    format: "esm",
    external: ["*.wasm", "*.wasm?module"],
    logLevel: "error",
    write: false,
    metafile: true,
    conditions,
  });
  return {
    size: outputFiles[0].contents.length,
    text: outputFiles[0].text,
    inputs: Object.keys(metafile.inputs).join("\n"),
    output: Object.values(metafile.outputs)[0],
  };
}

test("contains exactly the expected files", async () => {
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => relative(home, join(parentPath, name)));
  assert.deepEqual(paths.map((path) => path.replaceAll(sep, "/")).sort(), contents.sort());
});

test("`npm pack` lists the same files", async () => {
  const printed = await runProgram("npm", [
    "pack",
    "--dry-run",
    "--json",
    "--ignore-scripts",
    join(root, "pkg"),
  ]);
  const [{ files }] = /** @type {any[]} */ (Object.values(JSON.parse(printed)));
  const paths = files.map((/** @type {{ path: string }} */ { path }) => path);
  assert.deepEqual(paths.sort(), contents.sort());
});

test("publint reports nothing", async () => {
  const { messages, pkg } = await publint({ pkgDir: join(root, "pkg"), pack: "npm", strict: true });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg, { color: false })),
    [],
  );
});

test("attw reports no problems of the types", async () => {
  const attw = join(root, "node_modules/@arethetypeswrong/cli/dist/index.js");
  const options = [
    "--format",
    "json",
    "--exclude-entrypoints",
    "client.wasm",
    "rules.wasm",
    "media.wasm",
    "package.json",
  ];
  const printed = await runProgram(process.execPath, [attw, await packTarball(), ...options]);
  const { problems = {} } = JSON.parse(printed);
  assert.deepEqual(problems, {});
});

test("the manifest has only existing files, no dependencies and no scripts", async () => {
  const manifest = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
  /** @param {unknown} value @returns {unknown[]} */
  const leaves = (value) =>
    typeof value === "object" ? Object.values(value ?? {}).flatMap(leaves) : [value];
  const named = leaves([manifest.exports, manifest.main, manifest.module, manifest.types, manifest.bin]);
  for (const name of named) assert.ok(contents.includes(String(name).replace("./", "")), String(name));
  assert.match(manifest.version, /^\d+\.\d+\.\d+$/);
  for (const field of ["dependencies", "peerDependencies", "optionalDependencies", "scripts", "imports"]) {
    assert.equal(manifest[field], undefined, field);
  }
});

test("`version` equals that of the manifest and of the crate", async () => {
  const { version } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
  const script = 'import("evolink-video").then(({ version }) => console.log(version))';
  assert.equal((await runProgram(process.execPath, ["-e", script], { cwd: folder })).trim(), version);
  const crate = await readFile(join(root, "Cargo.toml"), "utf8");
  assert.equal(/^version = "(.+)"/m.exec(crate)?.[1], version);
});

test("no file contains paths of the build machine or refers to a missing source map", async () => {
  const paths = [root, homedir(), "/home/", "/Users/", "C:\\", ".cargo"];
  for (const name of contents) {
    const text = await readFile(join(home, name), "latin1");
    // Plain in the module, and escaped in the script that inlines it.
    for (const part of [...paths, JSON.stringify(paths[0]).slice(1, -1), "sourceMappingURL"]) {
      assert.ok(!text.includes(part), `${name} contains ${part}`);
    }
  }
});

for (const entry of entries) {
  test(`an unused import of ${entry} adds 0 bytes to a bundle`, async () => {
    const { exports } = (await bundle(`export * from "${entry}"`)).output;
    const name = exports[0];
    for (const unused of [`import "${entry}"`, `import { ${name} } from "${entry}"`]) {
      for (const conditions of [[], ["workerd"], ["edge-light"]]) {
        assert.equal((await bundle(unused, conditions)).size, 0, `${unused} (${conditions})`);
      }
    }
  });
}

test("rollup removes unused imports too", async () => {
  for (const entry of ["index.js", "core.js", "rules.js", "testing.js"]) {
    const file = JSON.stringify(join(home, entry));
    const bundled = await rollup({
      input: "app",
      plugins: [
        {
          name: "app",
          resolveId: (id) => (id === "app" ? id : null),
          load: (id) => (id === "app" ? `import ${file}` : null),
        },
      ],
      // What rollup's plugin for packages does with `sideEffects` of the manifest.
      treeshake: { moduleSideEffects: (id) => id === "app" },
      onwarn() {},
    });
    const { output } = await bundled.generate({ format: "es" });
    assert.equal(output[0].code.trim(), "", entry);
  }
});

test("importing has no side effects: no compile, fetch, timer, random number or clock", async () => {
  const script = `
    const forbid = (holder, name) => {
      holder[name] = function () { throw new Error(name + " was used"); };
    };
    const imports = ${JSON.stringify(entries)}.map((entry) => () => import(entry));
    for (const name of ["Module", "Instance", "compile", "instantiate"]) forbid(WebAssembly, name);
    for (const name of ["fetch", "setTimeout", "setInterval", "queueMicrotask"]) forbid(globalThis, name);
    forbid(Math, "random"); forbid(Date, "now"); forbid(crypto, "getRandomValues");
    for (const run of imports) await run();
    console.log("done");`;
  const args = ["--input-type=module", "--eval", script];
  assert.equal(await runProgram(process.execPath, args, { cwd: folder }), "done\n");
});

test("a bundle with evolink-video and evolink-video/rules contains shared scripts once", async () => {
  const { text } = await bundle(
    'export { VideoClient } from "evolink-video"; export { validate } from "evolink-video/rules";',
  );
  // A string of each shared script: the encoder of values, the engine, the decoder of the module.
  for (const part of ["an object that is nested too deeply", "webassembly_unavailable", "is corrupted"])
    assert.equal(text.split(part).length - 1, 1, part);
});

test("a bundle without evolink-video/testing does not contain the emulator", async () => {
  const { inputs } = await bundle('export * from "evolink-video"');
  assert.match(inputs, /evolink-video\/index\.js/);
  assert.doesNotMatch(inputs, /testing/);
});

describe("conditions", () => {
  for (const [entry, condition, file, module] of [
    ["evolink-video", "workerd", "workerd.js", "./client.wasm"],
    ["evolink-video", "edge-light", "edge-light.js", "./client.wasm?module"],
    // Nitro sets all of them. Without "?module", its plugin would instantiate the module itself.
    ["evolink-video", "workerd,edge-light,unwasm", "edge-light.js", "./client.wasm?module"],
    ["evolink-video/rules", "workerd", "rules-workerd.js", "./rules.wasm"],
    ["evolink-video/rules", "edge-light", "rules-edge-light.js", "./rules.wasm?module"],
  ]) {
    test(`${entry}, ${condition}: the same exports, and imports the module as a file`, async () => {
      const special = await bundle(`export * from "${entry}"`, condition.split(","));
      assert.ok(special.inputs.includes(`evolink-video/${file}`), special.inputs);
      const imports = special.output.imports.map(({ path }) => path);
      // The client also imports the module for files, when the first one comes.
      const lazy = entry === "evolink-video" ? [module.replace("client", "media")] : [];
      assert.deepEqual(imports.sort(), [module, ...lazy].sort());
      const common = await bundle(`export * from "${entry}"`);
      assert.deepEqual(special.output.exports, common.output.exports);
      assert.ok(common.output.exports.length > 10);
    });
  }
});

test("the command of the manifest serves the emulator", async () => {
  const printed = await runProgram("npx", ["evolink-video", "--help"], { cwd: folder });
  assert.match(printed, /npx evolink-video emulator/);
});

test("`require` and `import` have the same exports", async () => {
  const script = `
    const sorted = (module) => JSON.stringify(Object.keys(module).filter((name) => !/^(default|module\\.exports)$/.test(name)).sort());
    for (const entry of ${JSON.stringify(nodeEntries)})
      import(entry).then((module) => {
        const [imported, required] = [sorted(module), sorted(require(entry))];
        if (imported !== required) throw new Error(entry + ": " + imported + " " + required);
      });`;
  await runProgram(process.execPath, ["--input-type=commonjs", "--eval", script], { cwd: folder });
});

test("errors are instances of the classes of every entry, with `import` and `require`", async () => {
  const script = `
    const names = ["evolink-video", "evolink-video/core", "evolink-video/rules"];
    const { VideoClient } = require("evolink-video");
    const { parseTags } = require("evolink-video/rules");
    const caught = (work) => { try { work(); } catch (error) { return error; } };
    Promise.all(names.map((name) => import(name))).then(async (imported) => {
      const errors = [
        await new VideoClient({ apiKey: "any" }).submit({}).catch((error) => error),
        caught(() => parseTags(5)),
      ];
      for (const { ValidationError, EvolinkError } of [...imported, ...names.map((name) => require(name))])
        for (const error of errors)
          if (!(error instanceof ValidationError && error instanceof EvolinkError)) throw error;
      console.log("done");
    });`;
  const args = ["--throw-deprecation", "--trace-warnings", "--input-type=commonjs", "--eval", script];
  assert.equal(await runProgram(process.execPath, args, { cwd: folder }), "done\n");
});

test("`require` in Node emits no warnings", async () => {
  const script = `
    process.on("warning", (warning) => { throw warning; });
    for (const entry of ${JSON.stringify(nodeEntries)}) require(entry);
    setImmediate(() => console.log("done"));`;
  const args = ["--input-type=commonjs", "--eval", script];
  assert.equal(await runProgram(process.execPath, args, { cwd: folder }), "done\n");
});
