// All videos of this browser. One tab works on each, and shows its progress to the others; if that tab is closed,
// another one continues. The package's store makes sure that nothing is charged twice.

import { backendOf } from "../backends/backends.js";
import { watchCallbacks } from "../backends/emulator.js";
import { endpoints, loadClient } from "../package.js";
import { exclusively, load, loadAll, read, remove, save, write } from "../storage.js";
import { isOver, isRunning, keptEvents, newJob } from "./job.js";
import { posterOf } from "./poster.js";

/** @typedef {import("./job.js").Job} Job */

const saveDelayMs = 250;
const progressKey = "evolink-video:progress";

/** Emits `change` when a job changed, and `end` with the job when it is final. */
export class Jobs extends EventTarget {
  /** The latest first. @type {Job[]} */
  list = [];
  /** @type {Map<string, AbortController>} */
  #aborts = new Map();
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  #saves = new Map();
  #channel = new BroadcastChannel("evolink-video");
  #onUpload;

  /** @param {(job: Job, progress: { path: [string, number], sentBytes: number, totalBytes: number }) => void} onUpload */
  constructor(onUpload) {
    super();
    this.#onUpload = onUpload;
    this.#channel.addEventListener("message", ({ data }) => this.#receive(data));
    // The last frames are not saved yet, and IndexedDB accepts nothing while the page is closing.
    addEventListener("pagehide", () => {
      const running = this.list.filter(isRunning);
      write(
        localStorage,
        progressKey,
        Object.fromEntries(running.map(({ id, shownProgress }) => [id, shownProgress])),
      );
    });
    watchCallbacks((taskId, url, status) => {
      const job = this.list.find((other) => other.taskId === taskId);
      if (!job || job.callbacks.some((call) => call.status < 300)) return;
      job.callbacks.push({ at: Date.now(), url, status });
      this.#changed(job);
    });
  }

  /** Shows the stored jobs, and continues those that are not final. */
  async start() {
    const kept = await loadAll("videos");
    const progress = read(localStorage, progressKey) ?? {};
    for (const job of kept) merge(job, { shownProgress: progress[job.id] });
    // Another tab may have reported some of them meanwhile.
    const told = new Set(this.list.map(({ id }) => id));
    const added = kept.filter(({ id }) => !told.has(id));
    this.list = [...this.list, ...added].sort((a, b) => b.createdAt - a.createdAt);
    this.dispatchEvent(new Event("change"));
    for (const job of added) if (!isOver(job) && job.phase !== "stopped") void this.#follow(job);
  }

  /** @param {import("../../pkg/index.js").VideoRequest} request @param {string} backend */
  async order(request, backend) {
    const job = newJob(request, backend);
    this.#add(job);
    // Before anything is sent, so that a crash loses nothing.
    await save("videos", job);
    this.#changed(job);
    return this.#follow(job, true);
  }

  /** Stops to wait. The task continues on the server. @param {Job} job */
  async stop(job) {
    await this.#settle(job, { phase: "stopped" });
    this.#aborts.get(job.id)?.abort();
    this.#channel.postMessage({ stop: job.id });
  }

  /** Continues a job that was stopped or interrupted, or that failed with an unknown outcome. @param {Job} job */
  async resume(job) {
    const phase = job.taskId ? "waiting" : "sending";
    await this.#settle(job, { phase, error: undefined, finishedAt: undefined });
    return this.#follow(job, true);
  }

  /** Forgets a job, in the package's store too. @param {Job} job */
  async remove(job) {
    this.#aborts.get(job.id)?.abort();
    this.list = this.list.filter(({ id }) => id !== job.id);
    clearTimeout(this.#saves.get(job.id));
    await remove("videos", job.id);
    this.dispatchEvent(new Event("change"));
    this.#channel.postMessage({ removed: job.id });
    if (isOver(job)) return;
    const client = await this.#client(job);
    await client?.forget(job.taskId ?? job.id).catch(() => {});
  }

  /** Takes a removal back. What the package forgot, it asks for again with the same key. @param {Job} job */
  async restore(job) {
    await save("videos", job);
    this.#add(job);
    this.dispatchEvent(new Event("change"));
    this.#channel.postMessage({ job });
  }

  /** @param {Job} job */
  #add(job) {
    this.list = [...this.list, job].sort((a, b) => b.createdAt - a.createdAt);
  }

  /** @param {Job} job @param {boolean} [isNew] whether the user asked for it just now */
  async #follow(job, isNew = false) {
    if (!backendOf(job.backend).isReady()) {
      // Only here: another tab may have the key.
      job.phase = "locked";
      return void this.dispatchEvent(new Event("change"));
    }
    const abort = new AbortController();
    this.#aborts.set(job.id, abort);
    try {
      // Another tab may have it. If that tab is closed, this one continues.
      await exclusively(
        `evolink-video:${job.id}`,
        async () => {
          const current = this.list.find(({ id }) => id === job.id);
          if (!current) return;
          // What another tab did before it was closed.
          if (!isNew) merge(current, (await load("videos", job.id)) ?? {});
          if (!isOver(current) && current.phase !== "stopped") await this.#run(current, abort.signal, isNew);
          // Before another tab can continue.
          await this.#save(current);
        },
        abort.signal,
      );
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    }
  }

  /** @param {Job} job @param {AbortSignal} signal @param {boolean} isNew */
  async #run(job, signal, isNew) {
    const { EvolinkError } = await loadClient();
    try {
      const client = await this.#client(job);
      /** @type {import("../../pkg/index.js").WaitOptions} */
      const options = {
        signal,
        timeoutMs: null,
        onUpdate: (task, state) => {
          Object.assign(job, { phase: "waiting", taskId: task.id, task, state });
          this.#changed(job);
        },
      };
      const task = await this.#finish(client, job, options, isNew);
      if (task) await this.#end(job, { phase: "done", task, poster: await posterOf(task.results[0]) });
    } catch (error) {
      if (signal.aborted) return;
      const known = EvolinkError.from(error);
      job.taskId ??= known.taskId;
      await this.#end(job, {
        phase: "failed",
        error: known.toJSON(),
        ...(known.task && { task: known.task }),
      });
    } finally {
      this.#aborts.delete(job.id);
    }
  }

  /**
   * @param {import("../../pkg/index.js").VideoClient} client
   * @param {Job} job
   * @param {import("../../pkg/index.js").WaitOptions} options
   * @param {boolean} isNew
   */
  async #finish(client, job, options, isNew) {
    if (job.state ?? job.taskId) return client.wait(job.state ?? job.taskId ?? "", options);
    if (!isNew) {
      const kept = (await client.pending()).find(({ idempotencyKey }) => idempotencyKey === job.id);
      if (kept?.taskId) return client.wait(kept.taskId, options);
      if (!kept?.request) {
        // The order was never sent. Only the user may send it now.
        job.phase = "unsent";
        this.#changed(job);
        return undefined;
      }
      job.request = kept.request;
    }
    return client.generate(job.request, {
      ...options,
      idempotencyKey: job.id,
      onUpload: (progress) => this.#onUpload(job, progress),
    });
  }

  /** @param {Job} job */
  async #client(job) {
    const { VideoClient } = await loadClient();
    return new VideoClient({
      ...(await backendOf(job.backend).options()),
      store: localStorage,
      onEvent: (event) => {
        job.events.push({ ...event, at: Date.now() });
        if (job.events.length > keptEvents) job.events.shift();
        if (
          job.phase === "uploading" &&
          event.type === "request" &&
          event.url.endsWith(endpoints.generations)
        )
          job.phase = "sending";
        this.#changed(job);
      },
    });
  }

  /** @param {Job} job @param {Partial<Job>} outcome */
  async #end(job, outcome) {
    await this.#settle(job, { ...outcome, finishedAt: Date.now() });
    this.dispatchEvent(new CustomEvent("end", { detail: job }));
  }

  /** Stores a change before it is shown, so that a reload keeps what was seen. @param {Job} job @param {Partial<Job>} change */
  async #settle(job, change) {
    clearTimeout(this.#saves.get(job.id));
    this.#saves.delete(job.id);
    await save("videos", { ...job, ...change });
    Object.assign(job, change);
    this.dispatchEvent(new Event("change"));
    this.#channel.postMessage({ job });
  }

  /** Shows a change here at once, and to other tabs soon. @param {Job} job */
  #changed(job) {
    this.dispatchEvent(new Event("change"));
    if (this.#saves.has(job.id)) return;
    this.#saves.set(
      job.id,
      setTimeout(() => this.#save(job), isRunning(job) && job.phase !== "sending" ? saveDelayMs : 0),
    );
  }

  /** @param {Job} job */
  async #save(job) {
    clearTimeout(this.#saves.get(job.id));
    this.#saves.delete(job.id);
    if (!this.list.includes(job)) return;
    await save("videos", job);
    this.#channel.postMessage({ job });
  }

  /** What another tab says. @param {{ job?: Job, removed?: string, stop?: string }} message */
  #receive({ job, removed, stop }) {
    if (stop) this.#aborts.get(stop)?.abort();
    if (removed) {
      this.#aborts.get(removed)?.abort();
      this.list = this.list.filter(({ id }) => id !== removed);
    }
    if (job) {
      const known = this.list.find(({ id }) => id === job.id);
      if (known) merge(known, job);
      else {
        this.#add(job);
        if (isRunning(job)) void this.#follow(job);
      }
    }
    this.dispatchEvent(new Event("change"));
  }
}

/** What is known about a job elsewhere. Its progress never falls. @param {Job} job @param {Partial<Job>} known */
function merge(job, known) {
  const shownProgress = Math.max(job.shownProgress, known.shownProgress ?? 0);
  Object.assign(job, known, { shownProgress });
}
