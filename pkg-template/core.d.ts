/**
 * The exports of `evolink-video`, for apps that load the WebAssembly module themselves: as a separate file
 * (`evolink-video/client.wasm`) that the host streams and caches.
 * @module evolink-video/core
 */

export * from "./index.js";

/** A compiled module, its bytes, a response with its bytes, or its URL. */
export type ModuleSource = WebAssembly.Module | BufferSource | Response | URL | string;

/**
 * Loads the module. Required before any other function of this entry is called.
 * @throws {ConfigurationError} `module_not_found` if the server responds with an error status.
 */
export function load(source: ModuleSource | Promise<ModuleSource>): Promise<void>;
