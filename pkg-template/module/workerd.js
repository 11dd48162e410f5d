// workerd does not compile bytes at run time ("Wasm code generation disallowed by embedder"). It compiles imported
// files before the first request.
import module from "#file";

/** @returns {WebAssembly.Module} */
export const compile = () => module;

/** @returns {Promise<WebAssembly.Module>} */
export const compileAhead = async () => module;
