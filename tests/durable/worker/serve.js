// Serves the worker in miniflare with storages in a folder. Runs in a process group of its own, which tests kill.
import { Miniflare } from "miniflare";

const [script, modules, api, persist] = process.argv.slice(2);
const wasm = Object.entries(JSON.parse(modules)).map(([, path]) => ({ type: "CompiledWasm", path }));
const miniflare = new Miniflare({
  modulesRoot: persist,
  modules: [{ type: "ESModule", path: script }, ...wasm],
  compatibilityDate: "2026-07-01",
  bindings: { API: api },
  r2Buckets: ["VIDEOS"],
  r2Persist: `${persist}/r2`,
  workflows: { WF: { name: "wf", className: "Video" } },
  workflowsPersist: `${persist}/workflows`,
  durableObjects: { DO: { className: "Videos", useSQLite: true } },
  durableObjectsPersist: `${persist}/objects`,
});
console.log(String(await miniflare.ready));
