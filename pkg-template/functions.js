import { limits, limitsByModel, prices } from "#tables";
import { compute } from "./engine.js";
import { fileFields, filesOf, isFile } from "./local-files.js";

/** @typedef {typeof import("./index.js")} Api */

/** @type {Api["validate"]} */
export const validate = (request, options) => {
  const validation = compute("validate", request, options, Date.now());
  if (validation.valid) restoreFiles(validation.request, request);
  return validation;
};

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
 * A file cannot be copied through the module.
 * @param {any} copy of a request
 * @param {unknown} request
 */
function restoreFiles(copy, request) {
  for (const field of fileFields)
    for (const [index, file] of filesOf(request, field).entries())
      if (isFile(file) && index in Object(copy[field])) copy[field][index] = file;
}

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
