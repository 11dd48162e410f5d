// The examples of the API's reference, one for each mode.

/** @type {{ title: string, request: import("../pkg/index.js").VideoRequest }[]} */
export const examples = [
  {
    title: "text-to-video",
    request: {
      model: "seedance-2.0",
      prompt:
        "A luxury watch rotating slowly on a marble surface, soft studio lighting, product showcase, cinematic 4K",
      duration: 8,
      quality: "1080p",
      aspect_ratio: "16:9",
      generate_audio: false,
    },
  },
  {
    title: "image-to-video",
    request: {
      model: "seedance-2.0",
      prompt: "The woman turns her head slowly and smiles, hair gently flowing in the wind",
      image_urls: ["https://example.com/portrait.jpg"],
      duration: 5,
      quality: "1080p",
    },
  },
  {
    title: "first-last-frame",
    request: {
      model: "seedance-2.0",
      prompt: "Smooth camera pan revealing the landscape, golden hour lighting",
      image_urls: ["https://example.com/frame-start.jpg", "https://example.com/frame-end.jpg"],
      duration: 8,
      quality: "1080p",
    },
  },
  {
    title: "multimodal",
    request: {
      model: "seedance-2.0",
      prompt: "@Image1 as first frame, replicate @Video1 camera movement, @Audio1 for BGM rhythm",
      image_urls: ["https://example.com/scene.jpg"],
      video_urls: ["https://example.com/reference-camera.mp4"],
      audio_urls: ["https://example.com/bgm.mp3"],
      duration: 10,
      quality: "1080p",
    },
  },
];

/** For the real API: the least that it takes, and so the least that it costs. */
export const cheapest = {
  title: "text-to-video",
  request: { ...examples[0].request, duration: 4, quality: /** @type {const} */ ("480p") },
};
