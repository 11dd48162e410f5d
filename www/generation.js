// A generation: from the request to the video, with its progress, and a way out.

import { EvolinkError, progressEstimate } from "../pkg/index.js";
import { create, find } from "./elements.js";
import { completed, failed, goesOn, stopped } from "./outcome.js";
import { showFrame, showVideo } from "./stage.js";

/** @typedef {import("../pkg/index.js").PollState} PollState */
/** @typedef {import("../pkg/index.js").Task} Task */
/** @typedef {import("../pkg/index.js").VideoRequest} VideoRequest */

/**
 * All that is needed to go on with it: the key before the server has answered, the id afterwards.
 *
 * @typedef {object} Job
 * @property {VideoRequest} request
 * @property {string} idempotencyKey
 * @property {string} [taskId]
 * @property {number} [estimate] seconds, of the whole task
 */

/** How often the bar moves between looks at the task, in milliseconds. */
const moveEveryMs = 200;

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
  /** What the bar goes on from between looks. @type {PollState | undefined} */
  #state;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #mover;

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
      const stop = error === signal.reason;
      this.#status.textContent = stop ? stoppedText(job) : "No video.";
      this.#outcome.replaceChildren(
        stop ? stopped(this.#wayOn(job, error)) : failed(error, this.#wayOn(job, error)),
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
    this.#status.textContent = job.taskId ? "Looking at the task…" : "Sending the request…";
    this.#state = undefined;
    this.#showProgress();
    this.#mover = setInterval(() => this.#showProgress(), moveEveryMs);
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
    // Only the answer to the submission is sure to have it.
    job.estimate = task.task_info?.estimated_time ?? job.estimate;
    this.#taskId.textContent = task.id;
    this.#task.hidden = false;
    this.#state = state;
    this.#showProgress();
    const text = statusText(task, job.estimate);
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }

  /** Without a state nobody knows, and the bar says so. */
  #showProgress() {
    const progress = this.#state && Math.floor(progressEstimate(this.#state));
    this.#percent.textContent = progress === undefined ? "" : `${progress} %`;
    if (progress === undefined) this.#progress.removeAttribute("value");
    else this.#progress.value = progress;
  }

  #end() {
    clearInterval(this.#mover);
    const hadFocus = this.#running.contains(document.activeElement);
    this.#running.hidden = true;
    this.#section.classList.remove("busy");
    this.#onBusy(false);
    if (!hadFocus) return;
    const next = this.#outcome.querySelector("button") ?? this.#section.querySelector("video");
    next?.focus();
  }

  /**
   * What can be done now without paying twice.
   *
   * @param {Job} job
   * @param {unknown} error
   */
  #wayOn(job, error) {
    const button = (/** @type {string} */ text) => {
      const made = create("button", { type: "button" }, text);
      made.addEventListener("click", () => this.#run(job));
      return [made];
    };
    if (job.taskId) return goesOn(error) ? button("Keep waiting") : [];
    const unknown = !(error instanceof EvolinkError) || error.charged === "unknown";
    return unknown ? button("Ask again with the same key, charged once") : [];
  }
}

/** @param {Job} job */
const stoppedText = ({ taskId }) =>
  taskId
    ? "You stopped waiting. The task goes on at the server, and is charged as usual."
    : "You stopped before the server answered. It may have begun the task.";

/**
 * @param {Task} task
 * @param {number | undefined} seconds
 */
function statusText(task, seconds) {
  const estimate = seconds ? `, about ${seconds} s in all` : "";
  switch (task.status) {
    case "pending":
      return `Accepted, not begun yet${estimate}.`;
    case "processing":
      return `Being made${estimate}.`;
    case "unknown":
      return `Status: ${task.rawStatus}.`;
    default:
      return `Status: ${task.status}.`;
  }
}
