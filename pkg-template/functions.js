import { call } from "./engine.js";

/** @type {typeof import("./index.js").validate} */
export const validate = (request) => call("validate", request);

/** @type {typeof import("./index.js").parseTags} */
export const parseTags = (prompt) => call("parseTags", prompt);

/** @type {typeof import("./index.js").retag} */
export const retag = (prompt, kind, order) => call("retag", prompt, kind, order);

/** @type {typeof import("./index.js").detectMode} */
export const detectMode = (request) => call("detectMode", request);

/** @type {typeof import("./index.js").progressEstimate} */
export const progressEstimate = (state, now = Date.now()) => call("progressEstimate", state, now);

/** @type {typeof import("./index.js").estimateTokens} */
export const estimateTokens = (prompt) => call("estimateTokens", prompt);
