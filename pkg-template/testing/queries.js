import { json, errorResponse } from "./responses.js";
import { statusOf } from "./task.js";
import { listItem, taskBody } from "./task-body.js";
import { taskResponse } from "./task-response.js";
import { taskIdPrefix } from "./ids.js";
import { knownModels } from "./models.js";
import { isObject } from "./checks.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Account} Account */
/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./responses.js").EmulatedResponse} EmulatedResponse */

/** [client] */
const maxBatchSize = 50;

/** @type {Record<"read" | "batch" | "list" | "credits" | "models", (state: State, account: Account, call: Call) => EmulatedResponse>} */
export const queries = {
  read(state, account, call) {
    const id = call.id ?? "";
    const param = "task_id";
    // [doc]
    if (!id.startsWith(taskIdPrefix))
      return errorResponse(
        400,
        "invalid_task_id",
        `Invalid task ID format, must start with '${taskIdPrefix}'`,
        { param },
      );
    const task = ownTask(state, account, id);
    return task === undefined
      ? errorResponse(404, "task_not_found", "Task not found or expired", { param })
      : taskResponse(state, task, call);
  },

  batch(state, account, { body, origin }) {
    const ids = isObject(body) ? body.task_ids : undefined;
    const param = "task_ids";
    if (!Array.isArray(ids) || !ids.every((id) => typeof id === "string"))
      return errorResponse(400, "invalid_request", "task_ids must be an array of strings", { param });
    if (ids.length > maxBatchSize)
      return errorResponse(400, "invalid_request", `task_ids must have at most ${maxBatchSize} items`, {
        param,
      });
    const data = [...new Set(ids)]
      .map((id) => ownTask(state, account, id))
      .filter((task) => task !== undefined)
      .map((task) => taskBody(task, state.clock, state.options, origin));
    return json(200, { code: 200, data });
  },

  list({ tasks, clock, options }, account, { query }) {
    const { page, size } = paging(query, "page_size");
    const [status, type, model] = ["status", "type", "model"].map((name) => query.get(name));
    const matches = (/** @type {import("./task.js").Task} */ task) =>
      (status === null || listedUnder(statusOf(task, clock)).includes(status)) &&
      (type === null || type === "video") &&
      (model === null || model === task.request.model);
    const found = [...tasks.values()]
      .filter((task) => account.taskIds.has(task.id) && matches(task))
      .reverse();
    return json(200, {
      object: "list",
      total: found.length,
      page,
      page_size: size,
      data: found.slice((page - 1) * size, page * size).map((task) => listItem(task, clock, options)),
    });
  },

  // [doc]
  credits(_state, { credits, used }) {
    const user = { remaining_credits: credits, used_credits: used };
    const token = { ...user, unlimited_credits: false };
    return json(200, { success: true, message: "", data: { token, user } });
  },

  models({ options }) {
    const data = (options.models ?? knownModels).map((id) => ({
      id,
      object: "model",
    }));
    return json(200, { object: "list", data });
  },
};

/**
 * The values of the list's `status` that include a task. [client] `processing` includes pending tasks.
 *
 * @param {import("./task.js").Status} status
 */
const listedUnder = (status) => (status === "pending" ? ["pending", "processing"] : [status]);

/**
 * @param {URLSearchParams} query
 * @param {string} sizeName
 */
export const paging = (query, sizeName) => ({
  page: Math.max(1, Number(query.get("page")) || 1),
  size: Math.max(1, Number(query.get(sizeName)) || 20),
});

/**
 * @param {State} state
 * @param {Account} account
 * @param {string} id
 */
function ownTask({ tasks }, account, id) {
  return account.taskIds.has(id) ? tasks.get(id) : undefined;
}
