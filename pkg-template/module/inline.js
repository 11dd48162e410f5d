// The module inlined in the script: the only form that no bundler, server or CDN has to be told about.
import { bytes } from "#wasm";

/** @returns {WebAssembly.Module} */
export const compile = () => new WebAssembly.Module(bytes());

/** @returns {Promise<WebAssembly.Module>} */
export const compileAhead = () => WebAssembly.compile(bytes());
