// Tasks as the page gets them: with an id that is valid only for one user, and nothing about the account.

/** @typedef {import("../index.js").Task} Task */
/** @typedef {import("./seal.js").Sealer} Sealer */

/** The properties of the API that a client uses. */
const shown = ["object", "created", "model", "type", "progress", "results", "error"];
const shownOfInfo = ["can_cancel", "estimated_time", "video_duration"];
const shownOfUsage = ["billing_rule", "credits_reserved", "credits_used"];

/**
 * The id of a task for one user.
 * @param {string} id
 * @param {string} user
 * @param {Sealer} sealer
 */
export const sealedId = async (id, user, sealer) => `${id}.${await sealer.seal("task", user, id)}`;

/**
 * @param {Task} task
 * @param {string} id that the page has: it may be of an earlier secret
 */
export const shownTask = (task, id) => ({
  id,
  status: task.status === "unknown" ? task.rawStatus : task.status,
  ...picked(task, shown),
  task_info: picked(task.task_info, shownOfInfo),
  usage: picked(task.usage, shownOfUsage),
});

/**
 * The API's id; `undefined` if it is not one that this user got.
 * @param {unknown} sealed
 * @param {string} user
 * @param {Sealer} sealer
 */
export async function openedId(sealed, user, sealer) {
  if (typeof sealed !== "string") return undefined;
  const end = sealed.lastIndexOf(".");
  const id = sealed.slice(0, Math.max(end, 0));
  return (await sealer.verifies(sealed.slice(end + 1), "task", user, id)) ? id : undefined;
}

/** @param {object | undefined} object @param {string[]} names */
const picked = (object, names) =>
  object && Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)));
