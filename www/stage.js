// The area of the video: an empty frame, then the player.

import { create, find } from "./elements.js";

const stage = find("stage", HTMLElement);
const frame = create("div", { className: "frame" });

/** Shows an empty frame with the aspect ratio of the video. @param {import("../pkg/index.js").VideoRequest} request */
export function showFrame({ aspect_ratio, quality, duration }) {
  const ratio = /^(\d+):(\d+)$/.exec(aspect_ratio ?? "");
  if (ratio) frame.style.setProperty("--ratio", `${ratio[1]} / ${ratio[2]}`);
  else frame.style.removeProperty("--ratio");
  const facts = [aspect_ratio ?? "", quality ?? "", `${duration} s`];
  frame.replaceChildren(...facts.map((fact) => create("span", {}, fact)));
  if (frame.parentNode !== stage) stage.replaceChildren(frame);
}

/** Whether the player is shown. It must not be removed while the user watches. */
export const showsVideo = () => stage.firstChild instanceof HTMLVideoElement;

/**
 * @param {string} url
 * @param {() => void} onUnplayable
 */
export function showVideo(url, onUnplayable) {
  const video = create("video", { src: url, controls: true, playsInline: true, autoplay: true });
  video.ariaLabel = "The generated video";
  video.addEventListener("error", onUnplayable);
  stage.replaceChildren(video);
}
