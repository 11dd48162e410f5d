import { OutcomeUnknownError } from "../errors.js";

/** @typedef {import("../index.js").VideoClient} VideoClient */
/** @typedef {Partial<Record<keyof import("../store.js").VideoSnapshot, unknown>>} Change */

/** One video, from the click until its task is final. Its key never changes, so it is charged once. */
export class Order {
  /** @type {Promise<import("../index.js").Submission> | undefined} */
  #submission;
  #isForgotten = false;

  /**
   * @param {VideoClient} client
   * @param {object} known
   * @param {string | null} known.key `null` for a task that was submitted elsewhere
   * @param {string} [known.digest] of the request
   * @param {import("../index.js").VideoRequest | undefined} [known.request]
   * @param {string | undefined} [known.taskId]
   */
  constructor(client, { key, digest, request, taskId }) {
    this.client = client;
    this.key = key;
    this.digest = digest;
    this.request = request;
    this.taskId = taskId;
  }

  /**
   * Submits unless there is a task, and waits. `signal` ends the wait alone: an aborted submission would be paid for
   * nothing.
   * @param {AbortSignal} signal
   * @param {(change: Change) => void} report
   */
  async run(signal, report) {
    const target = this.taskId ?? (await this.#submit(report));
    if (signal.aborted) return undefined;
    report({ status: "waiting" });
    return this.client.wait(target, {
      signal,
      timeoutMs: null,
      onUpdate: (task, state) => report({ task, state }),
    });
  }

  /** @param {(change: Change) => void} report */
  async #submit(report) {
    const { client, key, request } = this;
    report({ status: "submitting" });
    if (!request)
      throw new OutcomeUnknownError(
        "The page closed before the response arrived, and the request was not stored. Submit it again.",
        {
          idempotencyKey: key ?? undefined,
        },
      );
    // A run that stopped may still be submitting.
    this.#submission ??= client.submit(request, { idempotencyKey: key ?? undefined });
    try {
      const submission = await this.#submission;
      this.taskId = submission.task.id;
      if (this.#isForgotten) void this.forget();
      const { task, state } = submission;
      report({ task, state });
      return submission;
    } finally {
      this.#submission = undefined;
    }
  }

  /** Removes the order from the store of the client, so that no page resumes it. */
  async forget() {
    this.#isForgotten = true;
    const id = this.taskId ?? this.key;
    // Without a store there is nothing to remove.
    if (id) await this.client.forget(id).catch(() => {});
  }
}
