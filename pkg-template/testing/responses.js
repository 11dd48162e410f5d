import { refusalBody } from "./error-shape.js";

/**
 * A response before faults are applied.
 *
 * @typedef {object} EmulatedResponse
 * @property {number} status
 * @property {Record<string, string>} headers lower-case names
 * @property {Uint8Array<ArrayBuffer>} body
 * @property {import("./error-shape.js").Refusal | "files"} [refusal] what `shaped` gives a shape
 */

/**
 * Refuses a request in the shape of an endpoint.
 *
 * @typedef {(status: number, code: string, message: string, more?: { type?: string, param?: string, headers?: Record<string, string> }) => EmulatedResponse} Refuse
 */

/** The `type` of an error by its status: [doc] 401, 402, 429 and 500; [third] the others. */
/** @type {Record<number, string>} */
const errorTypes = {
  401: "authentication_error",
  402: "insufficient_quota",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large_error",
  429: "rate_limit_error",
  500: "api_error",
  502: "upstream_error",
  503: "service_unavailable_error",
};

/** @param {number} status */
const typeOf = (status) =>
  errorTypes[status] ?? (status >= 500 ? "internal_server_error" : "invalid_request_error");

/**
 * @param {number} status
 * @param {unknown} value
 * @param {Record<string, string>} [headers]
 * @returns {EmulatedResponse}
 */
export function json(status, value, headers) {
  return text(status, JSON.stringify(value), {
    "content-type": "application/json",
    ...headers,
  });
}

/**
 * @param {number} status
 * @param {string} body
 * @param {Record<string, string>} headers
 * @returns {EmulatedResponse}
 */
export function text(status, body, headers) {
  return { status, headers, body: new TextEncoder().encode(body) };
}

/**
 * An error in the vendor's format: `{error: {code, message, type, param?}}` [doc].
 *
 * @type {Refuse}
 */
export function errorResponse(status, code, message, { type = typeOf(status), param, headers } = {}) {
  const refusal = { code, message, type, param };
  return { ...json(status, refusalBody(status, refusal), headers), refusal };
}

/**
 * A refusal of the files API: `{success: false, code, msg}` [doc].
 *
 * @type {Refuse}
 */
export function fileRefusal(status, _code, msg, { headers } = {}) {
  return { ...json(status, { success: false, code: status, msg }, headers), refusal: "files" };
}

/**
 * Gives refusals the shape of the options.
 *
 * @param {EmulatedResponse} response
 * @param {import("../testing.js").EmulatorOptions} options
 * @returns {EmulatedResponse}
 */
export function shaped({ refusal, ...response }, { errorShape, fileRefusalStatus }) {
  const { status, headers } = response;
  if (refusal === undefined) return response;
  if (refusal === "files") return { ...response, status: fileRefusalStatus ?? status };
  return json(status, refusalBody(status, refusal, errorShape), headers);
}

/** Lets pages of any origin use an emulator behind a server, and read the headers that a client needs. */
const cors = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "retry-after, x-request-id, idempotency-replayed",
};

/**
 * @param {Request} request
 * @returns {EmulatedResponse}
 */
export function preflight(request) {
  return {
    status: 204,
    headers: {
      "access-control-allow-methods": "GET, HEAD, POST, DELETE",
      "access-control-allow-headers": request.headers.get("access-control-request-headers") ?? "*",
      "access-control-max-age": "600",
    },
    body: new Uint8Array(0),
  };
}

/** Statuses for which `Response` accepts no body. */
const bodiless = [204, 205, 304];

/**
 * @param {EmulatedResponse} response
 * @param {{ requestId: string, now: number }} exchange milliseconds since 1970
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} [stream] replaces the body
 */
export function toResponse({ status, headers, body }, { requestId, now }, stream) {
  const date = new Date(now).toUTCString();
  return new Response(bodiless.includes(status) ? null : (stream ?? body), {
    status,
    headers: { ...cors, date, "x-request-id": requestId, ...headers },
  });
}
