// `validate` beside zod 4 and ajv. They check the shape alone: types, enumerations, ranges, counts, and that
// a URL is one. They know nothing of tags, roles, modes, tokens, hosts or formats.
import { Ajv2020 } from "ajv/dist/2020.js";
import { Bench } from "tinybench";
import * as z from "zod";
import { limits, validate, videoRequestSchema } from "../../pkg/index.js";

/** @param {number} count @param {string} ending */
const files = (count, ending) =>
  Array.from({ length: count }, (_, n) => `https://example.com/assets/${n}.${ending}`);

/** @type {Record<string, import("../../pkg/index.js").VideoRequest>} */
export const requests = {
  tiny: { model: "seedance-2.0", prompt: "A cat" },
  typical: {
    model: "seedance-2.0",
    prompt: "@Image1 as first frame, replicate @Video1 camera movement, @Audio1 for BGM rhythm",
    image_urls: files(1, "jpg"),
    video_urls: files(1, "mp4"),
    audio_urls: files(1, "mp3"),
    duration: 10,
    quality: "1080p",
  },
  "12 files": {
    model: "seedance-2.0",
    prompt: Array.from({ length: 9 }, (_, n) => `@Image${n + 1} as character`).join(", "),
    image_urls: files(9, "jpg"),
    video_urls: files(2, "mp4"),
    audio_urls: files(1, "mp3"),
    duration: 15,
    quality: "720p",
    aspect_ratio: "16:9",
    generate_audio: true,
  },
  "long prompt": { model: "seedance-2.0", prompt: "A cat walks slowly through the snow. ".repeat(180) },
};

function zodSchema() {
  const urls = (/** @type {number} */ max) => z.array(z.url()).max(max).optional();
  const words = (/** @type {readonly string[]} */ values) => z.enum(/** @type {any} */ (values)).optional();
  return z.looseObject({
    model: z.string().min(1),
    prompt: z.string().min(1),
    image_urls: urls(limits.images.maxCount),
    video_urls: urls(limits.videos.maxCount),
    audio_urls: urls(limits.audios.maxCount),
    duration: z.int().min(limits.duration.min).max(limits.duration.max).optional(),
    quality: words(limits.quality.values),
    aspect_ratio: words(limits.aspectRatio.values),
    generate_audio: z.boolean().optional(),
    callback_url: z.url().max(limits.callbackUrl.maxLength).optional(),
  });
}

export async function benchValidation() {
  const zod = zodSchema();
  const ajv = new Ajv2020({ allErrors: true }).compile(videoRequestSchema.jsonSchema);
  const checks = {
    "evolink-video": validate,
    "zod 4, shape": (/** @type {unknown} */ request) => zod.safeParse(request),
    "ajv, shape": ajv,
  };
  /** @type {Record<string, Record<string, string>>} */
  const table = {};
  for (const [name, request] of Object.entries(requests)) {
    const bench = new Bench({ time: 500, warmupTime: 200 });
    for (const [checker, check] of Object.entries(checks)) bench.add(checker, () => check(request));
    await bench.run();
    table[name] = Object.fromEntries(
      bench.tasks.map(({ name, result }) => {
        if (result.state !== "completed") throw new Error(`${name} did not complete`);
        return [name, `${(result.latency.p50 * 1000).toFixed(1)} µs`];
      }),
    );
  }
  console.log("\nOne request, median time:");
  console.table(table);
}
