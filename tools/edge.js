// Runs the Worker of www/worker in miniflare, as its wrangler.jsonc describes it.
import { mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.js";
import { site, writeSite } from "./site.js";

const folder = join(root, "target/edge");

/**
 * @param {object} options
 * @param {string} options.apiUrl of the emulator
 * @param {number} [options.port] default: any free port
 * @param {string} [options.persist] a folder for what outlives the process; default: memory
 * @param {Record<string, unknown>} [options.bindings] in place of those of wrangler.jsonc
 * @returns {Promise<{ url: string, miniflare: import("miniflare").Miniflare, close(): Promise<void> }>}
 */
export async function startEdge({ apiUrl, port, persist, bindings }) {
  const { Miniflare } = await import("miniflare");
  writeSite();
  const config = await readConfig();
  const miniflare = new Miniflare({
    name: config.name,
    modules: await bundleWorker(),
    compatibilityDate: config.compatibility_date,
    port: port ?? 0,
    bindings: {
      ...config.vars,
      EVOLINK_API_KEY: "emulated-key",
      SECRET: "a secret for this machine alone, not for a deployment",
      EVOLINK_BASE_URL: apiUrl,
      ...bindings,
    },
    assets: {
      directory: site,
      binding: config.assets.binding,
      routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
    },
    durableObjects: Object.fromEntries(
      config.durable_objects.bindings.map((/** @type {any} */ { name, class_name }) => [
        name,
        { className: class_name, useSQLite: true },
      ]),
    ),
    workflows: Object.fromEntries(
      config.workflows.map((/** @type {any} */ { binding, name, class_name }) => [
        binding,
        { name, className: class_name },
      ]),
    ),
    r2Buckets: Object.fromEntries(
      config.r2_buckets.map((/** @type {any} */ { binding, bucket_name }) => [binding, bucket_name]),
    ),
    ...(persist && {
      durableObjectsPersist: join(persist, "objects"),
      workflowsPersist: join(persist, "workflows"),
      r2Persist: join(persist, "r2"),
    }),
  });
  const url = String(await miniflare.ready).replace(/\/$/, "");
  return { url, miniflare, close: () => miniflare.dispose() };
}

/** @returns {Promise<any>} */
async function readConfig() {
  // JSON with comments is JavaScript.
  const { transform } = await import("esbuild");
  const text = readFileSync(join(root, "www/worker/wrangler.jsonc"), "utf8");
  const { code } = await transform(`export default ${text}`, { loader: "js" });
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`)).default;
}

/** The Worker as one script, and its modules, as wrangler bundles it. */
async function bundleWorker() {
  const { build } = await import("esbuild");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(join(root, "pkg"), join(folder, "node_modules/evolink-video"), "junction");
  await build({
    entryPoints: [join(root, "www/worker/worker.js")],
    outfile: join(folder, "worker.js"),
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "*.wasm"],
    nodePaths: [join(folder, "node_modules")],
    logLevel: "error",
  });
  const modules = ["client", "rules", "media"].map((name) => ({
    type: /** @type {const} */ ("CompiledWasm"),
    path: `${name}.wasm`,
    contents: readFileSync(join(root, `pkg/${name}.wasm`)),
  }));
  const script = readFileSync(join(folder, "worker.js"), "utf8");
  return [{ type: /** @type {const} */ ("ESModule"), path: "worker.js", contents: script }, ...modules];
}
