// Serves an emulator and static folders on a loopback port.
import { serveSite } from "../pkg-template/cli/site.js";
import { createEmulator } from "../pkg-template/testing.js";

/** @typedef {import("../pkg-template/testing.js").Emulator} Emulator */

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
  return serveSite({ emulator, folders: statics, port, host });
}
