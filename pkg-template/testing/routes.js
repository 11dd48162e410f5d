import { errorResponse, fileRefusal } from "./responses.js";

/** @typedef {import("../testing.js").Operation} Operation */

const files = "/api/v1/files";

/** The first that matches is taken. `id` is the id in the path. */
/** @type {{ path: RegExp, methods: Record<string, Operation> }[]} */
const routes = [
  { path: /^\/v1\/videos\/generations$/, methods: { POST: "create" } },
  { path: /^\/v1\/tasks\/batch$/, methods: { POST: "batch" } },
  { path: /^\/v1\/tasks\/(?<id>[^/]+)$/, methods: { GET: "read" } },
  { path: /^\/v1\/tasks$/, methods: { GET: "list" } },
  { path: /^\/v1\/credits$/, methods: { GET: "credits" } },
  { path: /^\/v1\/models$/, methods: { GET: "models" } },
  { path: RegExp(`^${files}/upload/(?:stream|url|base64)$`), methods: { POST: "upload" } },
  { path: RegExp(`^${files}/list$`), methods: { GET: "files" } },
  { path: RegExp(`^${files}/quota$`), methods: { GET: "quota" } },
  { path: RegExp(`^${files}/upload-receipts/(?<id>[^/]+)$`), methods: { GET: "receipt" } },
  { path: RegExp(`^${files}/download/(?<id>[^/]+)$`), methods: { GET: "file", HEAD: "file" } },
  { path: RegExp(`^${files}/(?<id>[^/]+)$`), methods: { DELETE: "delete" } },
  { path: /^\/files\/uploads\/(?<id>[^/]+)\/[^/]+$/, methods: { GET: "file", HEAD: "file" } },
  { path: /^\/files\/(?<id>[^/]+)\.mp4$/, methods: { GET: "file", HEAD: "file" } },
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
 * @property {string | null} id in the path, of a task, a file or an upload
 * @property {import("./responses.js").Refuse} refuse in the shape of the endpoint
 * @property {import("./responses.js").EmulatedResponse} [rejection] for `other`
 */

/**
 * @param {Request} request
 * @returns {Target}
 */
export function route({ method, url }) {
  const { pathname: path, origin, searchParams: query } = new URL(url);
  const refuse = path.startsWith(`${files}/`) ? fileRefusal : errorResponse;
  const target = { method, path, origin, query, refuse };
  for (const { path: pattern, methods } of routes) {
    const match = pattern.exec(path);
    if (match === null) continue;
    if (Object.hasOwn(methods, method))
      return {
        ...target,
        operation: methods[method],
        id: match.groups?.id ?? null,
      };
    const headers = { allow: Object.keys(methods).join(", ") };
    return other(405, "method_not_allowed", `${method} is not allowed for ${path}`, {
      headers,
    });
  }
  return other(404, "not_found", `${path} does not exist`);

  /** @type {(...args: Parameters<typeof errorResponse>) => Target} */
  function other(...args) {
    return { ...target, operation: "other", id: null, rejection: refuse(...args) };
  }
}

/**
 * The task in the path of a read or of a video.
 *
 * @param {Target} target
 * @returns {string | null}
 */
export const taskIdOf = ({ operation, path, id }) =>
  operation === "read" || (operation === "file" && path === `/files/${id}.mp4`) ? id : null;
