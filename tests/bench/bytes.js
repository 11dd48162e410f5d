// Measures downloads: each subject as one minified esbuild bundle, compressed with brotli 11.
import { brotliCompressSync } from "node:zlib";
import { bundled } from "./bundle.js";
import { subjects } from "./peers.js";

/** @returns {Promise<import("./table.js").Table>} */
export async function bytes() {
  /** @type {import("./table.js").Table["rows"]} */
  const rows = {};
  for (const { name, path } of subjects) {
    const script = await bundled(`export * from ${JSON.stringify(path)};`);
    // Node's default quality is 11.
    rows[name] = [script.length, brotliCompressSync(script).length];
  }
  return { head: ["minified, bytes", "brotli, bytes"], rows };
}
