// Real classes, so that `instanceof` works. Rust chooses the class and the fields of the errors that it returns.

/** @typedef {import("./index.js").ErrorFields} Fields */
/** @typedef {import("./index.js").Issue} Issue */
/** @typedef {import("./index.js").FailedTask} FailedTask */
/** @typedef {import("./index.js").CancelledTask} CancelledTask */
/** @typedef {{ name: string, code: string, retryable?: boolean, charged?: Fields["charged"] }} Defaults */

export class EvolinkError extends Error {
  // The name is data because minifiers rename classes.
  /** @type {Defaults} */
  static defaults = { name: "EvolinkError", code: "unknown_error", charged: "unknown" };

  /**
   * @param {string} message
   * @param {Fields} [fields]
   */
  constructor(message, fields) {
    const { cause, ...own } = fields ?? {};
    super(message, cause === undefined ? undefined : { cause });
    const { name, ...defaults } = new.target.defaults;
    // Hosts print the name next to the stack. As an enumerable property, it would be printed twice.
    Object.defineProperty(this, "name", { value: name, configurable: true, writable: true });
    Object.assign(this, { retryable: false, charged: "no" }, defaults, defined(own));
  }

  /**
   * Whether a value is an error of this class, from any copy of the package: it may be both imported and required.
   * @param {unknown} value
   */
  static [Symbol.hasInstance](value) {
    // A subclass of the caller has no row here.
    if (!Object.hasOwn(this, "defaults")) return Function.prototype[Symbol.hasInstance].call(this, value);
    let prototype = value;
    while (typeof prototype === "object" && prototype !== null) {
      if (/** @type {any} */ (prototype.constructor)?.defaults?.name === this.defaults.name) return true;
      prototype = Object.getPrototypeOf(prototype);
    }
    return false;
  }

  toJSON() {
    // The part of a cause that JSON and `structuredClone` can carry.
    const cause = /** @type {any} */ (this.cause);
    const carried = cause?.message === undefined ? undefined : { name: cause.name, message: cause.message };
    return defined(Object.assign({ name: this.name, message: this.message }, this, { cause: carried }));
  }

  // Not a method, because bundlers rename a class that refers to itself in its body.
  static from = fromJson;
}

export class ValidationError extends EvolinkError {
  static defaults = { name: "ValidationError", code: "invalid_request" };

  /** @param {string} message @param {Fields & { issues?: readonly Issue[] | undefined }} [fields] */
  constructor(message, fields) {
    super(message, fields);
    this.issues = fields?.issues ?? [];
  }
}
export class ConfigurationError extends EvolinkError {
  static defaults = { name: "ConfigurationError", code: "invalid_option" };
}
export class BadRequestError extends EvolinkError {
  static defaults = { name: "BadRequestError", code: "invalid_request" };
}
export class AuthenticationError extends EvolinkError {
  static defaults = { name: "AuthenticationError", code: "unauthorized" };
}
export class InsufficientCreditsError extends EvolinkError {
  static defaults = { name: "InsufficientCreditsError", code: "insufficient_quota" };
}
export class PermissionDeniedError extends EvolinkError {
  static defaults = { name: "PermissionDeniedError", code: "model_access_denied" };
}
export class NotFoundError extends EvolinkError {
  static defaults = { name: "NotFoundError", code: "http_404" };
}
export class RateLimitError extends EvolinkError {
  static defaults = { name: "RateLimitError", code: "rate_limit_exceeded", retryable: true };
}
export class ServerError extends EvolinkError {
  static defaults = { name: "ServerError", code: "internal_error", retryable: true };
}
export class ConnectionError extends EvolinkError {
  static defaults = { name: "ConnectionError", code: "connection_failed", retryable: true };
}
export class RequestTimeoutError extends EvolinkError {
  static defaults = { name: "RequestTimeoutError", code: "request_timeout", retryable: true };
}
export class OutcomeUnknownError extends EvolinkError {
  /** @type {Defaults} */
  static defaults = {
    name: "OutcomeUnknownError",
    code: "paid_outcome_unknown",
    retryable: true,
    charged: "unknown",
  };
}
export class TaskFailedError extends EvolinkError {
  static defaults = { name: "TaskFailedError", code: "unknown_error" };

  /** @param {string} message @param {Fields & { task?: FailedTask | undefined }} [fields] */
  constructor(message, fields) {
    const { task, code = task?.error.code, taskId = task?.id || undefined } = fields ?? {};
    super(message, { ...fields, code, taskId });
    const error = { code: code ?? TaskFailedError.defaults.code, message };
    this.task = task ?? { id: taskId ?? "", status: "failed", progress: null, error };
  }
}
export class TaskCancelledError extends EvolinkError {
  /** @type {Defaults} */
  static defaults = { name: "TaskCancelledError", code: "task_cancelled", charged: "unknown" };

  /** @param {string} message @param {Fields & { task?: CancelledTask | undefined }} [fields] */
  constructor(message, fields) {
    const { task, taskId = task?.id || undefined } = fields ?? {};
    super(message, { ...fields, taskId });
    this.task = task ?? { id: taskId ?? "", status: "cancelled", progress: null };
  }
}
export class WaitTimeoutError extends EvolinkError {
  /** @type {Defaults} */
  static defaults = { name: "WaitTimeoutError", code: "wait_timeout", retryable: true, charged: "unknown" };
}

/** @param {any} value @returns {EvolinkError} */
function fromJson(value) {
  if (value instanceof EvolinkError) return value;
  const { name, message, ...fields } = Object(value);
  if (!CHARGED.includes(fields.charged)) {
    return new EvolinkError(String(message ?? value), { cause: value });
  }
  // Properties from JSON must not replace those of the class.
  for (const field of ["toJSON", "stack"]) delete fields[field];
  return createError({ name, message: String(message), ...fields });
}

const CHARGED = ["no", "unknown", "yes"];

/**
 * Rust and `from` name the class. An unknown name gives the base class.
 * @param {Fields & { name?: string, message: string }} fields
 * @returns {EvolinkError}
 */
export function createError({ name, message, ...fields }) {
  const classes = [
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
  ];
  const Class = classes.find(({ defaults }) => defaults.name === name) ?? EvolinkError;
  return new Class(message, /** @type {any} */ (fields));
}

/**
 * The properties that are not undefined.
 * @param {object} object
 */
function defined(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
