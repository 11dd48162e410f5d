// What does not depend on the way to the module: one file that every entry imports, so that it is
// there once, and so that a class is the same class whichever entry it came by.
export * from "#glue";
export * from "#tables";
export * from "./errors.js";
export * from "./iterable.js";
