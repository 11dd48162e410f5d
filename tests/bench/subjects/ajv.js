// Checks the shape only: types, enumerations, ranges, counts, and a pattern for URLs.
import { Ajv2020 } from "ajv/dist/2020.js";
import { typical } from "../requests.js";

const url = { type: "string", pattern: "^https?://[^\\s/?#]+" };
const urls = (/** @type {number} */ maxItems) => ({ type: "array", items: url, maxItems });

const check = new Ajv2020({ allErrors: true }).compile({
  type: "object",
  required: ["model", "prompt"],
  properties: {
    model: { type: "string", minLength: 1 },
    prompt: { type: "string", minLength: 1 },
    image_urls: urls(9),
    video_urls: urls(3),
    audio_urls: urls(3),
    duration: { type: "integer", minimum: 4, maximum: 15 },
    quality: { enum: ["480p", "720p", "1080p"] },
    aspect_ratio: { enum: ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "adaptive"] },
    generate_audio: { type: "boolean" },
    callback_url: { ...url, maxLength: 2048 },
  },
});

export const validate = (/** @type {unknown} */ request) => check(request);
export const first = () => validate(typical);
