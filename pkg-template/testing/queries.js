import { json, errorResponse } from "./responses.js";
import { endOf, listTask, statusOf, viewTask } from "./tasks.js";
import { knownModels } from "./models.js";
import { isObject } from "./checks.js";
import { videoFile } from "./video-file.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Account} Account */
/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./responses.js").EmulatedResponse} EmulatedResponse */

/** [client] */
const maxBatchSize = 50;

/** [doc] Seconds from completion until links expire. */
const linkLifetime = 24 * 60 * 60;

/** @type {Record<"read" | "batch" | "list" | "credits" | "models", (state: State, account: Account, call: Call) => EmulatedResponse>} */
export const queries = {
  read(state, account, { taskId, origin }) {
    const task = ownTask(state, account, taskId ?? "");
    return task === undefined
      ? errorResponse(404, "task_not_found", "Task not found or expired")
      : json(200, viewTask(task, state.clock, state.options, origin));
  },

  batch(state, account, { body, origin }) {
    const ids = isObject(body) ? body.task_ids : undefined;
    const param = "task_ids";
    if (!Array.isArray(ids) || !ids.every((id) => typeof id === "string"))
      return errorResponse(400, "invalid_parameter", "task_ids must be an array of strings", { param });
    if (ids.length > maxBatchSize)
      return errorResponse(400, "invalid_parameter", `task_ids must have at most ${maxBatchSize} items`, {
        param,
      });
    const data = [...new Set(ids)]
      .map((id) => ownTask(state, account, id))
      .filter((task) => task !== undefined)
      .map((task) => viewTask(task, state.clock, state.options, origin));
    return json(200, { code: 200, data });
  },

  list({ tasks, clock, options }, account, { query }) {
    const page = Math.max(1, Number(query.get("page")) || 1);
    const size = Math.max(1, Number(query.get("page_size")) || 20);
    const wanted = ["status", "type", "model"].flatMap((field) => {
      const value = query.get(field);
      return value === null ? [] : [{ field, value }];
    });
    const items = [...tasks.values()]
      .filter((task) => account.taskIds.has(task.id))
      .reverse()
      .map((task) => listTask(task, clock, options))
      .filter((item) =>
        wanted.every(({ field, value }) => item[/** @type {keyof typeof item} */ (field)] === value),
      );
    return json(200, {
      object: "list",
      total: items.length,
      page,
      page_size: size,
      data: items.slice((page - 1) * size, page * size),
    });
  },

  credits(_state, { credits, used }) {
    const figures = { remaining_credits: credits, used_credits: used };
    return json(200, {
      success: true,
      data: { user: figures, token: { ...figures, unlimited_credits: true } },
    });
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
 * The video of a completed task. It requires no key, because a <video> element sends none.
 *
 * @param {State} state
 * @param {Call} call
 * @returns {EmulatedResponse}
 */
export function resultFile({ tasks, clock }, { taskId, request }) {
  const task = tasks.get(taskId ?? "");
  const isAvailable =
    task !== undefined &&
    statusOf(task, clock) === "completed" &&
    clock.age(endOf(task, clock)) < linkLifetime;
  return isAvailable
    ? videoFile(request)
    : errorResponse(404, "not_found", "The file does not exist or has expired");
}

/**
 * @param {State} state
 * @param {Account} account
 * @param {string} id
 */
function ownTask({ tasks }, account, id) {
  return account.taskIds.has(id) ? tasks.get(id) : undefined;
}
