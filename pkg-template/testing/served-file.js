import { errorResponse } from "./responses.js";

/**
 * Serves a file. A <video> element needs ranges to seek, and some browsers request
 * them before they play.
 *
 * @param {Request} request
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string} type
 * @returns {import("./responses.js").EmulatedResponse}
 */
export function servedFile(request, bytes, type) {
  const headers = { "content-type": type, "accept-ranges": "bytes" };
  const range = parseRange(request.headers.get("range"), bytes.length);
  if (range === null) return forMethod(request, { status: 200, headers, body: bytes });
  const [start, end] = range;
  if (start >= end)
    return errorResponse(416, "range_not_satisfiable", "The range is outside the file", {
      headers: { "content-range": `bytes */${bytes.length}` },
    });
  return forMethod(request, {
    status: 206,
    headers: {
      ...headers,
      "content-range": `bytes ${start}-${end - 1}/${bytes.length}`,
    },
    body: bytes.slice(start, end),
  });
}

/**
 * Removes the body for HEAD.
 *
 * @param {Request} request
 * @param {import("./responses.js").EmulatedResponse} response
 */
function forMethod(request, { status, headers, body }) {
  const length = { "content-length": String(body.length) };
  return {
    status,
    headers: { ...headers, ...length },
    body: request.method === "HEAD" ? new Uint8Array(0) : body,
  };
}

/**
 * Parses a single byte range. Anything else is ignored and gets the whole file (RFC 9110, 14.2).
 *
 * @param {string | null} header
 * @param {number} size
 * @returns {[start: number, end: number] | null} `end` is exclusive
 */
function parseRange(header, size) {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined || first + last === "") return null;
  if (first === "") return [Math.max(size - Number(last), 0), size];
  if (last === "") return [Number(first), size];
  return [Number(first), Math.min(Number(last) + 1, size)];
}
