// The events of a job as a timeline: each exchange with its attempt, each pause, each callback.

import { create, prose } from "../elements.js";
import { count, seconds } from "../format.js";

/** @typedef {import("./job.js").Job} Job */
/** @typedef {import("./job.js").TimedEvent} TimedEvent */
/** @typedef {{ at: number, ms: number, kind: "exchange" | "failed" | "pause" | "callback", text: string }} Step */

/** @param {Job} job @returns {Step[]} */
export function stepsOf({ events, callbacks }) {
  /** @type {Step[]} */
  const steps = [];
  /** The exchanges without an answer yet. @type {Map<number, { event: TimedEvent & { type: "request" }, step: Step }>} */
  const open = new Map();
  for (const event of events) {
    if (event.type === "request") {
      const { pathname } = new URL(event.url, location.href);
      const attempt = event.attempt > 1 ? ` (attempt ${event.attempt})` : "";
      const step = {
        at: event.at,
        ms: 0,
        kind: /** @type {const} */ ("exchange"),
        text: `\`${event.method} ${pathname}\`${attempt}`,
      };
      open.set(event.callId, { event, step });
      steps.push(step);
    } else if (event.type === "response" || event.type === "failure") {
      const begun = open.get(event.callId)?.step;
      open.delete(event.callId);
      const outcome = event.type === "response" ? String(event.status) : event.code;
      const isFailed = event.type === "failure" || event.status >= 400;
      if (!begun) continue;
      begun.ms = event.elapsedMs;
      begun.text += `: ${outcome} in ${Math.round(event.elapsedMs)} ms`;
      if (isFailed) begun.kind = "failed";
    } else {
      const why = event.type === "retry" ? "Backs off for" : "Waits";
      steps.push({
        at: event.at,
        ms: event.delayMs,
        kind: "pause",
        text: `${why} ${seconds(event.delayMs)}`,
      });
    }
  }
  const called = callbacks.map(({ at, url, status }) => ({
    at,
    ms: 0,
    kind: /** @type {Step["kind"]} */ (status < 300 ? "callback" : "failed"),
    text: `Callback to \`${url}\`: ${status}`,
  }));
  return [...steps, ...called].sort((a, b) => a.at - b.at);
}

export class Timeline {
  #strip = create("div", { className: "strip" });
  #list = create("ol", { className: "steps", tabIndex: 0, ariaLabel: "Steps" });
  #summary = create("summary");
  #shown = "";
  element = create("details", { className: "timeline" }, this.#summary, this.#strip, this.#list);
  /** @type {Job | undefined} */
  #job;

  constructor() {
    this.#strip.ariaHidden = "true";
    this.element.addEventListener("toggle", () => this.#job && this.show(this.#job));
  }

  /** @param {Job} job */
  show(job) {
    this.#job = job;
    const exchanges = job.events.filter(({ type }) => type === "request").length;
    const summary = `Timeline, ${count(exchanges, "exchange")}`;
    if (this.#summary.textContent !== summary) this.#summary.textContent = summary;
    const shown = `${job.events.length} ${job.callbacks.length}`;
    if (!this.element.open || shown === this.#shown) return;
    this.#shown = shown;
    const steps = stepsOf(job);
    const end = Math.max(...steps.map(({ at, ms }) => at + ms), job.createdAt + 1);
    const share = (/** @type {number} */ ms) => `${(ms / (end - job.createdAt)) * 100}%`;
    this.#strip.replaceChildren(
      ...steps.map(({ at, ms, kind }) => {
        const part = create("span", { className: kind });
        part.style.left = share(at - job.createdAt);
        part.style.width = share(ms);
        return part;
      }),
    );
    this.#list.replaceChildren(
      ...steps.map(({ at, kind, text }) =>
        create(
          "li",
          { className: kind },
          create("time", {}, seconds(at - job.createdAt)),
          create("span", {}, ...prose(text)),
        ),
      ),
    );
  }
}
