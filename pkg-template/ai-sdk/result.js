/** @typedef {import("../index.js").Task} Task */

/** @param {Task} task @param {object} order */
export function metadataOf(task, order) {
  const { id: taskId, status, progress, usage } = task;
  const { results = [], expiresAt = null } = /** @type {Partial<import("../index.js").CompletedTask>} */ (
    task
  );
  const videos = results.map((url) => ({ taskId, url, expiresAt }));
  return { evolink: /** @type {any} */ ({ ...order, status, progress, usage, expiresAt, videos }) };
}

/** @param {import("../index.js").CompletedTask} task @param {object} order */
export const completed = (task, order) => ({
  videos: task.results.map((url) => ({ type: /** @type {const} */ ("url"), url, mediaType: "video/mp4" })),
  providerMetadata: metadataOf(task, order),
});
