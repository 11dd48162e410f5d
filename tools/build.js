// Builds `pkg/`, the npm package: the compiled modules, the scripts of pkg-template/ around them, the types.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packaged, withoutRepository } from "./documents.js";
import { inlineModule } from "./inline.js";
import { compile, modules, workFolder, writeModule } from "./module.js";
import { bundlePage } from "./page.js";
import { Problem, isMain, main, output, read, root, setup } from "./setup.js";
import { digestOfSources, isBuilt } from "./sources.js";
import { measureSizes, sizeTable } from "./sizes.js";

const template = join(root, "pkg-template");
const pkg = join(root, "pkg");
const generated = join(root, "target/npm");

/** Entries that get a client from their caller and compute nothing. */
const withoutModule = ["durable", "cloudflare", "store"];

/** The scripts of the package, the module that each uses, and the condition that selects how it is loaded. */
const scripts = [
  { script: "shared.js", out: "shared.js" },
  ...entryOf("client", "index.js", "workerd.js", "edge-light.js"),
  { script: "core.js", out: "core.js", module: "client", condition: "core" },
  ...entryOf("rules", "rules.js", "rules-workerd.js", "rules-edge-light.js"),
  ...entryOf("media", "media.js", "media-workerd.js", "media-edge-light.js"),
  { script: "files.js", out: "files.js" },
  ...entryOf("client", "server.js", "server-workerd.js", "server-edge-light.js"),
  ...entryOf("client", "ai-sdk.js", "ai-sdk-workerd.js", "ai-sdk-edge-light.js"),
  ...withoutModule.map((entry) => ({ script: `${entry}.js`, out: `${entry}.js` })),
  { script: "testing.js", out: "testing.js" },
  { script: "testing-server.js", out: "testing-server.js" },
  { script: "cli.js", out: "cli.js" },
];

/** The entries that can be imported and required. */
const entries = [
  "index",
  "core",
  "rules",
  "media",
  "server",
  "ai-sdk",
  ...withoutModule,
  "testing",
  "testing-server",
];

/**
 * The three scripts of an entry: with the module inlined, or imported as workerd and edge-light require it.
 * @param {string} module
 * @param {string} script
 * @param {string} workerd
 * @param {string} edgeLight
 */
function entryOf(module, script, workerd, edgeLight) {
  return [
    { script, out: script, module },
    { script, out: workerd, module, condition: "workerd" },
    { script, out: edgeLight, module, condition: "edge-light" },
  ];
}

export async function build() {
  const sources = digestOfSources();
  for (const folder of [pkg, generated]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  for (const name of modules) {
    await compile(name);
    await writeModule(name, pkg);
    const bytes = readFileSync(join(pkg, `${name}.wasm`));
    // A page that has both in one script downloads 3 KB less if their bytes are the same characters.
    const like = name === "media" ? readFileSync(join(pkg, "client.wasm")) : bytes;
    writeFileSync(join(workFolder(name), "wasm.js"), inlineModule(bytes, like));
  }
  await buildScripts(sources);
}

/** Builds the package, unless it was built from the same sources. In that case, Rust is not needed. */
export async function buildOnce() {
  if (isBuilt()) return setup({ rust: false });
  setup();
  await build();
}

/**
 * Writes everything except the modules, which must already be built.
 * @param {string} [sources] the digest, if the modules are those of the same sources
 */
async function buildScripts(sources) {
  writeTables();
  for (const script of scripts) await bundle(script);
  await writeCommonJs();
  await bundlePage(join(pkg, "page"));
  copyFiles(sources);
  console.log(`\n${sizeTable(await measureSizes(pkg))}`);
  console.log("\n✓ built the package in pkg/");
}

/** Writes the tables of the domain, which tools/tables.rs prints. */
function writeTables() {
  const printed = output("cargo", ["run", "--quiet", "--example", "tables"]);
  if (!printed) throw new Problem("`cargo run --example tables` failed.");
  const { version, limitsByModel, models, prices, jsonSchema, endpoints, unions } = JSON.parse(printed);
  writeFileSync(join(generated, "unions.d.ts"), unionTypes(unions));
  const limits = limitsByModel[models[0].id];
  const { declarations, expressions } = deduplicate([limits, limitsByModel]);
  writeFileSync(
    join(generated, "tables.js"),
    `export const version = ${JSON.stringify(version)};
${declarations}
export const limits = ${expressions[0]};
export const limitsByModel = ${expressions[1]};
export const knownModels = ${JSON.stringify(models)};
export const prices = ${JSON.stringify(prices)};
export const jsonSchema = ${JSON.stringify(jsonSchema)};
export const endpoints = ${JSON.stringify(endpoints)};
`,
  );
}

/** What the unions are. @type {Record<string, string>} */
const unionDocumentation = {
  Model: `The models that this version knows. Any other string passes with a warning.
 *
 * The API's reference names only \`"seedance-2.0"\`; the vendor's model list names the variants, and probably serves only
 * those. See \`resolveModel\`.`,
  Quality: 'Video resolution. The fast and mini models have no `"1080p"`.',
  AspectRatio: 'Aspect ratio. `"adaptive"` follows the input.',
  Family: "The inputs that a model takes.",
  Mode: `How the API generates the video, which depends on the files: none, one image, two images, or any other
 * combination.`,
  Kind: 'A kind of file: `"image"` is one of `image_urls`, `"video"` of `video_urls`, `"audio"` of `audio_urls`.',
  Role: "What a prompt asks of a file.",
  Severity: "An error keeps a request from being sent, a warning does not.",
  IssueCode: "The kind of an issue. Stable across versions.",
};

/**
 * Declares a type for each union of strings, whose members may have documentation.
 * @param {Record<string, [string: string, documentation?: string][]>} unions
 */
function unionTypes(unions) {
  const types = Object.entries(unions).map(([name, members]) => {
    const lines = members.map(
      ([string, about]) => `${about ? `  /** ${about} */\n` : ""}  | ${JSON.stringify(string)}`,
    );
    return `/** ${unionDocumentation[name]} */\nexport type ${name} =\n${lines.join("\n")};\n`;
  });
  return `// The strings of the API. Generated.\n\n${types.join("\n")}`;
}

/**
 * Converts values to JavaScript that declares each repeated object once.
 * @param {unknown[]} values
 */
function deduplicate(values) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  const count = (/** @type {unknown} */ part) => {
    if (typeof part !== "object" || part === null) return;
    const json = JSON.stringify(part);
    counts.set(json, (counts.get(json) ?? 0) + 1);
    if (counts.get(json) === 1) Object.values(part).forEach(count);
  };
  values.forEach(count);
  /** @type {Map<string, string>} */
  const names = new Map();
  /** @type {string[]} */
  const declarations = [];
  /** @type {(part: unknown) => string} */
  const toCode = (part) => {
    const json = JSON.stringify(part);
    if (typeof part !== "object" || part === null) return json;
    const name = names.get(json);
    if (name) return name;
    const code = Array.isArray(part)
      ? `[${part.map(toCode).join(",")}]`
      : `{${Object.entries(part).map(([key, inner]) => `${JSON.stringify(key)}:${toCode(inner)}`)}}`;
    if ((counts.get(json) ?? 0) < 2 || json.length < 30) return code;
    const shared = `shared${names.size}`;
    names.set(json, shared);
    declarations.push(`const ${shared} = ${code};`);
    return shared;
  };
  const expressions = values.map(toCode);
  return { declarations: declarations.join("\n"), expressions };
}

// Node prints the line that threw an uncaught error: in one line with the inlined module, that would be 280 KB.
const lineLimit = 100;

/** Undoes the breaks in strings, where the inlined module would compress less well. @param {string} code */
const withWholeStrings = (code) => code.replaceAll("\\\n", "");

/** @param {{ script: string, out: string, module?: string, condition?: string }} script */
async function bundle({ script, out, module = "", condition }) {
  const outfile = join(pkg, out);
  const esbuild = await import("esbuild");
  /** @param {string} path */
  const external = (path) => ({ path, external: true });
  await esbuild.build({
    entryPoints: [join(template, script)],
    outfile,
    bundle: true,
    charset: "utf8",
    external: ["node:*"],
    conditions: condition ? [condition] : [],
    format: "esm",
    target: "es2022",
    // Names are kept for stack traces. The app's bundler shortens them.
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit,
    plugins: [
      {
        name: "generated",
        setup(build) {
          if (module || script === "files.js" || withoutModule.includes(script.replace(".js", "")))
            build.onResolve(
              { filter: /^(#tables|\.\.?\/(abort|errors|inlined|instance|iterable)\.js)$/ },
              () => external("./shared.js"),
            );
          build.onResolve({ filter: /\/testing(-server)?\.js$/ }, ({ path, kind }) =>
            kind === "entry-point" ? undefined : external(path.replace(/^.*\//, "./")),
          );
          // The entries and the command that compute with the client's module.
          if (["server.js", "ai-sdk.js", "cli.js"].includes(script))
            build.onResolve({ filter: /\/index\.js$/ }, () => external(`./${condition ?? "index"}.js`));
          // The entry that inspects files, loaded with the first file.
          build.onResolve({ filter: /^#media$/ }, () =>
            external(condition && condition !== "core" ? `./media-${condition}.js` : "./media.js"),
          );
          // Loaded with the first file.
          build.onResolve({ filter: /\/files\.js$/ }, ({ kind }) =>
            kind === "entry-point" ? undefined : external("./files.js"),
          );
          build.onResolve({ filter: /^#glue$/ }, () => external(`./${module}-glue.js`));
          build.onResolve({ filter: /^#file/ }, ({ path }) =>
            external(path.replace("#file", `./${module}.wasm`)),
          );
          build.onResolve({ filter: /^#(tables|wasm)$/ }, ({ path }) => ({
            path: path === "#wasm" ? join(workFolder(module), "wasm.js") : join(generated, "tables.js"),
            sideEffects: false,
          }));
        },
      },
    ],
  });
  writeFileSync(outfile, withWholeStrings(readFileSync(outfile, "utf8")));
}

/**
 * Also writes each script that can be required as CommonJS. Node could require the ES modules, but Jest cannot.
 * `instanceof` of the error classes works across both.
 */
async function writeCommonJs() {
  const { transform } = await import("esbuild");
  const shared = ["shared", "files", ...modules.map((name) => `${name}-glue`)];
  for (const name of [...shared, ...entries]) {
    const { code } = await transform(readFileSync(join(pkg, `${name}.js`), "utf8"), {
      format: "cjs",
      charset: "utf8",
      target: "es2022",
      minifySyntax: true,
      minifyWhitespace: true,
      lineLimit,
      // Jest cannot import from a CommonJS script either.
      supported: { "dynamic-import": false },
    });
    const local = withWholeStrings(code).replace(/require\("\.\/([\w-]+)\.js"\)/g, 'require("./$1.cjs")');
    writeFileSync(join(pkg, `${name}.cjs`), local);
  }
}

/** @param {string | undefined} sources */
function copyFiles(sources) {
  const manifest = JSON.parse(read("pkg-template/package.json"));
  manifest.version = /^version = "(.+)"/m.exec(read("Cargo.toml"))?.[1];
  // Only the build uses them, to select how a module is loaded.
  delete manifest.imports;
  manifest.sources = sources;
  writeFileSync(join(pkg, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const entry of entries) {
    // The types are written once, as CommonJS types, which both kinds of modules can import.
    const types = read(`pkg-template/${entry}.d.ts`)
      .replaceAll('.js"', '.cjs"')
      .replace('"#unions"', '"./unions.cjs"');
    writeFileSync(join(pkg, `${entry}.d.cts`), types);
    writeFileSync(join(pkg, `${entry}.d.ts`), `export * from "./${entry}.cjs";\n`);
  }
  copyFileSync(join(generated, "unions.d.ts"), join(pkg, "unions.d.cts"));
  mkdirSync(join(pkg, "www/guides"), { recursive: true });
  for (const document of packaged) writeFileSync(join(pkg, document), withoutRepository(read(document)));
  for (const file of ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"]) {
    copyFileSync(join(root, file), join(pkg, file));
  }
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const { values } = parseArgs({ options: { scripts: { type: "boolean", default: false } } });
    setup();
    // After a change of pkg-template alone.
    await (values.scripts ? buildScripts() : build());
  });
}
