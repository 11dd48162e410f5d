// Measures a proxy: its download, and the processor time of one call that it forwards to a `fetch` stub.
import { brotliCompressSync } from "node:zlib";
import { isMain } from "../../tools/setup.js";
import { bundled } from "./bundle.js";
import { typical } from "./requests.js";
import { median } from "./rounds.js";
import { runSeparately } from "./separate-process.js";

/** Calls per batch. The first batches warm up. */
const times = 100;
const batches = 20;

const names = { ours: "evolink-video/server", peer: "@fal-ai/server-proxy" };

/** @param {{ rounds: number }} options @returns {Promise<import("./table.js").Table>} */
export async function proxy({ rounds }) {
  const client = 'export { VideoClient } from "evolink-video";';
  const own = 'export { createProxy } from "evolink-video/server";';
  const [alone, both] = await Promise.all([client, client + own].map(bytesOf));
  const bytes = {
    [names.ours]: both - alone,
    [names.peer]: await bytesOf('export { handleRequest } from "@fal-ai/server-proxy";'),
  };
  /** @type {Record<string, number[][]>} */
  const measured = {};
  for (let round = 0; round < Math.ceil(rounds / 2); round++)
    for (const [name, costs] of Object.entries(await runSeparately(import.meta.url, [])))
      (measured[name] ??= []).push(costs);
  const rows = Object.entries(bytes).map(([name, size]) => [
    name,
    [size, ...[0, 1].map((index) => median(measured[name].map((costs) => costs[index])))],
  ]);
  return { head: ["bytes", "an order, µs", "a read, µs"], rows: Object.fromEntries(rows) };
}

/** @param {string} entry */
const bytesOf = async (entry) => brotliCompressSync(await bundled(entry)).length;

/** The calls of each proxy: an order, and a read. @returns {Promise<Record<string, (() => Promise<unknown>)[]>>} */
async function calls() {
  process.env.FAL_KEY = "key";
  const { VideoClient } = await import("../../pkg/index.js");
  const { createProxy } = await import("../../pkg/server.js");
  const { handleRequest, fromHeaders, responsePassthrough, resolveProxyConfig } =
    await import("@fal-ai/server-proxy");
  const headers = { "content-type": "application/json" };
  // Each order is another task. The read is that of a page that polls its own.
  let created = 0;
  const fetch = async (/** @type {string} */ _url, /** @type {RequestInit | undefined} */ init) => {
    const id = `task-unified-${init?.method === "POST" ? ++created : 1}`;
    return new Response(JSON.stringify({ id, status: "processing", progress: 40 }), { headers });
  };
  globalThis.fetch = /** @type {typeof globalThis.fetch} */ (fetch);

  const ours = createProxy({
    client: new VideoClient({ apiKey: "key", fetch }),
    secret: "a secret of at least 32 characters",
    authorize: () => ({ user: "ann" }),
    allow: { models: [typical.model], files: true, maxDuration: 15, qualities: ["480p", "720p", "1080p"] },
  });
  const origin = "https://app.example/evolink";
  const order = () =>
    ours(
      new Request(`${origin}/v1/videos/generations`, {
        method: "POST",
        headers: { ...headers, "idempotency-key": "an-order-of-the-page" },
        body: JSON.stringify(typical),
      }),
    );
  const { id } = await (await order()).json();

  const config = resolveProxyConfig({
    allowedUrlPatterns: ["fal.run/**", "queue.fal.run/**"],
    allowedEndpoints: [],
    allowUnauthorizedRequests: false,
    isAuthenticated: async () => true,
    resolveFalAuth: async () => "Key key",
  });
  // Does the same as its adapter for Next.js, without Next.js.
  const forward = (/** @type {Request} */ request) =>
    handleRequest(
      {
        id: "bench",
        method: request.method,
        getRequestBody: async () => request.text(),
        getHeaders: () => fromHeaders(request.headers),
        getHeader: (/** @type {string} */ name) => request.headers.get(name),
        sendHeader() {},
        respondWith: (/** @type {number} */ status) => new Response(null, { status }),
        sendResponse: responsePassthrough,
      },
      config,
    );
  const target = (/** @type {string} */ url) => ({ ...headers, "x-fal-target-url": url });
  const expect = async (/** @type {Promise<Response>} */ answer) => {
    const response = await answer;
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    await response.text();
  };
  return {
    [names.ours]: [() => expect(order()), () => expect(ours(new Request(`${origin}/v1/tasks/${id}`)))],
    [names.peer]: [
      () =>
        expect(
          forward(
            new Request(origin, {
              method: "POST",
              headers: target("https://queue.fal.run/fal-ai/a-model"),
              body: JSON.stringify(typical),
            }),
          ),
        ),
      () =>
        expect(
          forward(
            new Request(origin, { headers: target("https://queue.fal.run/fal-ai/a-model/requests/1") }),
          ),
        ),
    ],
  };
}

/** The least of some batches, which other programs on the machine disturb least. */
async function measure() {
  const all = Object.entries(await calls());
  /** @type {Record<string, number[]>} */
  const results = Object.fromEntries(all.map(([name, works]) => [name, works.map(() => Infinity)]));
  for (let batch = 0; batch < batches; batch++)
    for (const [name, works] of all)
      for (const [index, work] of works.entries()) {
        const before = process.cpuUsage();
        for (let call = 0; call < times; call++) await work();
        const { user, system } = process.cpuUsage(before);
        results[name][index] = Math.min(results[name][index], (user + system) / times);
      }
  console.log(JSON.stringify(results));
}

if (isMain(import.meta.url)) await measure();
