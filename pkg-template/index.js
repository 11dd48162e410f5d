export { VideoClient } from "./client.js";
export {
  AuthenticationError,
  BadRequestError,
  ConnectionError,
  InsufficientCreditsError,
  NotFoundError,
  OutcomeUnknownError,
  PermissionDeniedError,
  RateLimitError,
  RequestTimeoutError,
  ServerError,
  TaskCancelledError,
  TaskFailedError,
  WaitTimeoutError,
} from "./errors.js";
export { idempotencyKey, progressEstimate } from "./functions.js";
export * from "./rules.js";
