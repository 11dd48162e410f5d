import { refusal } from "./answers.js";
import { sampleVideo } from "./sample-video.js";

/**
 * The result of every task. Ranges are what a <video> needs to seek, and what
 * some browsers ask for before they play at all.
 *
 * @param {Request} request
 * @returns {import("./answers.js").Answer}
 */
export function videoFile(request) {
  const video = sampleVideo();
  const headers = { "content-type": "video/mp4", "accept-ranges": "bytes" };
  const range = parseRange(request.headers.get("range"), video.length);
  if (range === null) return whenAsked(request, { status: 200, headers, body: video });
  const [start, end] = range;
  if (start >= end)
    return refusal(416, "range_not_satisfiable", "The range is not in the file", {
      headers: { "content-range": `bytes */${video.length}` },
    });
  return whenAsked(request, {
    status: 206,
    headers: {
      ...headers,
      "content-range": `bytes ${start}-${end - 1}/${video.length}`,
    },
    body: video.slice(start, end),
  });
}

/**
 * HEAD asks for the headers only.
 *
 * @param {Request} request
 * @param {import("./answers.js").Answer} answer
 */
function whenAsked(request, { status, headers, body }) {
  const length = { "content-length": String(body.length) };
  return {
    status,
    headers: { ...headers, ...length },
    body: request.method === "HEAD" ? new Uint8Array(0) : body,
  };
}

/**
 * One range of bytes. Anything else is no range, and gets the whole file (RFC 9110, 14.2).
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
