import { once } from "node:events";
import { createServer } from "node:http";
import { createEmulator } from "../testing.js";

/** @typedef {import("../testing.js").Emulator} Emulator */
/** @typedef {import("node:http").IncomingMessage} IncomingMessage */
/** @typedef {import("node:http").ServerResponse} ServerResponse */

/** @type {typeof import("../testing-server.js").serve} */
export async function serve({ port = 0, host = "127.0.0.1", emulator, ...options } = {}) {
  const served = emulator ?? createEmulator(options);
  const server = createServer((incoming, outgoing) => void relay(served, url, incoming, outgoing));
  server.listen(port, host);
  await once(server, "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
  return {
    url,
    emulator: served,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * Passes a request to the emulator, and streams its response to the socket. A fault of
 * the emulator destroys the socket.
 *
 * @param {Emulator} emulator
 * @param {string} url of the server, for clients that send no host
 * @param {IncomingMessage} incoming
 * @param {ServerResponse} outgoing
 */
async function relay(emulator, url, incoming, outgoing) {
  const disconnected = new AbortController();
  const { signal } = disconnected;
  outgoing.once("close", () => disconnected.abort());
  try {
    const { method = "GET" } = incoming;
    const origin = incoming.headers.host === undefined ? url : `http://${incoming.headers.host}`;
    const response = await emulator.fetch(new URL(`${origin}${incoming.url}`), {
      method,
      headers: Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
      body: ["GET", "HEAD"].includes(method) ? null : await bodyOf(incoming),
      signal,
    });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.flushHeaders();
    // Chunk by chunk, because `pipeline` would drop data that was read before a read fails.
    for await (const chunk of response.body ?? [])
      if (!outgoing.write(chunk)) await once(outgoing, "drain", { signal });
    outgoing.end();
  } catch {
    // A fault, or the client disconnected. Data that was already written is sent first.
    setImmediate(() => outgoing.destroy());
  }
}

/** @param {IncomingMessage} incoming */
async function bodyOf(incoming) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
}
