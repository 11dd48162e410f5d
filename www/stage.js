// Where the video is: its frame before, the player afterwards.

import { create, find } from "./elements.js";

const stage = find("stage", HTMLElement);
const frame = create("div", { className: "frame" });

/** An empty frame of the shape that the video will have. @param {import("../pkg/index.js").VideoRequest} request */
export function showFrame({ aspect_ratio, quality, duration }) {
  const ratio = /^(\d+):(\d+)$/.exec(aspect_ratio ?? "");
  if (ratio) frame.style.setProperty("--ratio", `${ratio[1]} / ${ratio[2]}`);
  else frame.style.removeProperty("--ratio");
  const facts = [aspect_ratio ?? "", quality ?? "", `${duration} s`];
  frame.replaceChildren(...facts.map((fact) => create("span", {}, fact)));
  if (frame.parentNode !== stage) stage.replaceChildren(frame);
}

/** Whether a player is there, which must not go while somebody watches. */
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
