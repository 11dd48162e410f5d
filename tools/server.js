// An emulator, and static folders, on a loopback port.
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

/** How often callbacks that are due are sent, milliseconds. The emulator itself has no timer. */
const flushEveryMs = 250;

/**
 * @param {object} [options]
 * @param {Emulator} [options.emulator]
 * @param {number} [options.port] default: any free one
 * @param {string} [options.host] a loopback address: nothing here is meant for a network
 * @param {Record<string, string>} [options.statics] folders by URL prefix, `{"/": "www", "/pkg": "pkg"}`;
 *   `/v1` and `/files` stay the emulator's
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startServer({
  emulator = createEmulator(),
  port = 0,
  host = "127.0.0.1",
  statics = {},
} = {}) {
  if (!/^(127(\.\d+){3}|localhost|::1)$/.test(host))
    throw new TypeError(`host must be a loopback address, got ${host}`);

  /** @type {Hono<{ Bindings: import("@hono/node-server").HttpBindings }>} */
  const app = new Hono();
  const answer = (/** @type {Context} */ context) => relay(emulator, context);
  app.all("/v1/*", answer);
  app.all("/files/*", answer);
  const longestFirst = Object.entries(statics).sort(([a], [b]) => b.length - a.length);
  for (const [prefix, root] of longestFirst) {
    const base = prefix.replace(/\/$/, "");
    app.use(
      `${base}/*`,
      neverStale,
      serveStatic({
        root,
        rewriteRequestPath: (path) => path.slice(base.length),
      }),
    );
  }
  app.all("*", answer);

  const server = serve({
    fetch: app.fetch,
    port,
    hostname: host,
    overrideGlobalObjects: false,
  });
  await once(server, "listening");
  const timer = setInterval(() => void emulator.flush(), flushEveryMs).unref();

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
 * A page under development must not be the one before.
 *
 * @param {Context} context
 * @param {import("hono").Next} next
 */
function neverStale(context, next) {
  context.header("cache-control", "no-cache");
  return next();
}

/**
 * Hands a request to the emulator, and its answer to the socket as it is: what
 * fails in the emulator fails on the wire.
 *
 * @param {Emulator} emulator
 * @param {Context} context
 */
async function relay(emulator, { req, env: { outgoing } }) {
  const hungUp = new AbortController();
  outgoing.once("close", () => hungUp.abort());
  try {
    const response = await emulator.fetch(req.url, {
      method: req.method,
      headers: req.raw.headers,
      body: ["GET", "HEAD"].includes(req.method) ? null : await req.arrayBuffer(),
      signal: hungUp.signal,
    });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.flushHeaders();
    // Chunk by chunk: `pipeline` would drop what was read when the next read fails.
    for await (const chunk of response.body ?? [])
      if (!outgoing.write(chunk)) await once(outgoing, "drain", { signal: hungUp.signal });
    outgoing.end();
  } catch {
    // A fault, or the caller hung up. What was written before leaves first.
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
