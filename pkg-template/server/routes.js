// Finds the client call of a request. The paths are those that the client uses.
import { endpoints } from "#tables";
import { isTaskId } from "../task-id.js";

/** @typedef {import("../server.js").ProxyOperation} Operation */
/** @typedef {{ operation: Operation | "list" | "receipt", method: string, id: string }} Route */

/**
 * The calls, in the order in which paths are compared. `isRest` decides what may follow the path.
 * @type {{ operation: Route["operation"], method: string, path: string, isRest?: (rest: string) => boolean }[]}
 */
const calls = [
  { operation: "create", method: "POST", path: endpoints.generations },
  { operation: "batch", method: "POST", path: endpoints.batch },
  { operation: "list", method: "GET", path: endpoints.tasks },
  { operation: "credits", method: "GET", path: endpoints.credits },
  { operation: "models", method: "GET", path: endpoints.models },
  { operation: "upload", method: "POST", path: endpoints.upload },
  {
    operation: "receipt",
    method: "GET",
    path: endpoints.uploadReceipt,
    isRest: (id) => /^[\w.-]{16,128}$/.test(id),
  },
  { operation: "read", method: "GET", path: endpoints.task, isRest: isTaskId },
];

/**
 * @param {string} pathname
 * @param {string} prefix
 * @returns {Route | undefined}
 */
export function routeOf(pathname, prefix) {
  if (!pathname.startsWith(prefix)) return undefined;
  const path = pathname.slice(prefix.length);
  for (const { isRest, ...call } of calls) {
    if (isRest ? !path.startsWith(call.path) : path !== call.path) continue;
    const id = path.slice(call.path.length);
    if (!isRest || isRest(id)) return { ...call, id };
  }
  return undefined;
}
