import { refusal } from "./answers.js";

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
 * What a request is aimed at.
 *
 * @typedef {object} Target
 * @property {Operation} operation
 * @property {string} method
 * @property {string} path
 * @property {string} origin
 * @property {URLSearchParams} query
 * @property {string | null} taskId
 * @property {import("./answers.js").Answer} [refused] for `other`
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
    return other(405, "method_not_allowed", `${method} is not allowed here`, {
      headers,
    });
  }
  return other(404, "not_found", `There is no ${path}`);

  /** @type {(...args: Parameters<typeof refusal>) => Target} */
  function other(...args) {
    const refused = refusal(...args);
    return { ...target, operation: "other", taskId: null, refused };
  }
}
