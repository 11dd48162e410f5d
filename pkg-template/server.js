export { createBudget } from "./server/budget.js";
export { createCallbacks } from "./server/callbacks.js";
export { toNodeHandler } from "./server/node.js";
export { createProxy } from "./server/proxy.js";
