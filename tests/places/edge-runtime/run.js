// As Vercel does it: the function becomes one script, and a module of WebAssembly that it imports a global.
import { readFile } from "node:fs/promises";
import { EdgeRuntime } from "edge-runtime";
import { build } from "esbuild";

const globalOf = {
  name: "wasm",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: "wasm" }));
    onLoad({ filter: /.*/, namespace: "wasm" }, () => ({ contents: "export default wasm_client" }));
  },
};
const { outputFiles } = await build({
  entryPoints: ["function.js"],
  bundle: true,
  conditions: ["edge-light"],
  plugins: [globalOf],
  write: false,
});
const bytes = await readFile("node_modules/evolink-video/client.wasm");

const runtime = new EdgeRuntime({
  initialCode: outputFiles[0].text,
  extend: (context) => Object.assign(context, { wasm_client: new WebAssembly.Module(bytes) }),
});
const response = await runtime.dispatchFetch(`https://app.example/?api=${process.env.BASE_URL}`);
console.log(await response.text());
