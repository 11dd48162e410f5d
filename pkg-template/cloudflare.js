// Connects the client to Workflows, Durable Objects and R2.
export { durableStore } from "./cloudflare/store.js";
export { saveToR2 } from "./cloudflare/r2.js";
export { videoAlarm } from "./cloudflare/alarm.js";
export { workflowSteps } from "./cloudflare/workflow.js";
