// Checks the shape only: types, enumerations, ranges, counts and URLs.
import * as v from "valibot";
import { typical } from "../requests.js";

const url = v.pipe(v.string(), v.url());
const urls = (/** @type {number} */ max) => v.optional(v.pipe(v.array(url), v.maxLength(max)));

const schema = v.looseObject({
  model: v.pipe(v.string(), v.minLength(1)),
  prompt: v.pipe(v.string(), v.minLength(1)),
  image_urls: urls(9),
  video_urls: urls(3),
  audio_urls: urls(3),
  duration: v.optional(v.pipe(v.number(), v.integer(), v.minValue(4), v.maxValue(15))),
  quality: v.optional(v.picklist(["480p", "720p", "1080p"])),
  aspect_ratio: v.optional(v.picklist(["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "adaptive"])),
  generate_audio: v.optional(v.boolean()),
  callback_url: v.optional(v.pipe(url, v.maxLength(2048))),
});

export const validate = (/** @type {unknown} */ request) => v.safeParse(schema, request).success;
export const first = () => validate(typical);
