import { ConfigurationError, ConnectionError } from "../errors.js";

/** @param {string} message */
export const invalidOption = (message) => new ConfigurationError(message);

/**
 * @param {string} code
 * @param {string} message
 * @param {unknown} cause
 */
export const failure = (code, message, cause) => new ConnectionError(message, { code, cause });
