// Real classes, so that `instanceof` works. What an error says is decided in Rust.

/**
 * @typedef {object} Fields
 * @property {string} name
 * @property {string} code
 * @property {string} message
 * @property {boolean} retryable
 * @property {"no" | "unknown" | "yes"} charged
 * @property {unknown} [cause]
 * @property {number} [status]
 */

export class EvolinkError extends Error {
  /** @param {Fields} fields */
  constructor({ message, cause, ...fields }) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, fields);
    // Printed by the host beside the stack; listing it with the fields would only repeat it.
    Object.defineProperty(this, "name", { enumerable: false });
  }
}

export class ValidationError extends EvolinkError {}
export class ConfigurationError extends EvolinkError {}
export class BadRequestError extends EvolinkError {}
export class AuthenticationError extends EvolinkError {}
export class InsufficientCreditsError extends EvolinkError {}
export class PermissionDeniedError extends EvolinkError {}
export class NotFoundError extends EvolinkError {}
export class RateLimitError extends EvolinkError {}
export class ServerError extends EvolinkError {}
export class ConnectionError extends EvolinkError {}
export class RequestTimeoutError extends EvolinkError {}
export class OutcomeUnknownError extends EvolinkError {}
export class TaskFailedError extends EvolinkError {}
export class TaskCancelledError extends EvolinkError {}
export class WaitTimeoutError extends EvolinkError {}

/**
 * The error of the class that the fields name.
 * @param {Fields} fields
 * @returns {EvolinkError}
 */
export function createError(fields) {
  // By name and not by `class.name`, which minifiers change.
  const classes = /** @type {Record<string, typeof EvolinkError>} */ ({
    ValidationError,
    ConfigurationError,
    BadRequestError,
    AuthenticationError,
    InsufficientCreditsError,
    PermissionDeniedError,
    NotFoundError,
    RateLimitError,
    ServerError,
    ConnectionError,
    RequestTimeoutError,
    OutcomeUnknownError,
    TaskFailedError,
    TaskCancelledError,
    WaitTimeoutError,
  });
  return new (classes[fields.name] ?? EvolinkError)(fields);
}
