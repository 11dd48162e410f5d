/**
 * Serves the emulator on a port, for programs in other processes, languages or hosts. Requires `node:http`.
 * @module evolink-video/testing-server
 */
import type { Emulator, EmulatorOptions } from "./testing.js";

/** The options of {@link serve}. */
export interface ServeOptions extends EmulatorOptions {
  /** The port, 0 to 65535. Default 0: any free port. */
  port?: number;
  /** The address to listen on. Default `"127.0.0.1"`: only this machine can connect. Every key is accepted by default. */
  host?: string;
  /** The emulator to serve. Default: a new one with these options. */
  emulator?: Emulator;
}

/** An emulator on a port. */
export interface EmulatorServer {
  /** The `baseUrl` for clients, which is also that of the files API: `http://127.0.0.1:49152`. */
  url: string;
  /** The emulator that is served. */
  emulator: Emulator;
  /**
   * Closes the port and every connection. Does not depend on `this`. Never rejects.
   *
   * @example
   * ```ts
   * const server = await serve();
   * await server.close();
   * ```
   */
  close(): Promise<void>;
}

/**
 * Serves an emulator. A network fault destroys the socket. On a command line: `npx evolink-video emulator`.
 *
 * @throws `TypeError` as `createEmulator`.
 * @throws `Error` of `node:net` if the port cannot be used.
 *
 * @example
 * ```ts
 * const { url, emulator, close } = await serve({ taskTime: 0.1 });
 * const client = new VideoClient({ apiKey: "any", baseUrl: url });
 * await client.submit(request);
 * emulator.counts.charges; // => 1
 * await close();
 * ```
 */
export function serve(options?: ServeOptions): Promise<EmulatorServer>;
