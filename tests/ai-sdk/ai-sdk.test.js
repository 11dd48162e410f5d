// The provider in the real AI SDK, 6 and 7, against the emulator, with its charges.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import * as ai6 from "ai";
import * as ai7 from "ai-7";
import { build } from "esbuild";
import { createEvolink } from "../../pkg/ai-sdk.js";
import { TaskFailedError, ValidationError, VideoClient } from "../../pkg/index.js";
import { createEmulator } from "../../pkg/testing.js";
import { root } from "../../tools/setup.js";

/** @typedef {import("../../pkg/testing.js").EmulatorOptions} EmulatorOptions */

const model = "seedance-2.0";
const prompt = "A cat walks through snow";
const poll = { intervalMs: 20 };
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

/** @param {EmulatorOptions} [options] */
function setup(options) {
  const emulator = createEmulator({ speed: 20, estimatedTime: 2, taskTime: 2, ...options });
  const client = new VideoClient({ apiKey: "any", fetch: /** @type {any} */ (emulator.fetch) });
  const download = async () => ({ data: new Uint8Array([1, 2, 3]), mediaType: "video/mp4" });
  return { emulator, client, download, bodies: bodiesOf(emulator) };
}

/** The bodies of the create calls. @param {import("../../pkg/testing.js").Emulator} emulator */
function bodiesOf(emulator) {
  /** @type {any[]} */
  const bodies = [];
  emulator.inject({ on: "create", when: ({ body }) => (bodies.push(body), false), delayMs: 0 });
  return bodies;
}

/** The interfaces on which every path runs. @type {[string, any, "v3" | "v4"][]} */
const versions = [
  ["ai 6, v3", ai6, "v3"],
  ["ai 7, v3", ai7, "v3"],
  ["ai 7, v4", ai7, "v4"],
];

for (const [name, ai, specificationVersion] of versions) {
  describe(name, { concurrency: true }, () => {
    /** @param {object} call @param {EmulatorOptions} [options] */
    const generate = (call, options) => {
      const { client, download, ...rest } = setup(options);
      const evolink = createEvolink({ client, specificationVersion });
      const result = ai.experimental_generateVideo({ model: evolink(model), prompt, download, ...call });
      return { ...rest, client, evolink, result: /** @type {Promise<any>} */ (result) };
    };

    test("gives the video, and its links in the metadata", async () => {
      const { emulator, result } = generate({ aspectRatio: "9:16", duration: 8, generateAudio: false });
      const { videos, providerMetadata, warnings } = await result;
      assert.equal(videos.length, 1);
      const { taskId, status, requestId, idempotencyKey, videos: links } = providerMetadata.evolink;
      assert.equal(taskId, emulator.charges[0].taskId);
      assert.match(links[0].url, /\.mp4$/);
      assert.equal(status, "completed");
      assert.ok(idempotencyKey && requestId !== undefined);
      assert.deepEqual(warnings, []);
    });

    test("charges once after a lost answer", async () => {
      const faults = [
        {
          on: /** @type {const} */ ("create"),
          nth: 1,
          fault: /** @type {const} */ ("network"),
          carriedOut: true,
        },
      ];
      const { emulator, result } = generate({}, { faults });
      assert.equal((await result).providerMetadata.evolink.replayed, true);
      assert.deepEqual([emulator.counts.submissions, emulator.counts.charges], [2, 1]);
    });

    test("sends the fields of the request", async () => {
      const { bodies, result } = generate({
        resolution: "1920x1080",
        duration: 8,
        generateAudio: false,
        providerOptions: { evolink: { content_filter: true } },
      });
      await result;
      assert.deepEqual(bodies, [
        {
          model,
          prompt,
          duration: 8,
          quality: "1080p",
          aspect_ratio: "16:9",
          generate_audio: false,
          content_filter: true,
        },
      ]);
    });

    test("rejects a size that no quality has, before anything is sent", async () => {
      const { emulator, result } = generate({ resolution: "854x480" });
      await assert.rejects(result, (/** @type {any} */ error) => {
        assert.ok(error instanceof ValidationError);
        assert.match(error.message, /`resolution` is "854x480".*Did you mean "864x496"/);
        return true;
      });
      assert.equal(emulator.requests.length, 0);
    });

    test("rejects a size that contradicts the aspect ratio", async () => {
      const { emulator, result } = generate({ resolution: "1280x720", aspectRatio: "1:1" });
      await assert.rejects(result, /`resolution` "1280x720" contradicts the aspect_ratio 1:1/);
      assert.equal(emulator.requests.length, 0);
    });

    test("passes the error of a failed task on", async () => {
      const outcome = { code: "content_policy_violation", message: "Not allowed." };
      const { result } = generate({}, { outcome });
      await assert.rejects(
        result,
        (/** @type {any} */ error) => error instanceof TaskFailedError && error.code === outcome.code,
      );
    });

    test("makes n videos", async () => {
      const { emulator, result } = generate({ n: 3 });
      const { videos, providerMetadata } = await result;
      assert.equal(videos.length, 3);
      assert.equal(new Set(providerMetadata.evolink.videos.map((/** @type {any} */ { url }) => url)).size, 3);
      assert.equal(emulator.counts.charges, 3);
    });

    test("warns of options that the API does not have", async () => {
      const { warnings } = await generate({ fps: 30, seed: 1 }).result;
      assert.deepEqual(warnings, [
        { type: "unsupported", feature: "fps" },
        { type: "unsupported", feature: "seed" },
      ]);
    });

    test("stops when the call is aborted", async () => {
      const controller = new AbortController();
      const { result } = generate({ abortSignal: controller.signal }, { taskTime: 9999 });
      setTimeout(() => controller.abort(new Error("enough")), 50);
      await assert.rejects(result, /enough/);
    });

    test("sends the first image of a prompt, and uploads bytes", async () => {
      const image = Buffer.from("R0lGODlhgALgAYAAAAAAAP///ywAAAAAgALgAQACAkQBADs=", "base64");
      const { bodies, result } = generate({ prompt: { image, text: prompt } });
      await result;
      assert.equal(bodies[0].image_urls.length, 1);
      assert.match(bodies[0].image_urls[0], /^https:/);
    });

    test("is found by a registry", async () => {
      const { evolink } = generate({});
      const registry = ai.createProviderRegistry({ evolink });
      assert.equal(
        registry.videoModel?.(`evolink:${model}`)?.modelId ?? evolink.videoModel(model).modelId,
        model,
      );
      assert.throws(
        () => registry.languageModel("evolink:any"),
        (/** @type {any} */ error) => ai.NoSuchModelError.isInstance(error),
      );
    });
  });
}

for (const specificationVersion of /** @type {const} */ (["v3", "v4"])) {
  describe(`start and status in ai 7, ${specificationVersion}`, { concurrency: true }, () => {
    /** @param {object} call @param {EmulatorOptions} [options] */
    const generate = (call, options) => {
      const { client, download, ...rest } = setup(options);
      const evolink = /** @type {any} */ (createEvolink({ client, specificationVersion }));
      const result = ai7.experimental_generateVideo({ model: evolink(model), prompt, download, ...call });
      return { ...rest, client, evolink, result };
    };

    test("polls, and sends the SDK's key after a lost answer", async () => {
      const faults = [
        {
          on: /** @type {const} */ ("create"),
          nth: 1,
          fault: /** @type {const} */ ("network"),
          carriedOut: true,
        },
      ];
      const { emulator, result } = generate({ poll }, { faults });
      const { evolink } = /** @type {any} */ ((await result).providerMetadata);
      assert.match(evolink.idempotencyKey, /^aisdk_vid_/);
      assert.match(evolink.videos[0].url, /\.mp4$/);
      assert.deepEqual([emulator.counts.submissions, emulator.counts.charges], [2, 1]);
    });

    test("goes on after reads that fail", async () => {
      const faults = [{ on: /** @type {const} */ ("read"), times: 2, fault: { status: 503 } }];
      const { result } = generate({ poll }, { faults });
      assert.equal((await result).videos.length, 1);
    });

    test("has the code in the error of a failed task", async () => {
      const { result } = generate(
        { poll },
        { outcome: { code: "content_policy_violation", message: "Not allowed." } },
      );
      await assert.rejects(result, /content_policy_violation: Not allowed\./);
    });

    test("waits for a webhook, also one that comes too early", async () => {
      const { promise: received, resolve } = /** @type {any} */ (withResolvers());
      const { emulator, bodies, result } = generate({
        webhook: async () => ({ url: "https://app.example/hook", received }),
      });
      setTimeout(() => resolve({ headers: {}, body: { id: emulator.charges[0].taskId } }), 60);
      assert.equal((await result).videos.length, 1);
      assert.equal(bodies[0].callback_url, "https://app.example/hook");
      assert.equal(emulator.counts.charges, 1);
    });
  });
}

test("an operation works in another process", async () => {
  const { client, emulator } = setup();
  const start = createEvolink({ client })(model);
  const started = await ai7.experimental_startVideo({ model: start, prompt });
  const operation = JSON.parse(JSON.stringify(started.operation));
  const other = createEvolink({ apiKey: "any", fetch: /** @type {any} */ (emulator.fetch) })(model);
  let status;
  do {
    await new Promise((resolve) => setTimeout(resolve, 20));
    status = await ai7.experimental_getVideoStatus(other, { operation });
  } while (status.status === "pending");
  assert.equal(status.status, "completed");
  assert.equal(emulator.counts.charges, 1);
});

test("sorts references by media type and ending, and takes frames in order", async () => {
  const { client, bodies } = setup();
  const evolink = createEvolink({ client })(model);
  const base = /** @type {any} */ ({
    prompt: "@Image1 dances like @Video1 to @Audio1",
    n: 1,
    providerOptions: {},
  });
  const url = (/** @type {string} */ name, /** @type {string} */ mediaType) => ({
    type: "url",
    url: `https://a.example/${name}`,
    ...(mediaType && { mediaType }),
  });
  const inputReferences = [url("a", "image/png"), url("b.mp4?x=1", ""), url("c", "audio/mpeg"), url("d", "")];
  const { warnings } = await evolink.doGenerate({ ...base, inputReferences });
  assert.deepEqual(bodies[0].image_urls, ["https://a.example/a", "https://a.example/d"]);
  assert.deepEqual(bodies[0].video_urls, ["https://a.example/b.mp4?x=1"]);
  assert.deepEqual(bodies[0].audio_urls, ["https://a.example/c"]);
  assert.ok(warnings.some((warning) => warning.type === "other" && /sent as an image/.test(warning.message)));

  const frame = (/** @type {string} */ frameType) => ({ image: url(`${frameType}.png`, ""), frameType });
  await evolink.doGenerate({ ...base, prompt, frameImages: [frame("last_frame"), frame("first_frame")] });
  assert.deepEqual(bodies[1].image_urls, [
    "https://a.example/first_frame.png",
    "https://a.example/last_frame.png",
  ]);
  await assert.rejects(
    evolink.doGenerate({ ...base, prompt, frameImages: [frame("last_frame")] }),
    /no first frame/,
  );
  assert.equal(bodies.length, 2);
});

test("`upload` stores bytes in place of the client", async () => {
  const { client, bodies, emulator } = setup();
  const evolink = createEvolink({ client, upload: ({ mediaType }) => `https://a.example/${mediaType}.png` })(
    model,
  );
  const image = { type: "file", data: "AQID", mediaType: "image/png" };
  await evolink.doGenerate(/** @type {any} */ ({ prompt, n: 1, image, providerOptions: {} }));
  assert.deepEqual(bodies[0].image_urls, ["https://a.example/image/png.png"]);
  assert.ok(emulator.requests.every(({ operation }) => operation !== "upload"));
});

test("rejects options that it does not have", () => {
  const { client } = setup();
  const create = /** @type {any} */ (createEvolink);
  assert.throws(() => create({ client, specificationVersion: "v2" }), /`specificationVersion` is "v2"/);
  assert.throws(() => create({ client, apiKey: "any" }), /`apiKey` is an option of the client/);
  assert.throws(() => create({ apikey: "any" }), /apikey/);
});

test("fits the types of both versions", () => {
  const { client } = setup();
  /** @type {Parameters<typeof ai7.experimental_generateVideo>[0]["model"]} */
  const seven = createEvolink({ client })(model);
  /** @type {Parameters<typeof ai6.experimental_generateVideo>[0]["model"]} */
  const six = createEvolink({ client, specificationVersion: "v3" })(model);
  assert.deepEqual(
    [/** @type {any} */ (seven).specificationVersion, /** @type {any} */ (six).specificationVersion],
    ["v4", "v3"],
  );
});

test("adds at most 2,048 bytes of brotli to the client", async () => {
  // Without the inlined module: after its 100 KB, the compressed size of the rest varies by dozens of bytes.
  const withoutModule = {
    name: "without-module",
    setup: (/** @type {import("esbuild").PluginBuild} */ { onResolve }) =>
      onResolve({ filter: /\/index\.js$/ }, () => ({ path: join(root, "pkg/core.js") })),
  };
  const bundle = async (/** @type {string} */ contents) => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: join(root, "pkg") },
      bundle: true,
      minify: true,
      charset: "utf8",
      target: "es2022",
      format: "esm",
      write: false,
      external: ["./media.js", "./files.js"],
      plugins: [withoutModule],
    });
    return brotliCompressSync(outputFiles[0].contents).length;
  };
  const client = 'export { VideoClient, limitsFor, parseTags } from "./index.js";';
  const added = (await bundle(`${client} export * from "./ai-sdk.js";`)) - (await bundle(client));
  assert.ok(added <= 2048, `${added} bytes`);
});

function withResolvers() {
  /** @type {any} */
  const result = {};
  result.promise = new Promise((resolve) => (result.resolve = resolve));
  return result;
}
