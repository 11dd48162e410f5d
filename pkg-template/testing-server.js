export { serve } from "./testing/server.js";
