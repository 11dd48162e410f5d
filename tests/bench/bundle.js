// Bundles as a page's developer makes them.
import { build } from "esbuild";
import { folder } from "./peers.js";

/**
 * One minified script for browsers.
 * @param {string} contents an entry, as if it stood in the folder of the bench
 * @returns {Promise<Buffer>}
 */
export async function bundled(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    minify: true,
    // Else esbuild escapes what is not ASCII, and our module in the script takes three times as many bytes.
    charset: "utf8",
    format: "esm",
    target: "es2022",
    logLevel: "error",
    write: false,
  });
  return Buffer.from(outputFiles[0].contents);
}
