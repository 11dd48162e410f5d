export { checkFiles, inspect } from "./media/inspect.js";
