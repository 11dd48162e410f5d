// The examples of the API reference.

/** @type {{ title: string, request: import("../pkg/index.js").VideoRequest }[]} */
export const examples = [
  {
    title: "Text to video",
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
    title: "Dialogue",
    request: {
      model: "seedance-2.0",
      prompt:
        'The man stopped the woman and said: "Remember, you must never point at the moon with your finger."',
    },
  },
  {
    title: "Image to video",
    request: {
      model: "seedance-2.0",
      prompt: "The woman turns her head slowly and smiles, hair gently flowing in the wind",
      image_urls: ["https://example.com/portrait.jpg"],
      duration: 5,
      quality: "1080p",
    },
  },
  {
    title: "First and last frame",
    request: {
      model: "seedance-2.0",
      prompt: "Smooth camera pan revealing the landscape, golden hour lighting",
      image_urls: ["https://example.com/frame-start.jpg", "https://example.com/frame-end.jpg"],
      duration: 8,
      quality: "1080p",
    },
  },
  {
    title: "Multimodal with tags",
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
