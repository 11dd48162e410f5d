/** An id of at most 128 characters, and the seal that a proxy added. */
const form = /^(?!\.+$)[\w.:-]{1,128}(\.[\w.:-]{22})?$/;

/**
 * Whether a value can be the id of a task, as the module decides it: `tests/client/task-ids.json` has what both must
 * accept. An export of the module would load the client in every Worker that only follows tasks.
 * @param {unknown} id
 * @returns {id is string}
 */
export const isTaskId = (id) => typeof id === "string" && form.test(id);
