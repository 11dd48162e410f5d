import { limits, limitsByModel, prices } from "#tables";
import { compute } from "./engine.js";

/** @typedef {typeof import("./index.js")} Api */

/** @type {Api["validate"]} */
export const validate = (request, options) => compute("validate", request, options, Date.now());

/** @type {Api["limitsFor"]} */
export const limitsFor = (model) =>
  frozen(Object.hasOwn(limitsByModel, model) ? limitsByModel[model] : limits);

/** @type {Api["resolveModel"]} */
export const resolveModel = (request) => compute("resolveModel", request);

/** @type {Api["estimateCost"]} */
export const estimateCost = (request, options) => compute("estimateCost", request, options, prices);

/** @type {Api["parseTags"]} */
export const parseTags = (prompt) => compute("parseTags", prompt);

/** @type {Api["retag"]} */
export const retag = (prompt, kind, change) => compute("retag", prompt, kind, change);

/** @type {Api["detectMode"]} */
export const detectMode = (request) => compute("detectMode", request);

/** @type {Api["progressEstimate"]} */
export const progressEstimate = (state, now = Date.now()) => compute("progressEstimate", state, now);

/** @type {Api["idempotencyKey"]} */
export const idempotencyKey = (...parts) => compute("idempotencyKey", parts);

/** @type {Api["estimateTokens"]} */
export const estimateTokens = (prompt) => compute("estimateTokens", prompt);

/**
 * All callers share the limits.
 * @template {object} T
 * @param {T} limits
 * @returns {T}
 */
function frozen(limits) {
  if (Object.isFrozen(limits)) return limits;
  for (const part of Object.values(limits)) if (typeof part === "object") frozen(part);
  return Object.freeze(limits);
}
