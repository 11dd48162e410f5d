// Vercel's edge runtime: as workerd, with a query that says how the file is meant.
import module from "./client.wasm?module";

/** @returns {WebAssembly.Module} */
export const compile = () => module;

/** @returns {Promise<WebAssembly.Module>} */
export const compileAhead = async () => module;
