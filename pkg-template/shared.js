// What does not depend on a module. Every entry imports this one file, so that a page loads it once, and an error
// has the same class whichever entry it comes from.
export * from "#tables";
export * from "../src/npm/values.js";
export * from "./errors.js";
export * from "./inlined.js";
export * from "./instance.js";
export * from "./iterable.js";
