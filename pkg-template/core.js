export * from "./index.js";
export { load } from "./module/core.js";
