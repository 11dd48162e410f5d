import { json, refusal } from "./answers.js";
import { endOf, listTask, statusOf, viewTask } from "./tasks.js";
import { knownModels } from "./models.js";
import { isObject } from "./rules.js";
import { videoFile } from "./video-file.js";

/** @typedef {import("./world.js").World} World */
/** @typedef {import("./world.js").Account} Account */
/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./answers.js").Answer} Answer */

/** [client] */
const largestBatch = 50;

/** [doc] Seconds that links live from completion. */
const linkLife = 24 * 60 * 60;

/** @type {Record<"read" | "batch" | "list" | "credits" | "models", (world: World, account: Account, call: Call) => Answer>} */
export const queries = {
  read(world, account, { taskId, origin }) {
    const task = ownTask(world, account, taskId ?? "");
    return task === undefined
      ? refusal(404, "task_not_found", "Task not found or expired")
      : json(200, viewTask(task, world.clock, world.options, origin));
  },

  batch(world, account, { body, origin }) {
    const ids = isObject(body) ? body.task_ids : undefined;
    const param = "task_ids";
    if (!Array.isArray(ids) || !ids.every((id) => typeof id === "string"))
      return refusal(400, "invalid_parameter", "task_ids must be an array of strings", { param });
    if (ids.length > largestBatch)
      return refusal(400, "invalid_parameter", `task_ids must have at most ${largestBatch} items`, { param });
    const data = [...new Set(ids)]
      .map((id) => ownTask(world, account, id))
      .filter((task) => task !== undefined)
      .map((task) => viewTask(task, world.clock, world.options, origin));
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

  credits(_world, { credits, used }) {
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
 * The video of a completed task. It needs no key, as a link that is handed to a <video> has none.
 *
 * @param {World} world
 * @param {Call} call
 * @returns {Answer}
 */
export function resultFile({ tasks, clock }, { taskId, request }) {
  const task = tasks.get(taskId ?? "");
  const there =
    task !== undefined && statusOf(task, clock) === "completed" && clock.age(endOf(task, clock)) < linkLife;
  return there ? videoFile(request) : refusal(404, "not_found", "There is no such file, or no longer");
}

/**
 * @param {World} world
 * @param {Account} account
 * @param {string} id
 */
function ownTask({ tasks }, account, id) {
  return account.taskIds.has(id) ? tasks.get(id) : undefined;
}
