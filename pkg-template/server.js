export { toNodeHandler } from "./server/node.js";
