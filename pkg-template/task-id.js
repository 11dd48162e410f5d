/**
 * Whether a value can be the id of a task, as the module decides it too.
 * @param {unknown} id
 * @returns {id is string}
 */
export const isTaskId = (id) => typeof id === "string" && /^(?!\.+$)[\w.:-]{1,128}$/.test(id);
