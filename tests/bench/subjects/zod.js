// Checks the shape only: types, enumerations, ranges, counts and URLs.
import * as z from "zod";
import { typical } from "../requests.js";

const urls = (/** @type {number} */ max) => z.array(z.url()).max(max).optional();

const schema = z.looseObject({
  model: z.string().min(1),
  prompt: z.string().min(1),
  image_urls: urls(9),
  video_urls: urls(3),
  audio_urls: urls(3),
  duration: z.int().min(4).max(15).optional(),
  quality: z.enum(["480p", "720p", "1080p"]).optional(),
  aspect_ratio: z.enum(["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "adaptive"]).optional(),
  generate_audio: z.boolean().optional(),
  callback_url: z.url().max(2048).optional(),
});

export const validate = (/** @type {unknown} */ request) => schema.safeParse(request).success;
export const first = () => validate(typical);
