/**
 * The exports of `evolink-video`, for apps that load the WebAssembly module themselves: as a separate file
 * (`evolink-video/client.wasm`) that the host streams and caches. Before {@link load}, each function throws
 * `ConfigurationError` with the code `module_not_loaded`.
 * @module evolink-video/core
 */

export * from "./index.js";

/** A compiled module, its bytes, a response with its bytes, or its URL. */
export type ModuleSource = WebAssembly.Module | BufferSource | Response | URL | string;

/**
 * Loads the module. Required before any other function of this entry is called.
 *
 * @throws `ConfigurationError` with the code `module_not_found` if the server responds with an error status,
 * `webassembly_unavailable` if the module cannot be compiled.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 *
 * // In a page with a bundler: `await load(new URL("evolink-video/client.wasm", import.meta.url))`.
 * await load(readFile(new URL(import.meta.resolve("evolink-video/client.wasm"))));
 * validate({ model: "seedance-2.0", prompt: "A cat walks" }).valid; // => true
 * ```
 */
export function load(source: ModuleSource | Promise<ModuleSource>): Promise<void>;
