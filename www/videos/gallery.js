// The list of the videos.

import { announce, arrange, button, create } from "../elements.js";
import { loadClient } from "../package.js";
import { JobCard } from "./card.js";
import { isRunning } from "./job.js";
import { notify } from "./notifications.js";

/** @typedef {import("./job.js").Job} Job */

/** How often running jobs are drawn. */
const frameMs = 200;
/** How often a countdown is. */
const idleFrameMs = 1000;

export class Gallery {
  #jobs;
  #list = create("ol", { className: "jobs" });
  #undo = button("Undo", () => this.#restore(), { className: "quiet" });
  #deleted = create("li", { className: "row about" }, "Deleted the video.", this.#undo);
  /** The job that was deleted last, if that can be undone. @type {Job | undefined} */
  #last;
  #empty = create("p", { className: "about" }, "Nothing yet. Your videos stay in this browser.");
  /** @type {Map<string, JobCard>} */
  #cards = new Map();
  #actions;
  /** @type {(state: import("../../pkg/index.js").PollState) => number} */
  #progress = () => 0;
  #title = document.title;

  /**
   * @param {HTMLElement} element
   * @param {import("./jobs.js").Jobs} jobs
   * @param {{ repeat: (job: Job) => void, link: (job: Job) => void }} actions
   */
  constructor(element, jobs, { repeat, link }) {
    this.#jobs = jobs;
    this.#actions = {
      repeat,
      link,
      stop: (/** @type {Job} */ job) => void jobs.stop(job),
      resume: (/** @type {Job} */ job) => void jobs.resume(job),
      remove: (/** @type {Job} */ job) => this.#remove(job),
      progress: (/** @type {import("../../pkg/index.js").PollState} */ state) => this.#progress(state),
    };
    element.append(this.#empty, this.#list);
    jobs.addEventListener("change", () => this.#update());
    jobs.addEventListener("end", (event) => this.#onEnd(/** @type {CustomEvent<Job>} */ (event).detail));
    document.addEventListener("visibilitychange", () => !document.hidden && this.#showTitle());
    this.#tick();
  }

  /** @param {Job} job */
  async #remove(job) {
    this.#last = job;
    await this.#jobs.remove(job);
    this.#undo.focus();
  }

  async #restore() {
    if (!this.#last) return;
    const { id } = this.#last;
    await this.#jobs.restore(this.#last);
    announce("The video is back.");
    this.#cards.get(id)?.focus();
  }

  #tick() {
    const now = Date.now();
    for (const card of this.#cards.values()) card.show(now);
    this.#showTitle();
    setTimeout(() => this.#tick(), this.#jobs.list.some(isRunning) ? frameMs : idleFrameMs);
  }

  #update() {
    const { list } = this.#jobs;
    if (list.some(isRunning))
      void loadClient().then(({ progressEstimate }) => (this.#progress = progressEstimate));
    this.#empty.hidden = list.length > 0;
    // A deletion can be undone until another video comes.
    if (list.some(({ id }) => !this.#cards.has(id))) this.#last = undefined;
    const ids = new Set(list.map(({ id }) => id));
    for (const id of this.#cards.keys()) if (!ids.has(id)) this.#cards.delete(id);
    const now = Date.now();
    const cards = list.map((job) => {
      const card = this.#cards.get(job.id) ?? new JobCard(job, this.#actions);
      this.#cards.set(job.id, card);
      card.show(now);
      return card.element;
    });
    const last = this.#last;
    if (last && !ids.has(last.id)) {
      const place = list.filter(({ createdAt }) => createdAt > last.createdAt).length;
      cards.splice(place, 0, this.#deleted);
    }
    arrange(this.#list, cards);
  }

  /** @param {Job} job */
  #onEnd(job) {
    const text = job.phase === "done" ? "The video is ready." : "The video failed.";
    announce(text);
    if (document.hidden) this.#title = `${job.phase === "done" ? "✓" : "✗"} ${text}`;
    notify(text, job);
  }

  #showTitle() {
    if (!document.hidden) this.#title = "evolink-video";
    const running = this.#jobs.list.filter(isRunning);
    const shown = running.length
      ? `${Math.floor(Math.min(...running.map(({ shownProgress }) => shownProgress)))} % · evolink-video`
      : this.#title;
    if (document.title !== shown) document.title = shown;
  }
}
