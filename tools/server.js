// Serves an emulator and static folders on a loopback port.
//
//   node tools/server.js --port 8787 --speed 20

import { once } from "node:events";
import { parseArgs } from "node:util";
import { pathToFileURL } from "node:url";
import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { createEmulator } from "../pkg-template/testing.js";

/** @typedef {import("../pkg-template/testing.js").Emulator} Emulator */
/** @typedef {import("hono").Context<{ Bindings: import("@hono/node-server").HttpBindings }>} Context */

/** The interval at which due callbacks are sent. The emulator itself has no timers. */
const flushIntervalMs = 250;

/**
 * @param {object} [options]
 * @param {Emulator} [options.emulator]
 * @param {number} [options.port] default: any free port
 * @param {string} [options.host] a loopback address, because the server is not meant for networks
 * @param {Record<string, string>} [options.statics] folders by URL prefix, `{"/": "www", "/pkg": "pkg"}`;
 *   `/v1` and `/files` are always the emulator's
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startServer({
  emulator = createEmulator(),
  port = 0,
  host = "127.0.0.1",
  statics = {},
} = {}) {
  if (!/^(127(\.\d+){3}|localhost|::1)$/.test(host))
    throw new TypeError(`host must be a loopback address, received ${host}`);

  /** @type {Hono<{ Bindings: import("@hono/node-server").HttpBindings }>} */
  const app = new Hono();
  const emulate = (/**  @type {Context} */ context) => relay(emulator, context);
  app.all("/v1/*", emulate);
  app.all("/files/*", emulate);
  const longestFirst = Object.entries(statics).sort(([a], [b]) => b.length - a.length);
  for (const [prefix, root] of longestFirst) {
    const base = prefix.replace(/\/$/, "");
    app.use(
      `${base}/*`,
      revalidate,
      serveStatic({
        root,
        rewriteRequestPath: (path) => path.slice(base.length),
      }),
    );
  }
  app.all("*", emulate);

  const server = serve({
    fetch: app.fetch,
    port,
    hostname: host,
    overrideGlobalObjects: false,
  });
  await once(server, "listening");
  const timer = setInterval(() => void emulator.flush(), flushIntervalMs).unref();

  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    async close() {
      clearInterval(timer);
      const closed = once(server, "close");
      server.close();
      /** @type {import("node:http").Server} */ (server).closeAllConnections();
      await closed;
    },
  };
}

/**
 * Prevents stale files during development.
 *
 * @param {Context} context
 * @param {import("hono").Next} next
 */
function revalidate(context, next) {
  context.header("cache-control", "no-cache");
  return next();
}

/**
 * Passes a request to the emulator, and streams its response to the socket. A fault of
 * the emulator destroys the socket.
 *
 * @param {Emulator} emulator
 * @param {Context} context
 */
async function relay(emulator, { req, env: { outgoing } }) {
  const disconnected = new AbortController();
  outgoing.once("close", () => disconnected.abort());
  try {
    const response = await emulator.fetch(req.url, {
      method: req.method,
      headers: req.raw.headers,
      body: ["GET", "HEAD"].includes(req.method) ? null : await req.arrayBuffer(),
      signal: disconnected.signal,
    });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.flushHeaders();
    // Chunk by chunk, because `pipeline` would drop data that was read before a read fails.
    for await (const chunk of response.body ?? [])
      if (!outgoing.write(chunk)) await once(outgoing, "drain", { signal: disconnected.signal });
    outgoing.end();
  } catch {
    // A fault, or the client disconnected. Data that was already written is sent first.
    setImmediate(() => outgoing.destroy());
  }
  return RESPONSE_ALREADY_SENT;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8787" },
      speed: { type: "string", default: "1" },
    },
  });
  const emulator = createEmulator({ speed: Number(values.speed) });
  const { url } = await startServer({ emulator, port: Number(values.port) });
  console.log(url);
}
