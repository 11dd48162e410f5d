export { createEvolink } from "./ai-sdk/provider.js";
