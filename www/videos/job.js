// An ordered video, from the click until it is final. It is plain data, which IndexedDB stores.

/** @typedef {import("../../pkg/index.js").ClientEvent & { at: number }} TimedEvent */

/**
 * - `uploading`, `sending`, `waiting`: the client works on it
 * - `stopped`: the user stopped waiting; the task continues on the server
 * - `unsent`: it was interrupted before the order was sent, so nothing was charged
 * - `locked`: it needs the user's key, which is lost on a reload
 * - `done`, `failed`: it is final
 *
 * @typedef {"uploading" | "sending" | "waiting" | "stopped" | "unsent" | "locked" | "done" | "failed"} Phase
 */

/**
 * @typedef {object} Job
 * @property {string} id the idempotency key
 * @property {number} createdAt
 * @property {string} backend
 * @property {import("../../pkg/index.js").VideoRequest} request
 * @property {Phase} phase
 * @property {string} [taskId]
 * @property {import("../../pkg/index.js").PollState} [state]
 * @property {import("../../pkg/index.js").Task} [task]
 * @property {import("../../pkg/index.js").ErrorJson & { issues?: import("../../pkg/index.js").Issue[], task?: import("../../pkg/index.js").Task }} [error]
 * @property {TimedEvent[]} events
 * @property {number} shownProgress the highest that was shown
 * @property {number} [finishedAt]
 * @property {string} [poster] a picture of the video
 * @property {{ at: number, url: string, status: number }[]} callbacks
 */

/** Events beyond these are dropped, the oldest first. */
export const keptEvents = 200;

/** @param {import("../../pkg/index.js").VideoRequest} request @param {string} backend @returns {Job} */
export const newJob = (request, backend) => ({
  id: crypto.randomUUID(),
  createdAt: Date.now(),
  backend,
  request,
  phase: hasLocalFiles(request) ? "uploading" : "sending",
  events: [],
  shownProgress: 0,
  callbacks: [],
});

/** @param {import("../../pkg/index.js").VideoRequest} request */
export const hasLocalFiles = ({ image_urls = [], video_urls = [], audio_urls = [] }) =>
  [...image_urls, ...video_urls, ...audio_urls].some((source) => source instanceof Blob);

/** Whether the client works on it. @param {Job} job */
export const isRunning = ({ phase }) => phase === "uploading" || phase === "sending" || phase === "waiting";

/** @param {Job} job */
export const isOver = ({ phase }) => phase === "done" || phase === "failed";
