// The caller provides the module, such as a separate file that the host streams and caches.
import { createError } from "../errors.js";

/** @type {WebAssembly.Module | undefined} */
let loaded;

/**
 * @param {import("../core.js").ModuleSource | Promise<import("../core.js").ModuleSource>} source
 * @returns {Promise<void>}
 */
export async function load(source) {
  loaded = await moduleOf(await source);
}

/** @returns {WebAssembly.Module} */
export function compile() {
  if (loaded) return loaded;
  throw createError({
    name: "ConfigurationError",
    code: "module_not_loaded",
    message: "The WebAssembly module is not loaded. Call `await load(source)` of evolink-video/core first.",
    retryable: false,
    charged: "no",
  });
}

/** @returns {Promise<WebAssembly.Module>} */
export const compileAhead = async () => compile();

/**
 * @param {import("../core.js").ModuleSource} source
 * @returns {Promise<WebAssembly.Module>}
 */
async function moduleOf(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return WebAssembly.compile(source);
  const response = source instanceof Response ? source : await fetch(source);
  if (!response.ok) {
    throw createError({
      name: "ConfigurationError",
      code: "module_not_found",
      message: `The WebAssembly module could not be fetched from ${response.url} (HTTP ${response.status}).`,
      retryable: true,
      charged: "no",
      status: response.status,
    });
  }
  // Streaming requires the right content type, which many servers do not send.
  const streams = response.headers.get("content-type")?.startsWith("application/wasm");
  return streams && "compileStreaming" in WebAssembly
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}
