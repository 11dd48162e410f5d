// Vercel's edge runtime: like workerd, with a query that marks the file as a module.
import module from "#file?module";

/** @returns {WebAssembly.Module} */
export const compile = () => module;

/** @returns {Promise<WebAssembly.Module>} */
export const compileAhead = async () => module;
