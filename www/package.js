// Where the page finds the package. The first load has only the rules; the rest is imported when it is needed.

export * from "../pkg/rules.js";

export const loadClient = () => import("../pkg/index.js");
export const loadMedia = () => import("../pkg/media.js");
export const loadEmulator = () => import("../pkg/testing.js");
