// The code that does not depend on a module. All entries import this file, so that a page loads it once and an
// error has the same class in every entry.
export * from "#tables";
export * from "../src/npm/values.js";
export * from "./abort.js";
export * from "./errors.js";
export * from "./inlined.js";
export * from "./instance.js";
export * from "./iterable.js";
