export { ready } from "./engine.js";
export { ConfigurationError, EvolinkError, ValidationError } from "./errors.js";
export {
  detectMode,
  estimateCost,
  estimateTokens,
  limitsFor,
  parseTags,
  resolveModel,
  retag,
  validate,
} from "./functions.js";
export { videoRequestSchema } from "./schema.js";
export { endpoints, knownModels, limits, prices, version } from "#tables";
