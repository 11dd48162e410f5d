export { VideoClient } from "./client.js";
export { ready } from "./engine.js";
export {
  AuthenticationError,
  BadRequestError,
  ConfigurationError,
  ConnectionError,
  EvolinkError,
  InsufficientCreditsError,
  NotFoundError,
  OutcomeUnknownError,
  PermissionDeniedError,
  RateLimitError,
  RequestTimeoutError,
  ServerError,
  TaskCancelledError,
  TaskFailedError,
  ValidationError,
  WaitTimeoutError,
} from "./errors.js";
export {
  detectMode,
  estimateCost,
  estimateTokens,
  limitsFor,
  parseTags,
  progressEstimate,
  resolveModel,
  retag,
  validate,
} from "./functions.js";
export { videoRequestSchema } from "./schema.js";
export { knownModels, limits, prices, version } from "#tables";
