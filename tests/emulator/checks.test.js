import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { json, paths, request, setUp } from "./support.js";

const urls = (/** @type {number} */ count, extension = "png") =>
  Array.from({ length: count }, (_, i) => `https://cdn.example/${i}.${extension}`);
const image = urls(1);
const video = urls(1, "mp4");
const audio = urls(1, "mp3");
const family = (/** @type {string} */ name, tier = "seedance-2.0") => ({
  model: `${tier}-${name}-to-video`,
});

const search = { model_params: { web_search: true } };

/** @type {[what: string, fields: Record<string, unknown>, param: string][]} */
const rejected = [
  ["no model", { model: undefined }, "model"],
  ["an empty model", { model: "" }, "model"],
  ["a model that is not a string", { model: 2 }, "model"],
  ["no prompt", { prompt: undefined }, "prompt"],
  ["an empty prompt", { prompt: " \n" }, "prompt"],
  ["a prompt that is not a string", { prompt: ["a"] }, "prompt"],
  ["a prompt of 2001 words", { prompt: "a ".repeat(2001) }, "prompt"],
  ["a prompt of 16001 characters", { prompt: "a".repeat(16001) }, "prompt"],
  ["10 images", { image_urls: urls(10) }, "image_urls"],
  ["4 videos", { video_urls: urls(4, "mp4") }, "video_urls"],
  ["4 audios", { audio_urls: urls(4, "mp3") }, "audio_urls"],
  [
    "13 files",
    {
      image_urls: urls(9),
      video_urls: urls(3, "mp4"),
      audio_urls: audio,
    },
    "image_urls",
  ],
  ["a string instead of an array", { image_urls: image[0] }, "image_urls"],
  ["null instead of an array", { image_urls: null }, "image_urls"],
  ["an item that is not a string", { video_urls: [7] }, "video_urls"],
  ["a relative URL", { image_urls: ["/a.png"] }, "image_urls"],
  ["a blob URL", { image_urls: ["blob:https://a/b"] }, "image_urls"],
  ["a data URL", { image_urls: ["data:image/png;base64,AA"] }, "image_urls"],
  ["white space around a URL", { image_urls: [" https://a/b"] }, "image_urls"],
  ["a line break in a URL", { image_urls: ["https://a/\nb"] }, "image_urls"],
  ["a URL without a host", { image_urls: ["https:///b"] }, "image_urls"],
  ["an svg image", { image_urls: urls(1, "svg") }, "image_urls"],
  ["a video among images", { image_urls: urls(1, "MP4") }, "image_urls"],
  ["a webm video", { video_urls: ["https://a/b.webm?c=.mp4"] }, "video_urls"],
  ["an ogg audio", { audio_urls: urls(1, "ogg") }, "audio_urls"],
  ["3 seconds", { duration: 3 }, "duration"],
  ["16 seconds", { duration: 16 }, "duration"],
  ["a fraction of a second", { duration: 4.5 }, "duration"],
  ["a duration that is a string", { duration: "5" }, "duration"],
  ["a duration that is null", { duration: null }, "duration"],
  ["4k", { quality: "4k" }, "quality"],
  ["1080P in upper case", { quality: "1080P" }, "quality"],
  ["16:10", { aspect_ratio: "16:10" }, "aspect_ratio"],
  ["an aspect ratio that is a number", { aspect_ratio: 1 }, "aspect_ratio"],
  ["generate_audio that is not a boolean", { generate_audio: "yes" }, "generate_audio"],
  ["a callback that is not a string", { callback_url: 1 }, "callback_url"],
  ["an http callback", { callback_url: "http://a.example/" }, "callback_url"],
  ["a callback that is not a URL", { callback_url: "a.example" }, "callback_url"],
  ["a callback of 2049 characters", { callback_url: "https://a.example/".padEnd(2049, "x") }, "callback_url"],
  ...[
    "localhost",
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.9.9",
    "192.168.0.1",
    "[::1]",
    "2130706433", // 127.0.0.1 as one number
  ].map(
    (host) =>
      /** @type {[string, Record<string, unknown>, string]} */ ([
        `a callback to ${host}`,
        { callback_url: `https://${host}/hook` },
        "callback_url",
      ]),
  ),
  ["a content_filter that is not a boolean", { content_filter: 1 }, "content_filter"],
  ["model_params that are an array", { model_params: [] }, "model_params"],
  ["a web_search that is not a boolean", { model_params: { web_search: "yes" } }, "model_params"],
  ["web search with mini", { ...family("text", "seedance-2.0-mini"), ...search }, "model_params"],
  ["web search with image-to-video", { ...family("image"), ...search, image_urls: image }, "model_params"],
  ["web search with reference-to-video", { ...family("reference"), ...search }, "model_params"],
  ["web search with the reference's model and an image", { ...search, image_urls: image }, "model_params"],
  ["text-to-video: an image", { ...family("text"), image_urls: image }, "image_urls"],
  ["text-to-video: a video", { ...family("text"), video_urls: video }, "video_urls"],
  ["text-to-video: audio", { ...family("text"), audio_urls: audio }, "audio_urls"],
  ["image-to-video: no image", family("image"), "image_urls"],
  ["image-to-video: 3 images", { ...family("image"), image_urls: urls(3) }, "image_urls"],
  ["image-to-video: a video", { ...family("image"), image_urls: image, video_urls: video }, "video_urls"],
  ["image-to-video: audio", { ...family("image"), image_urls: image, audio_urls: audio }, "audio_urls"],
  ["reference-to-video: audio alone", { ...family("reference"), audio_urls: audio }, "audio_urls"],
  ["fast: 1080p", { ...family("text", "seedance-2.0-fast"), quality: "1080p" }, "quality"],
  ["mini: 1080p", { ...family("text", "seedance-2.0-mini"), quality: "1080p" }, "quality"],
];

describe("rejects a create call with 400 and the parameter for", () => {
  for (const [what, fields, param] of rejected)
    test(what, async () => {
      const { create, emulator } = setUp();
      const response = await create({ ...request, ...fields });
      const { error } = await json(response);
      assert.equal(response.status, 400);
      assert.deepEqual(
        { ...error, message: typeof error.message },
        {
          code: "invalid_request",
          message: "string",
          type: "invalid_request_error",
          param,
        },
      );
      assert.equal(emulator.counts.charges, 0);
    });
});

/** @type {[what: string, fields: Record<string, unknown>][]} */
const accepted = [
  ["a prompt alone", {}],
  ["a prompt of 2000 words", { prompt: "a ".repeat(2000) }],
  ["one image", { image_urls: ["https://example.com/portrait.jpg"] }],
  ["two images", { image_urls: urls(2) }],
  [
    "12 files of every kind",
    {
      image_urls: urls(6),
      video_urls: urls(3, "mov"),
      audio_urls: urls(3, "wav"),
    },
  ],
  ["audio alone", { audio_urls: audio }],
  ["empty arrays", { image_urls: [], video_urls: [], audio_urls: [] }],
  ["an extension of no known format", { image_urls: ["https://a/v1.2?x=.svg"] }],
  ["a URL without an extension", { video_urls: ["http://a.example"] }],
  ...["jpeg", "jpg", "png", "webp", "bmp", "tiff", "gif", "PNG"].map(
    (extension) =>
      /** @type {[string, Record<string, unknown>]} */ ([
        `a .${extension} image`,
        { image_urls: urls(1, extension) },
      ]),
  ),
  ["4 seconds", { duration: 4 }],
  ["15 seconds", { duration: 15 }],
  ["1080p", { quality: "1080p" }],
  ...["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "adaptive"].map(
    (aspect_ratio) => /** @type {[string, Record<string, unknown>]} */ ([aspect_ratio, { aspect_ratio }]),
  ),
  ["no audio", { generate_audio: false }],
  ["a callback of 2048 characters", { callback_url: "https://a.example/".padEnd(2048, "x") }],
  ["an unknown field", { x_label: 7 }],
  ["web search with text-to-video", { ...family("text"), ...search, content_filter: false }],
  ["web search with fast", { ...family("text", "seedance-2.0-fast"), ...search }],
  ["web search with the reference's model and text", search],
  [
    "no web search with mini",
    { ...family("text", "seedance-2.0-mini"), model_params: { web_search: false } },
  ],
  ["image-to-video: 2 images", { ...family("image"), image_urls: urls(2) }],
  ["reference-to-video: a prompt alone", family("reference")],
  ["reference-to-video: audio and a video", { ...family("reference"), audio_urls: audio, video_urls: video }],
  ["fast: 720p", { ...family("text", "seedance-2.0-fast"), quality: "720p" }],
];

describe("accepts a create call with", () => {
  for (const [what, fields] of accepted)
    test(what, async () => {
      const { create } = setUp();
      const response = await create({ ...request, ...fields });
      assert.equal(response.status, 200, await response.text());
    });
});

for (const body of ["", "{", "[]", "null", '"text"'])
  test(`rejects a body that is not a JSON object: ${body || "none"}`, async () => {
    const { call } = setUp();
    const response = await call(paths.create, { method: "POST", body });
    assert.equal(response.status, 400);
    assert.equal((await json(response)).error.code, "invalid_request");
  });

test("rejects a body over 64 MB with 413", async () => {
  const { call } = setUp();
  const body = new Uint8Array(64 * 1024 * 1024 + 1);
  const response = await call(paths.create, { method: "POST", body });
  assert.equal(response.status, 413);
  assert.equal((await json(response)).error.type, "request_too_large_error");
});

test("rejects an unknown model with 404 model_unavailable", async () => {
  const { create } = setUp();
  const response = await create({ ...request, model: "sora-2" });
  assert.equal(response.status, 404);
  const { error } = await json(response);
  assert.equal(error.code, "model_unavailable");
  assert.equal(error.param, "model");
});

test("`models` sets the served models, and GET /v1/models lists them", async () => {
  const { create, call } = setUp({ models: ["seedance-3.0"] });
  const fields = { ...request, model: "seedance-3.0" };
  assert.equal((await create(fields)).status, 200);
  assert.equal((await create()).status, 404);
  const { data } = await json(await call(paths.models));
  assert.deepEqual(data, [{ id: "seedance-3.0", object: "model" }]);
});

describe("with `loopbackCallbacks`", () => {
  for (const [callback_url, status] of /** @type {const} */ ([
    ["http://127.0.0.1:3000/hook", 200],
    ["http://localhost/hook", 200],
    ["https://[::1]:3000/", 200],
    ["http://a.example/", 400],
    ["https://10.1.2.3/", 400],
  ]))
    test(`a callback to ${callback_url} gets ${status}`, async () => {
      const { create } = setUp({ loopbackCallbacks: true });
      assert.equal((await create({ ...request, callback_url })).status, status);
    });
});

test("serves ten models by default", async () => {
  const { create, call } = setUp();
  const { data } = await json(await call(paths.models));
  assert.equal(data.length, 10);
  for (const { id } of data) {
    const response = await create({
      ...request,
      model: id,
      image_urls: id.includes("image") ? image : [],
    });
    assert.equal(response.status, 200, id);
  }
});
