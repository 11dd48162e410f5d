export { createVideoStore } from "./store/store.js";
