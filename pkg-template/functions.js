import { compute } from "./engine.js";

/** @type {typeof import("./index.js").validate} */
export const validate = (request) => compute("Validate", request);

/** @type {typeof import("./index.js").parseTags} */
export const parseTags = (prompt) => compute("ParseTags", prompt);

/** @type {typeof import("./index.js").retag} */
export const retag = (prompt, kind, order) => compute("Retag", prompt, kind, order);

/** @type {typeof import("./index.js").detectMode} */
export const detectMode = (request) => compute("DetectMode", request);

/** @type {typeof import("./index.js").progressEstimate} */
export const progressEstimate = (state, now = Date.now()) => compute("ProgressEstimate", state, now);

/** @type {typeof import("./index.js").estimateTokens} */
export const estimateTokens = (prompt) => compute("EstimateTokens", prompt);
