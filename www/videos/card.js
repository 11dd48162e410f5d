// A job as a card: its progress, then its video.

import { button, create, setText } from "../elements.js";
import { clock } from "../format.js";
import { backendOf } from "../backends/backends.js";
import { activity } from "./activity.js";
import { canResume, failureOf, headingOf } from "./failure.js";
import { isRunning } from "./job.js";
import { Timeline } from "./timeline.js";

/** @typedef {import("./job.js").Job} Job */

/**
 * @typedef {object} JobActions
 * @property {(job: Job) => void} stop
 * @property {(job: Job) => void} resume
 * @property {(job: Job) => void} remove
 * @property {(job: Job) => void} repeat
 * @property {(job: Job) => void} link
 * @property {(state: import("../../pkg/index.js").PollState) => number} progress
 */

const statuses = {
  uploading: "Uploading the files",
  sending: "Sending the order",
  waiting: "In progress",
  stopped: "Stopped",
  unsent: "Interrupted",
  locked: "Enter your API key to continue",
  done: "Done",
  failed: "Failed",
};

/** What an interruption means for the money. @param {Job} job */
function consequence({ phase, taskId }) {
  if (phase === "unsent") return "The order was not sent, so nothing was charged.";
  if (phase !== "stopped") return "";
  return taskId
    ? "The task continues on the server, and is charged as usual."
    : "The order may have arrived. Continuing charges it once.";
}

export class JobCard {
  #job;
  #actions;
  #stage = create("div", { className: "stage" });
  #status = create("strong", { className: "job-status" });
  #times = create("span", { className: "times" });
  #bar = create("progress", { max: 100 });
  #percent = create("span", { className: "percent" });
  #activity = create("p", { className: "activity" });
  #outcome = create("div", { className: "outcome" });
  #buttons = create("div", { className: "row buttons" });
  #running = create("div", { className: "running" }, this.#bar, this.#percent);
  #timeline = new Timeline();
  #expiry = create("span", { className: "about" });
  /** The phase that is shown, so that a player is not replaced. */
  #shown = "";
  element;

  /** @param {Job} job @param {JobActions} actions */
  constructor(job, actions) {
    this.#job = job;
    this.#actions = actions;
    this.element = create(
      "li",
      { className: "job" },
      this.#stage,
      create(
        "div",
        { className: "job-text" },
        create("p", { className: "job-head" }, this.#status, this.#times),
        create("p", { className: "job-prompt", title: job.request.prompt, dir: "auto" }, job.request.prompt),
        this.#running,
        this.#activity,
        this.#outcome,
        this.#buttons,
      ),
      this.#timeline.element,
    );
    this.#bar.ariaLabel = "Progress";
  }

  focus() {
    this.#buttons.querySelector(/** @type {"button"} */ ("a, button"))?.focus();
  }

  /** @param {number} now */
  show(now) {
    const job = this.#job;
    if (this.#shown !== `${job.phase} ${job.finishedAt}`) this.#showPhase();
    this.#shown = `${job.phase} ${job.finishedAt}`;
    if (isRunning(job)) this.#showProgress(now);
    if (
      job.phase === "done" &&
      job.task &&
      "expiresAt" in job.task &&
      typeof job.task.expiresAt === "number"
    ) {
      const rest = job.task.expiresAt - now;
      setText(this.#expiry, rest > 0 ? `The link expires in ${clock(rest)}.` : "The link has expired.");
    }
    this.#timeline.show(job);
  }

  #showPhase() {
    const job = this.#job;
    const running = isRunning(job);
    this.element.className = `job ${job.phase}`;
    const heading = job.phase === "failed" && job.error && headingOf(job.error);
    setText(this.#status, heading || statuses[job.phase]);
    this.#running.hidden = !running;
    if (!running) setText(this.#activity, consequence(job));
    const hadFocus = this.#buttons.contains(document.activeElement);
    this.#outcome.replaceChildren(...this.#outcomeOf());
    this.#buttons.replaceChildren(...this.#buttonsOf());
    this.#stage.replaceChildren(...this.#stageOf());
    const backend = backendOf(job.backend).label;
    if (!running)
      setText(
        this.#times,
        `${new Date(job.createdAt).toLocaleTimeString("en", { timeStyle: "short" })} · ${backend}`,
      );
    if (hadFocus) this.focus();
  }

  /** @param {number} now */
  #showProgress(now) {
    const job = this.#job;
    const { state } = job;
    if (state) job.shownProgress = Math.max(job.shownProgress, this.#actions.progress(state));
    if (state || job.shownProgress > 0) {
      this.#bar.value = job.shownProgress;
      setText(this.#percent, `${Math.floor(job.shownProgress)} %`);
    } else this.#bar.removeAttribute("value");
    const estimate = state?.estimateMs ? ` of about ${clock(state.estimateMs)}` : "";
    setText(this.#times, `${clock(now - job.createdAt)}${estimate}`);
    setText(
      this.#activity,
      activity(job.events, now, { online: navigator.onLine, visible: !document.hidden }),
    );
  }

  #outcomeOf() {
    const { phase, error, task, taskId } = this.#job;
    if (phase === "failed" && error) return [failureOf(error)];
    if (phase !== "done" || !task) return [];
    const used = task.usage?.credits_used ?? task.usage?.credits_reserved;
    return [
      create(
        "p",
        { className: "about" },
        ...(typeof used === "number" ? [`${used} credits · `] : []),
        create("code", {}, String(taskId ?? task.id)),
      ),
      this.#expiry,
    ];
  }

  #buttonsOf() {
    const job = this.#job;
    const { stop, resume, remove, repeat, link } = this.#actions;
    const all = [];
    if (isRunning(job)) all.push(button("Stop waiting", () => stop(job), { className: "quiet" }));
    const url = this.#videoUrl();
    if (url)
      all.push(
        create(
          "a",
          {
            href: url,
            download: `${job.taskId ?? "video"}.mp4`,
            target: "_blank",
            className: "button quiet",
          },
          "Download",
        ),
      );
    if (["stopped", "unsent", "locked"].includes(job.phase))
      all.push(
        button(job.phase === "unsent" ? "Send it now" : "Continue", () => resume(job), {
          className: "quiet",
        }),
      );
    if (job.phase === "failed" && job.error && canResume(job.error, job.taskId))
      all.push(
        button(
          job.taskId
            ? "Continue"
            : job.error.charged === "unknown"
              ? "Send again, charged once"
              : "Try again",
          () => resume(job),
          { className: "quiet" },
        ),
      );
    all.push(button("Repeat with changes", () => repeat(job), { className: "quiet" }));
    all.push(button("Copy link", () => link(job), { className: "quiet", title: "A link to this request" }));
    if (!isRunning(job)) all.push(button("Delete", () => remove(job), { className: "quiet" }));
    return all;
  }

  #videoUrl() {
    const { phase, task } = this.#job;
    return phase === "done" && task?.status === "completed" ? task.results[0] : undefined;
  }

  #stageOf() {
    const url = this.#videoUrl();
    this.#stage.hidden = !url;
    if (!url) return [];
    const video = create("video", {
      controls: true,
      muted: true,
      playsInline: true,
      loop: true,
      preload: "none",
    });
    video.ariaLabel = "The generated video";
    if (this.#job.poster) video.poster = this.#job.poster;
    else video.preload = "metadata";
    video.src = url;
    video.addEventListener("error", () => {
      setText(this.#expiry, "This browser cannot play the video. Try the download.");
    });
    return [video];
  }
}
