import { errorResponse } from "./responses.js";
import { taskIdOf } from "./routes.js";
import { sampleVideo } from "./sample-video.js";
import { servedFile } from "./served-file.js";
import { isKept } from "./stored-file.js";
import { endOf, statusOf } from "./task.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./call.js").Call} Call */

/** [doc] Seconds from completion until links expire. */
const linkLifetime = 24 * 60 * 60;

/**
 * The video of a completed task, or an uploaded file. It requires no key, because a <video> element sends none.
 *
 * @param {State} state
 * @param {Call} call
 * @returns {import("./responses.js").EmulatedResponse}
 */
export function download(state, call) {
  if (taskIdOf(call) !== null) {
    if (isVideoAvailable(state, call)) return servedFile(call.request, sampleVideo(), "video/mp4");
  } else {
    const file = state.files.get(call.id ?? "");
    if (file && isKept(file, state.clock)) return servedFile(call.request, file.bytes, file.type);
  }
  return errorResponse(404, "not_found", "The file does not exist or has expired");
}

/**
 * @param {State} state
 * @param {Call} call
 */
function isVideoAvailable({ tasks, clock }, { id }) {
  const task = tasks.get(id ?? "");
  return (
    task !== undefined &&
    statusOf(task, clock) === "completed" &&
    clock.age(endOf(task, clock)) < linkLifetime
  );
}
