// workerd refuses to compile from bytes ("Wasm code generation disallowed by embedder") and compiles
// an imported file itself, ahead of the first request.
import module from "./client.wasm";

/** @returns {WebAssembly.Module} */
export const compile = () => module;

/** @returns {Promise<WebAssembly.Module>} */
export const compileAhead = async () => module;
