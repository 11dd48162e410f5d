// Passes the parts of a request and its files that the rules need, as numbers and lines, to src/npm/media_functions.rs.
import { compute } from "../engine.js";
import { ConfigurationError } from "../errors.js";
import { fileFields } from "../local-files.js";

/**
 * @param {any} request
 * @param {any[]} files each with its `path` and what an inspection found
 * @param {any} allow
 * @param {boolean} uploads
 */
export function check(request, files, allow, uploads) {
  /** @type {number[]} */
  const numbers = [];
  let lines = "";
  const putNumbers = (/** @type {unknown[]} */ ...values) => {
    for (const value of values) numbers.push(Number(value ?? 0));
  };
  const putLine = (/** @type {unknown} */ value) => {
    lines += `${typeof value === "string" ? value.replaceAll("\n", " ") : ""}\n`;
  };
  const putShape = (/** @type {unknown} */ value) => {
    const isArray = Array.isArray(value);
    putNumbers(isArray ? value.length : 0);
    putLine(isArray ? "array" : value === null ? "null" : typeof value);
  };

  // A value that is not an array contains no code.
  const codes = Array.isArray(allow ?? []) ? (allow ?? []) : [undefined];
  putNumbers(uploads, codes.length);
  codes.forEach(putLine);
  putShape(request);
  for (const field of ["model", "aspect_ratio"]) {
    const value = request?.[field];
    const isText = typeof value === "string";
    putNumbers(isText);
    if (isText) putLine(value);
  }
  for (const field of fileFields) {
    const value = request?.[field];
    putNumbers(value !== undefined);
    if (value !== undefined) putShape(value);
  }
  putNumbers(files.length);
  for (const { path, kind, format, reason, ...seen } of files) {
    putNumbers(fileFields.indexOf(path[0]), path[1]);
    for (const line of [kind, format, reason]) putLine(line);
    putNumbers(
      seen.bytes,
      seen.width,
      seen.height,
      seen.durationMs,
      seen.frameRate,
      seen.animated,
      seen.estimated,
    );
  }
  const json = compute("checkFiles", new Float64Array(numbers), new TextEncoder().encode(lines));
  if (json) return JSON.parse(json);
  throw new ConfigurationError(
    'The option `allow` must be an array of issue codes other than "required" and "invalid_type".',
  );
}
