export { ready } from "./engine.js";
export { ConfigurationError, EvolinkError, ValidationError } from "./errors.js";
export { detectMode, estimateTokens, parseTags, retag, validate } from "./functions.js";
export { videoRequestSchema } from "./schema.js";
export { limits, version } from "#tables";
