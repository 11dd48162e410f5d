// A picture of a video, for the gallery.

const width = 320;
const timeoutMs = 5000;

/** @param {string} url @returns {Promise<string | undefined>} `undefined` if the server does not let pages read the video */
export async function posterOf(url) {
  const video = document.createElement("video");
  video.muted = true;
  video.preload = "auto";
  if (!url.startsWith("data:")) video.crossOrigin = "anonymous";
  try {
    await new Promise((resolve, reject) => {
      video.addEventListener("loadeddata", resolve, { once: true });
      video.addEventListener("error", reject, { once: true });
      setTimeout(reject, timeoutMs);
      video.src = url;
    });
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = Math.round((width * video.videoHeight) / video.videoWidth);
    canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/webp", 0.8);
  } catch {
    return undefined;
  } finally {
    video.removeAttribute("src");
    video.load();
  }
}
