import { Miniflare } from "miniflare";

const miniflare = new Miniflare({
  // The first module is the entry.
  modules: [
    { type: "ESModule", path: "dist/worker.js" },
    { type: "CompiledWasm", path: "dist/client.wasm" },
    { type: "CompiledWasm", path: "dist/rules.wasm" },
    { type: "CompiledWasm", path: "dist/media.wasm" },
  ],
  r2Buckets: ["BUCKET"],
  bindings: { BASE_URL: process.env.BASE_URL },
  compatibilityDate: "2026-07-01",
});
console.log(String(await miniflare.ready));
