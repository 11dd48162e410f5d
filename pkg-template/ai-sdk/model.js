import { sendable, toCall } from "./call.js";
import { completed, metadataOf } from "./result.js";

/** @typedef {import("../ai-sdk.js").VideoModel} VideoModel */
/** @typedef {import("../index.js").CompletedTask} CompletedTask */

/**
 * @typedef {object} Setup
 * @property {import("../index.js").VideoClient} client
 * @property {string} modelId
 * @property {"v3" | "v4"} specificationVersion
 * @property {import("../ai-sdk.js").UploadFile} [upload]
 */

/** @param {Setup} setup @returns {VideoModel} */
export function createModel(setup) {
  const { client, modelId, specificationVersion } = setup;
  const response = () => ({ timestamp: new Date(), modelId, headers: undefined });
  return {
    specificationVersion,
    provider: "evolink.video",
    modelId,
    maxVideosPerCall: 1,

    // The client's own schedule and errors. The SDK retries none of them.
    async doGenerate(options) {
      const { request, warnings, submit, wait } = await toCall(setup, options);
      const task = await client.generate(request, { ...submit, ...wait });
      const { warnings: issues, ...order } = task.submission;
      return {
        ...completed(task, { taskId: task.id, ...order }),
        warnings: [...warnings, ...fromIssues(issues)],
        response: response(),
      };
    },

    async handleWebhookOption({ webhook }) {
      const { url, received } = await webhook();
      return { webhookUrl: url, received: Promise.resolve(received).then(settle) };
    },

    async doStart(options) {
      const { request, warnings, submit } = await toCall(setup, options);
      const {
        task,
        warnings: issues,
        idempotencyKey,
        replayed,
        requestId,
      } = await client.submit(request, submit);
      const operation = { taskId: task.id, idempotencyKey, replayed, requestId };
      return {
        operation,
        warnings: [...warnings, ...fromIssues(issues)],
        providerMetadata: metadataOf(task, operation),
        response: response(),
      };
    },

    async doStatus({ operation, abortSignal, headers }) {
      const order = /** @type {{ taskId: string }} */ (operation);
      // A poll resolves after a temporary failure, and the SDK polls again.
      const { task } = await client.poll(order.taskId, { signal: abortSignal, headers: sendable(headers) });
      const rest = { providerMetadata: task ? metadataOf(task, order) : undefined, response: response() };
      if (task?.status === "failed")
        return { status: "error", error: `${task.error.code}: ${task.error.message}`, ...rest };
      if (task?.status === "cancelled") return { status: "error", error: "The task was cancelled.", ...rest };
      if (task?.status === "completed" && task.results.length > 0)
        return {
          status: "completed",
          warnings: [],
          ...rest,
          ...completed(/** @type {CompletedTask} */ (task), order),
        };
      return { status: "pending", ...rest };
    },
  };

  /**
   * Waits for the end of the task that a callback names: the SDK reads the task once and fails if it is not final or
   * has no link yet. Callbacks are not signed, so the task is read, and the callback is not trusted.
   * @template {{ body: unknown }} T
   * @param {T} notification
   */
  async function settle(notification) {
    const { id } = Object(notification.body);
    // `doStatus` reports what goes wrong.
    if (typeof id === "string") await client.wait(id).catch(() => {});
    return notification;
  }
}

/** @param {readonly import("../index.js").Issue[]} issues */
const fromIssues = (issues) =>
  issues.map(({ message, hint }) => ({
    type: /** @type {const} */ ("other"),
    message: hint ? `${message} ${hint}` : message,
  }));
