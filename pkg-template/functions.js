import { limits, limitsByModel } from "#tables";
import { compute } from "./engine.js";

/** @type {typeof import("./index.js").validate} */
export const validate = (request, options) => compute("Validate", request, options);

/** @type {typeof import("./index.js").parseTags} */
export const parseTags = (prompt) => compute("ParseTags", prompt);

/** @type {typeof import("./index.js").retag} */
export const retag = (prompt, kind, change) => compute("Retag", prompt, kind, change);

/** @type {typeof import("./index.js").limitsFor} */
export const limitsFor = (model) => (Object.hasOwn(limitsByModel, model) ? limitsByModel[model] : limits);

/** @type {typeof import("./index.js").resolveModel} */
export const resolveModel = (request) => compute("ResolveModel", request);

/** @type {typeof import("./index.js").estimateCost} */
export const estimateCost = (request, options) => compute("EstimateCost", request, options);

/** @type {typeof import("./index.js").detectMode} */
export const detectMode = (request) => compute("DetectMode", request);

/** @type {typeof import("./index.js").progressEstimate} */
export const progressEstimate = (state, now = Date.now()) => compute("ProgressEstimate", state, now);

/** @type {typeof import("./index.js").estimateTokens} */
export const estimateTokens = (prompt) => compute("EstimateTokens", prompt);
