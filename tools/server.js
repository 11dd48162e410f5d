// Serves an emulator and static folders on a loopback port.
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { createEmulator } from "../pkg-template/testing.js";
import { serve } from "../pkg-template/testing-server.js";

/** @typedef {import("../pkg-template/testing.js").Emulator} Emulator */

/** The paths of the emulator. All others are those of the static folders, if there are any. */
const emulated = /^\/(v1|api\/v1|files)\//;

/**
 * @param {object} [options]
 * @param {Emulator} [options.emulator]
 * @param {number} [options.port] default: any free port
 * @param {string} [options.host] a loopback address, because the server is not meant for networks
 * @param {Record<string, string>} [options.statics] folders by URL prefix, `{"/": "www", "/pkg": "pkg"}`
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startServer({
  emulator = createEmulator(),
  port,
  host = "127.0.0.1",
  statics = {},
} = {}) {
  if (!/^(127(\.\d+){3}|localhost|::1)$/.test(host))
    throw new TypeError(`host must be a loopback address, received ${host}`);
  const folders = serveFolders(statics);
  const both = {
    ...emulator,
    /** @type {Emulator["fetch"]} */
    async fetch(input, init) {
      const { pathname } = new URL(/** @type {URL} */ (input));
      const response = emulated.test(pathname) ? undefined : await folders(new Request(input, init));
      return response ?? emulator.fetch(input, init);
    },
  };
  return serve({ emulator: both, port, host });
}

/**
 * @param {Record<string, string>} statics
 * @returns {(request: Request) => Promise<Response | undefined>}
 */
function serveFolders(statics) {
  const app = new Hono();
  const longestFirst = Object.entries(statics).sort(([a], [b]) => b.length - a.length);
  for (const [prefix, root] of longestFirst) {
    const base = prefix.replace(/\/$/, "");
    app.use(`${base}/*`, serveStatic({ root, rewriteRequestPath: (path) => path.slice(base.length) }));
  }
  return async (request) => {
    const response = await app.fetch(request);
    if (response.status === 404) return undefined;
    // Prevents stale files during development.
    response.headers.set("cache-control", "no-cache");
    return response;
  };
}
