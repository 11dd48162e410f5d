// Bundles subjects as for a page.
import { build } from "esbuild";
import { folder } from "./peers.js";

/**
 * Bundles an entry into one minified script for browsers.
 * @param {string} contents the entry, with imports relative to the folder of the benchmark
 * @returns {Promise<Buffer>}
 */
export async function bundled(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    minify: true,
    // Otherwise esbuild escapes all but ASCII, which triples the size of the inlined module.
    charset: "utf8",
    format: "esm",
    target: "es2022",
    logLevel: "error",
    write: false,
  });
  return Buffer.from(outputFiles[0].contents);
}
