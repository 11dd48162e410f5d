// workerd refuses to compile bytes ("Wasm code generation disallowed by embedder"). It compiles an imported
// file itself, before the first request.
import module from "#file";

/** @returns {WebAssembly.Module} */
export const compile = () => module;

/** @returns {Promise<WebAssembly.Module>} */
export const compileAhead = async () => module;
