// Which statuses end a task. The compiler fails if the package has another status.

/** @type {Record<import("../pkg/index.js").Task["status"], boolean>} */
const isFinal = {
  pending: false,
  processing: false,
  completed: true,
  failed: true,
  cancelled: true,
  unknown: false,
};

/** @param {import("../pkg/index.js").Task | undefined} task */
export const hasEnded = (task) => task !== undefined && isFinal[task.status];

export const finalStatuses = Object.entries(isFinal)
  .filter(([, final]) => final)
  .map(([status]) => status);
