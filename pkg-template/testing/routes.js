import { errorResponse } from "./responses.js";

/** @typedef {import("../testing.js").Operation} Operation */

/** @type {{ path: RegExp, methods: Record<string, Operation> }[]} */
const routes = [
  { path: /^\/v1\/videos\/generations$/, methods: { POST: "create" } },
  { path: /^\/v1\/tasks\/batch$/, methods: { POST: "batch" } },
  { path: /^\/v1\/tasks\/([^/]+)$/, methods: { GET: "read" } },
  { path: /^\/v1\/tasks$/, methods: { GET: "list" } },
  { path: /^\/v1\/credits$/, methods: { GET: "credits" } },
  { path: /^\/v1\/models$/, methods: { GET: "models" } },
  { path: /^\/files\/([^/]+)\.mp4$/, methods: { GET: "file", HEAD: "file" } },
];

/**
 * The target of a request.
 *
 * @typedef {object} Target
 * @property {Operation} operation
 * @property {string} method
 * @property {string} path
 * @property {string} origin
 * @property {URLSearchParams} query
 * @property {string | null} taskId
 * @property {import("./responses.js").EmulatedResponse} [rejection] for `other`
 */

/**
 * @param {Request} request
 * @returns {Target}
 */
export function route({ method, url }) {
  const { pathname: path, origin, searchParams: query } = new URL(url);
  const target = { method, path, origin, query };
  for (const { path: pattern, methods } of routes) {
    const match = pattern.exec(path);
    if (match === null) continue;
    if (Object.hasOwn(methods, method))
      return {
        ...target,
        operation: methods[method],
        taskId: match[1] ?? null,
      };
    const headers = { allow: Object.keys(methods).join(", ") };
    return other(405, "method_not_allowed", `${method} is not allowed for ${path}`, {
      headers,
    });
  }
  return other(404, "not_found", `${path} does not exist`);

  /** @type {(...args: Parameters<typeof errorResponse>) => Target} */
  function other(...args) {
    const rejection = errorResponse(...args);
    return { ...target, operation: "other", taskId: null, rejection };
  }
}
