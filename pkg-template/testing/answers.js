/**
 * An answer while it can still be spoilt.
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {Record<string, string>} headers lower-case names
 * @property {Uint8Array<ArrayBuffer>} body
 */

/** [third] `type` of an error by its status. */
/** @type {Record<number, string>} */
const errorTypes = {
  401: "authentication_error",
  402: "insufficient_quota_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large_error",
  429: "rate_limit_error",
  502: "upstream_error",
  503: "service_unavailable_error",
};

/**
 * @param {number} status
 * @param {unknown} value
 * @param {Record<string, string>} [headers]
 * @returns {Answer}
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
 * @returns {Answer}
 */
export function text(status, body, headers) {
  return { status, headers, body: new TextEncoder().encode(body) };
}

/**
 * An error of the vendor's shape: `{error: {code, message, type, param?}}` [doc].
 *
 * @param {number} status
 * @param {string} code
 * @param {string} message
 * @param {{ param?: string, headers?: Record<string, string> }} [more]
 * @returns {Answer}
 */
export function refusal(status, code, message, { param, headers } = {}) {
  const type = errorTypes[status] ?? (status >= 500 ? "internal_server_error" : "invalid_request_error");
  return json(status, { error: { code, message, type, param } }, headers);
}

/** Lets pages of any origin use an emulator behind a server, and read the headers a client needs. */
const cors = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "retry-after, x-request-id, idempotency-replayed",
};

/**
 * @param {Request} request
 * @returns {Answer}
 */
export function preflight(request) {
  return {
    status: 204,
    headers: {
      "access-control-allow-methods": "GET, HEAD, POST",
      "access-control-allow-headers": request.headers.get("access-control-request-headers") ?? "*",
      "access-control-max-age": "600",
    },
    body: new Uint8Array(0),
  };
}

/** Statuses that `Response` takes no body for. */
const bodiless = [204, 205, 304];

/**
 * @param {Answer} answer
 * @param {string} requestId
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} [stream] instead of the body
 */
export function toResponse({ status, headers, body }, requestId, stream) {
  return new Response(bodiless.includes(status) ? null : (stream ?? body), {
    status,
    headers: { ...cors, "x-request-id": requestId, ...headers },
  });
}
