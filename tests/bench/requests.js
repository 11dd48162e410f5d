// The validated requests. All are valid.

/** @typedef {import("../../pkg-template/index.js").VideoRequest} VideoRequest */

/** @param {number} count @param {string} ending */
const files = (count, ending) =>
  Array.from({ length: count }, (_, n) => `https://example.com/assets/${n}.${ending}`);

/** @type {VideoRequest} */
export const tiny = { model: "seedance-2.0", prompt: "A cat" };

/** The reference's multimodal example. @type {VideoRequest} */
export const typical = {
  model: "seedance-2.0",
  prompt: "@Image1 as first frame, replicate @Video1 camera movement, @Audio1 for BGM rhythm",
  image_urls: files(1, "jpg"),
  video_urls: files(1, "mp4"),
  audio_urls: files(1, "mp3"),
  duration: 10,
  quality: "1080p",
};

/** @type {VideoRequest} */
export const multimodal = {
  model: "seedance-2.0",
  prompt: [
    ...Array.from({ length: 9 }, (_, n) => `@Image${n + 1} as character`),
    "@Video1 camera movement",
    "dance like @Video2",
    "@Audio1 for BGM rhythm",
  ].join(", "),
  image_urls: files(9, "jpg"),
  video_urls: files(2, "mp4"),
  audio_urls: files(1, "mp3"),
  duration: 15,
  quality: "720p",
  aspect_ratio: "16:9",
  generate_audio: true,
};

/** About 2000 tokens. @type {VideoRequest} */
export const long = {
  model: "seedance-2.0",
  prompt: "A cat walks slowly through the snow. ".repeat(212).trim(),
};

/** @type {Record<string, VideoRequest>} */
export const requests = {
  "a model and five letters": tiny,
  "the reference's multimodal one": typical,
  "12 files, 12 tags": multimodal,
  "a prompt of 2000 tokens": long,
};
