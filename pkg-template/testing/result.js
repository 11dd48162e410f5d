import { sampleVideoUrl } from "./sample-video.js";

/** @typedef {import("../testing.js").ResultShape} ResultShape */

/** Every known place of the link. [real] `vendor`; [doc] and [client] the others; [third] `results[].url`. */
/** @type {Record<ResultShape, (url: string) => Record<string, unknown>>} */
const shapes = {
  vendor: (url) => ({ result_data: [{ url }], results: [url] }),
  results: (url) => ({ results: [url] }),
  "results[].url": (url) => ({ results: [{ url }] }),
  "result_data[].video_url": (video_url) => ({ result_data: [{ video_url }] }),
  "result_data[].url": (url) => ({ result_data: [{ url }] }),
  "result_data.video_url": (video_url) => ({ result_data: { video_url } }),
  "output.video_url": (video_url) => ({ output: { video_url } }),
  video_url: (video_url) => ({ video_url }),
  "result.video_url": (video_url) => ({ result: { video_url } }),
  url: (url) => ({ url }),
  none: () => ({}),
};

/**
 * The link of a completed task, where its shape has it.
 *
 * @param {import("./task.js").Task} task
 * @param {import("../testing.js").EmulatorOptions["resultUrl"]} option
 * @param {string} origin of the request that reads it
 */
export function resultOf({ id, resultShape }, option, origin) {
  checkResultShape(resultShape);
  return shapes[resultShape](linkOf(id, option, origin));
}

/** @param {ResultShape} shape */
export function checkResultShape(shape) {
  if (!Object.hasOwn(shapes, shape)) throw new TypeError(`unknown resultShape ${JSON.stringify(shape)}`);
}

/**
 * @param {string} id
 * @param {import("../testing.js").EmulatorOptions["resultUrl"]} option
 * @param {string} origin
 */
function linkOf(id, option, origin) {
  if (option === undefined) return `${origin}/files/${id}.mp4`;
  if (option === "data") return sampleVideoUrl();
  return typeof option === "function" ? option(id, origin) : option;
}
