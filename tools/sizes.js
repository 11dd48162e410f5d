// Measures the package: downloads by a browser, and the installed size.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";

/** @typedef {Record<string, { raw: number, brotli?: number }>} Sizes in bytes, by name */

/**
 * The imports of a page, by their name in the table of tests/bench/REPORT.md.
 * @type {Record<string, { imports: string, module?: string, over?: string, without?: string[] }>} `module`: a file that is
 * downloaded separately; `over`: only what is added to that one counts; `without`: scripts that do not count
 */
const downloads = {
  "scripts and `client.wasm`, separate": {
    imports: 'export { VideoClient, validate, parseTags } from "./core.js";',
    module: "client.wasm",
  },
  "one script, module inlined": {
    imports: 'export { VideoClient, validate, parseTags } from "./index.js";',
  },
  "`evolink-video/media`, on top of that": {
    imports: 'export { VideoClient, validate, parseTags } from "./index.js"; export * from "./media.js";',
    over: "one script, module inlined",
  },
  "uploads, on top of that": {
    imports: 'export { VideoClient, validate, parseTags } from "./index.js"; export * from "./files.js";',
    over: "one script, module inlined",
  },
  ...Object.fromEntries(
    ["durable", "cloudflare", "server"].map((entry) => [
      `\`evolink-video/${entry}\`, without the client`,
      { imports: `export * from "./${entry}.js";`, without: ["./index.js", "./shared.js"] },
    ]),
  ),
  "`evolink-video/rules`, one script, module inlined": { imports: 'export * from "./rules.js";' },
};

/**
 * Measures the built package.
 * @param {string} pkg its folder
 * @returns {Promise<Sizes>}
 */
export async function measureSizes(pkg) {
  const file = (/** @type {string} */ name) => readFileSync(join(pkg, name));
  /** @type {Sizes} */
  const sizes = {};
  for (const name of ["client.wasm", "rules.wasm", "media.wasm"]) sizes[`\`${name}\``] = sizeOf(file(name));
  for (const [name, { imports, module, over, without }] of Object.entries(downloads)) {
    const size = sizeOf(await bundled(pkg, imports, without), ...(module ? [file(module)] : []));
    const { raw, brotli = 0 } = over ? sizes[over] : { raw: 0 };
    sizes[name] = { raw: size.raw - raw, brotli: size.brotli - brotli };
  }
  const unpacked = readdirSync(pkg, { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(pkg, name)))
    .reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0);
  return { ...sizes, "the package, unpacked": { raw: unpacked } };
}

/** @param {string} pkg @param {string} contents @param {string[]} [external] */
async function bundled(pkg, contents, external) {
  const esbuild = await import("esbuild");
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: pkg },
    bundle: true,
    minify: true,
    charset: "utf8",
    format: "esm",
    target: "es2022",
    write: false,
    external,
    plugins: [{ name: "lazy", setup: externalizeLazy }],
  });
  return outputFiles[0].contents;
}

/** Scripts that are loaded later, with the first file of a request. @param {import("esbuild").PluginBuild} build */
function externalizeLazy(build) {
  build.onResolve({ filter: /./ }, ({ path, kind }) =>
    kind === "dynamic-import" ? { path, external: true } : undefined,
  );
}

/** @param {Uint8Array[]} files */
const sizeOf = (...files) => ({
  raw: files.reduce((sum, file) => sum + file.length, 0),
  brotli: files.reduce((sum, file) => sum + brotliCompressSync(file).length, 0),
});

/** The sizes as a table in Markdown. @param {Sizes} sizes */
export function sizeTable(sizes) {
  const rows = Object.entries(sizes).map(
    ([what, { raw, brotli = "" }]) => `| ${what} | ${raw} | ${brotli} |`,
  );
  return ["| bytes | raw | brotli |", "| --- | --- | --- |", ...rows].join("\n");
}
