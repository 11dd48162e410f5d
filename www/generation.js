// A generation: from the request to the video, with progress, cancellation and retry.

import { EvolinkError, progressEstimate } from "../pkg/index.js";
import { create, find } from "./elements.js";
import { canContinue, completed, failed, stopped } from "./outcome.js";
import { showFrame, showVideo } from "./stage.js";

/** @typedef {import("../pkg/index.js").PollState} PollState */
/** @typedef {import("../pkg/index.js").Task} Task */
/** @typedef {import("../pkg/index.js").VideoRequest} VideoRequest */

/**
 * All that is needed to resume: the key before the server has responded, then the task id.
 *
 * @typedef {object} Job
 * @property {VideoRequest} request
 * @property {string} idempotencyKey
 * @property {string} [taskId]
 * @property {number} [estimate] the task's duration in seconds
 */

/** The interval at which the progress bar is updated between polls. */
const progressIntervalMs = 200;

export class Generation {
  #client;
  #onBusy;
  #section = find("generation", HTMLElement);
  #status = find("status", HTMLElement);
  #running = find("running", HTMLElement);
  #progress = find("progress", HTMLProgressElement);
  #percent = find("percent", HTMLElement);
  #task = find("task", HTMLElement);
  #taskId = find("task-id", HTMLElement);
  #outcome = find("outcome", HTMLElement);
  #cancel = find("cancel", HTMLButtonElement);
  #abort = new AbortController();
  /** The state from which the progress is extrapolated between polls. @type {PollState | undefined} */
  #state;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #progressTimer;

  /**
   * @param {import("../pkg/index.js").VideoClient} client
   * @param {(busy: boolean) => void} onBusy
   */
  constructor(client, onBusy) {
    this.#client = client;
    this.#onBusy = onBusy;
    this.#cancel.addEventListener("click", () => this.#abort.abort());
  }

  /** @param {VideoRequest} request */
  start(request) {
    return this.#run({ request, idempotencyKey: crypto.randomUUID() });
  }

  /** @param {Job} job */
  async #run(job) {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    /** @type {import("../pkg/index.js").WaitOptions} */
    const options = { signal, onUpdate: (task, state) => this.#update(job, task, state) };
    this.#begin(job);
    try {
      const task = job.taskId
        ? await this.#client.wait(job.taskId, options)
        : await this.#client.generate(job.request, { ...options, idempotencyKey: job.idempotencyKey });
      this.#status.textContent = "Done.";
      showVideo(task.results[0], () => {
        this.#status.textContent = "Done, but this browser cannot play the video. Try its link.";
      });
      this.#outcome.replaceChildren(completed(task));
    } catch (error) {
      if (error instanceof EvolinkError) job.taskId ??= error.taskId;
      const isStopped = error === signal.reason;
      this.#status.textContent = isStopped ? stoppedText(job) : "The generation failed.";
      this.#outcome.replaceChildren(
        isStopped ? stopped(this.#actions(job, error)) : failed(error, this.#actions(job, error)),
      );
    } finally {
      this.#end();
    }
  }

  /** @param {Job} job */
  #begin(job) {
    showFrame(job.request);
    this.#section.classList.add("busy");
    this.#outcome.replaceChildren();
    this.#task.hidden = !job.taskId;
    this.#running.hidden = false;
    this.#status.textContent = job.taskId ? "Checking the task…" : "Sending the request…";
    this.#state = undefined;
    this.#showProgress();
    this.#progressTimer = setInterval(() => this.#showProgress(), progressIntervalMs);
    this.#onBusy(true);
    this.#cancel.focus();
  }

  /**
   * @param {Job} job
   * @param {Task} task
   * @param {PollState} state
   */
  #update(job, task, state) {
    job.taskId = task.id;
    // Only the response to the submission always has the estimate.
    job.estimate = task.task_info?.estimated_time ?? job.estimate;
    this.#taskId.textContent = task.id;
    this.#task.hidden = false;
    this.#state = state;
    this.#showProgress();
    const text = statusText(task, job.estimate);
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }

  /** Without a state, the progress is indeterminate. */
  #showProgress() {
    const progress = this.#state && Math.floor(progressEstimate(this.#state));
    this.#percent.textContent = progress === undefined ? "" : `${progress} %`;
    if (progress === undefined) this.#progress.removeAttribute("value");
    else this.#progress.value = progress;
  }

  #end() {
    clearInterval(this.#progressTimer);
    const hadFocus = this.#running.contains(document.activeElement);
    this.#running.hidden = true;
    this.#section.classList.remove("busy");
    this.#onBusy(false);
    if (!hadFocus) return;
    const next = this.#outcome.querySelector("button") ?? this.#section.querySelector("video");
    next?.focus();
  }

  /**
   * Buttons that continue without a second charge.
   *
   * @param {Job} job
   * @param {unknown} error
   */
  #actions(job, error) {
    const button = (/** @type {string} */ text) => {
      const element = create("button", { type: "button" }, text);
      element.addEventListener("click", () => this.#run(job));
      return [element];
    };
    if (job.taskId) return canContinue(error) ? button("Keep waiting") : [];
    const unknown = !(error instanceof EvolinkError) || error.charged === "unknown";
    return unknown ? button("Retry with the same key (charged once)") : [];
  }
}

/** @param {Job} job */
const stoppedText = ({ taskId }) =>
  taskId
    ? "You stopped waiting. The task continues on the server and is charged as usual."
    : "You stopped before the server responded. It may have started the task.";

/**
 * @param {Task} task
 * @param {number | undefined} seconds
 */
function statusText(task, seconds) {
  const estimate = seconds ? `, about ${seconds} s in total` : "";
  switch (task.status) {
    case "pending":
      return `Accepted, not started yet${estimate}.`;
    case "processing":
      return `Generating${estimate}.`;
    case "unknown":
      return `Status: ${task.rawStatus}.`;
    default:
      return `Status: ${task.status}.`;
  }
}
