// workerd, the runtime of Cloudflare Workers.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { createInterface } from "node:readline";
import * as esbuild from "esbuild";
import workerd from "workerd";

/** The newest compatibility date that this workerd supports. */
export const newestCompatibilityDate = workerd.compatibilityDate;

/**
 * Bundles a worker like wrangler: with the same conditions, and with WebAssembly as separate modules.
 * @param {string} entry
 * @param {string} folder the output folder
 * @returns {Promise<{ script: string, modules: Record<string, string> }>} files; `modules` by import specifier
 */
export async function bundleWorker(entry, folder) {
  const script = join(folder, "worker.js");
  /** @type {Record<string, string>} */
  const modules = {};
  await esbuild.build({
    entryPoints: [entry],
    outfile: script,
    bundle: true,
    format: "esm",
    target: "es2022",
    external: ["cloudflare:*"],
    conditions: ["workerd", "worker", "browser"],
    plugins: [
      {
        name: "wasm",
        setup(build) {
          build.onResolve({ filter: /\.wasm$/ }, ({ path, resolveDir }) => {
            modules[path] = join(resolveDir, path);
            return { path, external: true };
          });
        },
      },
    ],
  });
  return { script, modules };
}

/**
 * Serves a bundled worker on a free loopback port.
 * @param {object} worker
 * @param {string} worker.script
 * @param {Record<string, string>} worker.modules
 * @param {string} worker.compatibilityDate
 * @param {Record<string, string>} worker.env the worker's `env`
 * @param {string} [worker.internet] host and port that receive all requests of the worker, whatever
 *   their URL; default: the network
 * @returns {Promise<{ url: string, pid: number | undefined, stop: () => Promise<void> }>}
 */
export async function startWorkerd({ script, modules, compatibilityDate, env, internet }) {
  const text = JSON.stringify;
  const config = `${script}.${compatibilityDate}.capnp`;
  // A relative path, because capnp resolves absolute ones in its import folders.
  const embed = (/** @type {string} */ file) => `embed ${text(relative(dirname(config), file))}`;
  const parts = [
    `(name = "worker.js", esModule = ${embed(script)})`,
    ...Object.entries(modules).map(([name, file]) => `(name = ${text(name)}, wasm = ${embed(file)})`),
  ];
  const bindings = Object.entries(env).map(
    ([name, value]) => `(name = ${text(name)}, text = ${text(value)})`,
  );
  const outside = internet
    ? `external = (address = ${text(internet)}, http = ())`
    : `network = (allow = ["public", "private"])`;
  await writeFile(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [${parts.join(", ")}],
      bindings = [${bindings.join(", ")}],
      compatibilityDate = ${text(compatibilityDate)},
    )),
    (name = "internet", ${outside}),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`,
  );
  // It writes its port to the control stream.
  const child = spawn(workerd.default, ["serve", "--control-fd=3", config], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const ended = once(child, "exit");
  const control = /** @type {import("node:stream").Readable} */ (child.stdio[3]);
  const listens = once(createInterface(control), "line").then(([line]) => JSON.parse(line));
  const { port } = await Promise.race([
    listens,
    ended.then(([code]) => Promise.reject(new Error(`workerd exited with ${code}`))),
  ]);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
