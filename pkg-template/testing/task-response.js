import { json } from "./responses.js";
import { statusOf } from "./task.js";
import { reservation, taskBody } from "./task-body.js";

/**
 * A task as the response to a create call or a read. [third] Some gateways wrap it in `data`.
 *
 * @param {import("./state.js").State} state
 * @param {import("./task.js").Task} task
 * @param {import("./call.js").Call} call
 * @param {Record<string, string>} [headers]
 */
export function taskResponse({ clock, options }, task, { origin, operation }, headers) {
  const body = taskBody(task, clock, options, origin);
  // [real] A create call reports the cost even if the task is already `processing`.
  if (operation === "create" && statusOf(task, clock) === "processing")
    Object.assign(body, reservation(task.credits));
  if (!options.wrapTasks) return json(200, body, headers);
  const wrapper = operation === "create" ? { code: 200 } : { success: true };
  return json(200, { ...wrapper, data: body }, headers);
}
