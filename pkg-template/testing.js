// The entry evolink-video/testing.
export { createEmulator } from "./testing/emulator.js";
