// As on Vercel: the function is bundled into one script, and imported WebAssembly modules become globals.
import { readFile } from "node:fs/promises";
import { EdgeRuntime } from "edge-runtime";
import { build } from "esbuild";

const wasmGlobals = {
  name: "wasm",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: "wasm" }));
    onLoad({ filter: /.*/, namespace: "wasm" }, ({ path }) => ({
      contents: `export default wasm_${/\w+(?=\.wasm)/.exec(path)}`,
    }));
  },
};
const { outputFiles } = await build({
  entryPoints: ["function.js"],
  bundle: true,
  conditions: ["edge-light"],
  plugins: [wasmGlobals],
  write: false,
});
const module = async (name) =>
  new WebAssembly.Module(await readFile(`node_modules/evolink-video/${name}.wasm`));
const globals = {
  wasm_client: await module("client"),
  wasm_rules: await module("rules"),
  wasm_media: await module("media"),
};

const runtime = new EdgeRuntime({
  initialCode: outputFiles[0].text,
  extend: (context) => Object.assign(context, globals),
});
const response = await runtime.dispatchFetch(`https://app.example/?api=${process.env.BASE_URL}`);
console.log(await response.text());
