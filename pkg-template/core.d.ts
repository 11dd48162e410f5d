// The same as evolink-video, for those who load the WebAssembly module themselves: as a file of its own
// (`evolink-video/client.wasm`), streamed and cached by the host.

export * from "./index.js";

/** A compiled module, its bytes, a response that brings them, or where to fetch it. */
export type ModuleSource = WebAssembly.Module | BufferSource | Response | URL | string;

/**
 * Loads the module. Must be done before anything else of this entry is used.
 * @throws {ConfigurationError} if it cannot be fetched.
 */
export function load(source: ModuleSource | Promise<ModuleSource>): Promise<void>;
