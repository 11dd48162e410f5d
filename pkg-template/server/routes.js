// Finds the client call of a request. The paths are those that the client uses.
import { endpoints } from "#tables";

/** @typedef {import("../server.js").ProxyOperation} Operation */
/** @typedef {{ operation: Operation | "list" | "receipt", method: string, id: string }} Route */

/**
 * The calls, in the order in which paths are compared. `rest` is what follows the path.
 * @type {{ operation: Route["operation"], method: string, path: string, rest?: RegExp }[]}
 */
const calls = [
  { operation: "create", method: "POST", path: endpoints.generations },
  { operation: "batch", method: "POST", path: endpoints.batch },
  { operation: "list", method: "GET", path: endpoints.tasks },
  { operation: "credits", method: "GET", path: endpoints.credits },
  { operation: "models", method: "GET", path: endpoints.models },
  { operation: "upload", method: "POST", path: endpoints.upload },
  { operation: "receipt", method: "GET", path: endpoints.uploadReceipt, rest: /^[\w.-]{16,128}$/ },
  { operation: "read", method: "GET", path: endpoints.task, rest: /^[\w.:-]{1,128}$/ },
];

/**
 * @param {string} pathname
 * @param {string} prefix
 * @returns {Route | undefined}
 */
export function routeOf(pathname, prefix) {
  if (!pathname.startsWith(prefix)) return undefined;
  const path = pathname.slice(prefix.length);
  for (const { rest, ...call } of calls) {
    if (rest ? !path.startsWith(call.path) : path !== call.path) continue;
    const id = path.slice(call.path.length);
    if (!rest || rest.test(id)) return { ...call, id };
  }
  return undefined;
}
