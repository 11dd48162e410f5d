export { toNodeHandler } from "./server/node.js";
export { createProxy } from "./server/proxy.js";
