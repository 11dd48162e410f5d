// The module inlined in the script: the only form that works without configuring a bundler, server or CDN.
import { alphabet, text } from "#wasm";
import { decodeModule } from "../inlined.js";

/** @returns {WebAssembly.Module} */
export const compile = () => new WebAssembly.Module(decodeModule(alphabet, text));

/** @returns {Promise<WebAssembly.Module>} */
export const compileAhead = () => WebAssembly.compile(decodeModule(alphabet, text));
