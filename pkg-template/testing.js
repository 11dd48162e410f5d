// evolink-video/testing: the API as a function. See testing.d.ts.
export { createEmulator } from "./testing/emulator.js";
