// Uploads and requests with files in them, with the installed package in Node against the emulator.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { importPackage, installPackage } from "../support/packed.js";

/** @typedef {import("../../pkg-template/index.js").ClientOptions} ClientOptions */
/** @typedef {import("../../pkg-template/testing.js").EmulatorOptions} EmulatorOptions */

/** @type {Awaited<ReturnType<typeof importPackage>>} */
let library;
before(async () => {
  library = await importPackage(await installPackage());
});

const model = "seedance-2.0";
const prompt = "A paper boat";
/** A GIF of 640 by 480, distinguished by the bytes after its end. */
const gif = (number = 0, size = 64) => {
  const bytes = new Uint8Array(size);
  bytes.set([...Buffer.from("GIF89a"), 0x80, 2, 0xe0, 1, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
  bytes.set([0x2c, 0, 0, 0, 0, 0x80, 2, 0xe0, 1, 0, 2, 2, 0x44, 1, 0, 0x3b], 19);
  bytes[size - 1] = number;
  return new File([bytes], `${number}.gif`, { type: "image/gif" });
};

/** A TIFF of 640 by 480 pixels. */
const tiff = () => {
  const bytes = Buffer.alloc(64);
  bytes.set([...Buffer.from("II*\0"), 8, 0, 0, 0, 2, 0]);
  bytes.set([0, 1, 3, 0, 1, 0, 0, 0, 0x80, 2, 0, 0, 1, 1, 3, 0, 1, 0, 0, 0, 0xe0, 1], 10);
  return new File([bytes], "a.tif", { type: "image/tiff" });
};

const withoutWebCrypto = () =>
  Object.defineProperty(crypto, "subtle", { value: undefined, configurable: true });
/** Removes the own property, so that the prototype's is visible. */
const restoreWebCrypto = () => Reflect.deleteProperty(crypto, "subtle");

/**
 * @param {EmulatorOptions} [emulated]
 * @param {Partial<ClientOptions>} [options]
 */
function setUp(emulated, options) {
  const emulator = library.createEmulator(emulated);
  const baseUrl = "http://localhost:8787";
  const client = new library.VideoClient({ apiKey: "sk-test", baseUrl, fetch: emulator.fetch, ...options });
  const operations = () => emulator.requests.map(({ operation }) => operation);
  return { emulator, client, operations };
}

/** @param {Promise<unknown>} promise @returns {Promise<any>} */
const rejection = (promise) =>
  promise.then(
    () => assert.fail("the promise resolved"),
    (error) => error,
  );

describe("upload", () => {
  test("returns a URL, and reports progress from 0 to the size", async () => {
    const { client } = setUp();
    /** @type {unknown[]} */
    const progress = [];
    const { url, expiresAt, fileId, ...rest } = await client.upload(gif(), {
      onProgress: (each) => progress.push(each),
    });
    assert.match(url, /^http:\/\/localhost:8787\/files\/uploads\/file_\w+\/0\.gif$/);
    assert.ok(Math.abs(Number(expiresAt) - Date.now() - 72 * 3_600_000) < 60_000);
    assert.match(String(fileId), /^file_/);
    assert.deepEqual(rest, { bytes: 64, mediaType: "image/gif", reused: false });
    assert.deepEqual(progress, [
      { sentBytes: 0, totalBytes: 64 },
      { sentBytes: 64, totalBytes: 64 },
    ]);
  });

  test("takes bytes, streams of known length and objects of R2", async () => {
    const { client, emulator } = setUp();
    const bytes = new Uint8Array(await gif().arrayBuffer());
    const { body } = new Response(bytes);
    const r2 = { body, size: 64, key: "a/b.gif", httpMetadata: { contentType: "image/gif" } };
    for (const [source, options, name] of /** @type {const} */ ([
      [bytes, { mediaType: "image/gif" }, "file.gif"],
      [bytes.buffer, { name: "a.gif" }, "a.gif"],
      [gif().stream(), { bytes: 64, mediaType: "image/gif", name: 'a"\r\n.gif' }, 'a"\r\n.gif'],
      [r2, {}, "b.gif"],
    ])) {
      const uploaded = await client.upload(/** @type {any} */ (source), { dedupe: false, ...options });
      assert.equal(uploaded.bytes, 64);
      assert.ok(uploaded.url.endsWith(`/${encodeURIComponent(name)}`), uploaded.url);
      const stored = await emulator.fetch(uploaded.url);
      assert.deepEqual(new Uint8Array(await stored.arrayBuffer()), bytes);
    }
  });

  test("rejects what is no file, and options that do not exist", async () => {
    const { client, operations } = setUp();
    const locked = gif().stream();
    locked.getReader();
    for (const [source, options, message] of /** @type {[any, any, RegExp][]} */ ([
      ["a.jpg", {}, /must be a Blob/],
      [null, {}, /must be a Blob/],
      [gif().stream(), {}, /`bytes`, the length of the stream, is missing/],
      [locked, { bytes: 64 }, /locked/],
      [gif(), { onprogress() {} }, /Did you mean `onProgress`/],
      [gif(), { kind: "picture" }, /`kind`/],
      [gif(), { dedupe: 1 }, /`dedupe`/],
      [gif(), { name: 1 }, /`name`/],
      [gif(), { signal: {} }, /AbortSignal/],
    ])) {
      const error = await rejection(client.upload(source, options));
      assert.equal(error.name, "ConfigurationError");
      assert.match(error.message, message);
    }
    assert.deepEqual(operations(), []);
  });

  test("refuses an empty or a too large file before a byte is sent", async () => {
    const { client, operations } = setUp();
    const large = new Blob([new Uint8Array(16_000_000)]);
    for (const [source, options, code] of /** @type {[any, any, string][]} */ ([
      [new Blob([]), {}, "unsupported_format"],
      [large, { kind: "audio" }, "too_large"],
      [large.stream(), { bytes: 105_000_000 }, "too_large"],
    ])) {
      const error = await rejection(client.upload(source, options));
      assert.equal(error.name, "ValidationError");
      assert.equal(error.issues[0].code, code);
    }
    assert.deepEqual(operations(), []);
  });

  test("asks for the receipt after a lost answer, and uploads once", async () => {
    const faults = /** @type {const} */ ([{ on: "upload", fault: "network", carriedOut: true, times: 1 }]);
    const { client, operations } = setUp({ faults });
    assert.equal((await client.upload(gif())).reused, false);
    assert.deepEqual(operations(), ["upload", "receipt"]);
  });

  test("uploads again after a 503 that the receipt does not confirm", async () => {
    const faults = /** @type {const} */ ([{ on: "upload", fault: { status: 503 }, times: 1 }]);
    const { client, operations } = setUp({ faults });
    /** @type {number[]} */
    const sent = [];
    await client.upload(gif(), { onProgress: ({ sentBytes }) => sent.push(sentBytes) });
    assert.deepEqual(operations(), ["upload", "receipt", "upload"]);
    assert.deepEqual(sent, [0, 64]);
  });

  test("does not send a stream again", async () => {
    const faults = /** @type {const} */ ([{ on: "upload", fault: { status: 503 }, times: 1 }]);
    const { client, operations } = setUp({ faults });
    const error = await rejection(client.upload(gif().stream(), { bytes: 64 }));
    assert.equal(error.name, "ServerError");
    assert.deepEqual(operations(), ["upload", "receipt"]);
  });

  test("rejects if a stream has another length or fails", async () => {
    const { client } = setUp();
    for (const [bytes, message] of /** @type {const} */ ([
      [65, "The stream has 64 bytes, not 65."],
      [63, "The stream has more than 63 bytes, not 63."],
    ]))
      assert.equal((await rejection(client.upload(gif().stream(), { bytes }))).message, message);
    const cause = new Error("gone");
    const failing = new ReadableStream({ pull: (controller) => controller.error(cause) });
    const error = await rejection(client.upload(failing, { bytes: 64 }));
    assert.equal(error.code, "file_unreachable");
    assert.equal(error.cause, cause);
  });

  test("uploads the same bytes once, also at the same time", async () => {
    const { client, operations } = setUp();
    const [first, second] = await Promise.all([client.upload(gif()), client.upload(gif())]);
    // The one whose digest is known first is sent.
    assert.deepEqual([first.reused, second.reused].sort(), [false, true]);
    assert.equal(first.url, second.url);
    const third = await client.upload(await gif().arrayBuffer());
    assert.deepEqual([third.url, third.reused], [first.url, true]);
    assert.deepEqual(operations(), ["upload"]);
    await client.upload(gif(), { dedupe: false });
    assert.deepEqual(operations(), ["upload", "upload"]);
  });

  test("of the same bytes goes on when the first one is aborted", async () => {
    const { client, operations } = setUp({ faults: [{ on: "upload", delayMs: 500 }] });
    const first = new AbortController();
    const aborted = client.upload(gif(), { signal: first.signal });
    await sleep(30);
    const other = client.upload(gif());
    await sleep(30);
    first.abort(new Error("enough"));
    assert.equal((await rejection(aborted)).message, "enough");
    assert.equal((await other).reused, false);
    assert.deepEqual(operations(), ["upload", "upload"]);
  });

  test("ends with what `onProgress` throws", async () => {
    const { client } = setUp();
    const thrown = new Error("no");
    const onProgress = () => {
      throw thrown;
    };
    assert.equal(await rejection(client.upload(gif(), { onProgress })), thrown);
  });

  test("rejects within a tick when it is aborted", async () => {
    const reason = new Error("enough");
    for (const [what, faults, source] of /** @type {[string, any, any][]} */ ([
      ["sending", [{ on: "upload", delayMs: 5_000 }], gif()],
      ["sending a stream", [{ on: "upload", delayMs: 5_000 }], gif().stream()],
      ["waiting", [{ on: "upload", fault: { status: 503, headers: { "retry-after": "9" } } }], gif()],
      [
        "asking",
        [
          { on: "upload", fault: "network" },
          { on: "receipt", delayMs: 5_000 },
        ],
        gif(),
      ],
    ])) {
      const { client } = setUp({ faults });
      const controller = new AbortController();
      const upload = client.upload(source, { bytes: 64, signal: controller.signal });
      await sleep(what === "asking" ? 700 : 60);
      controller.abort(reason);
      const started = performance.now();
      assert.equal(await rejection(upload), reason, what);
      assert.ok(performance.now() - started < 50, what);
    }
    const never = {
      type: "",
      size: 1,
      slice() {},
      arrayBuffer: () => new Promise(() => {}),
      [Symbol.toStringTag]: "Blob",
    };
    const controller = new AbortController();
    const { client } = setUp();
    const reading = client.upload(/** @type {any} */ (never), { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 20);
    assert.equal(await rejection(reading), reason);
    assert.equal(await rejection(client.upload(gif(), { signal: AbortSignal.abort(reason) })), reason);
  });

  test("sends no key to errors", async () => {
    const fetch = async () => ({
      status: 400,
      headers: new Headers(),
      text: async () => '{"success":false,"code":"x","msg":"bad key sk-secret-12345"}',
    });
    const { client } = setUp({}, { apiKey: "sk-secret-12345", fetch });
    const error = await rejection(client.upload(gif()));
    assert.doesNotMatch(JSON.stringify(error), /secret/);
  });
});

test("all calls keep the path of `baseUrl`", async () => {
  const emulator = library.createEmulator({ speed: 1000 });
  emulator.inject({ on: "upload", fault: "network", carriedOut: true, times: 1 });
  const prefix = "/evolink";
  const { client } = setUp(undefined, {
    baseUrl: `http://localhost:8787${prefix}`,
    async fetch(url, init) {
      const { origin, pathname, search } = new URL(url);
      assert.ok(pathname.startsWith(`${prefix}/`), url);
      const to = `${origin}${pathname.slice(prefix.length)}${search}`;
      return emulator.fetch(to, /** @type {RequestInit} */ (init));
    },
  });
  const { id } = await client.generate({ model, prompt, image_urls: [gif()] });
  await client.retrieve(id);
  await client.retrieveAll([id]);
  for await (const task of client.list()) assert.equal(task.id, id);
  await client.credits();
  await client.models();
  const seen = new Set(emulator.requests.map(({ operation }) => operation));
  for (const each of ["upload", "receipt", "create", "read", "batch", "list", "credits", "models"])
    assert.ok(seen.has(/** @type {any} */ (each)), each);
});

describe("the option `files`", () => {
  test("stores files in place of the files API", async () => {
    /** @type {any[]} */
    const put = [];
    const { client, operations } = setUp(undefined, {
      files: {
        async put(file, info) {
          info.onProgress({ sentBytes: 10 });
          put.push([file, info]);
          return { url: "https://cdn.test.com/0.gif", expiresAt: null };
        },
      },
    });
    /** @type {number[]} */
    const sent = [];
    const file = gif();
    const upload = await client.upload(file, { onProgress: ({ sentBytes }) => sent.push(sentBytes) });
    assert.deepEqual(upload, {
      ...{ url: "https://cdn.test.com/0.gif", expiresAt: null, fileId: null, bytes: 64 },
      ...{ mediaType: "image/gif", reused: false },
    });
    assert.deepEqual(sent, [0, 10, 64]);
    const [[stored, { sha256, mediaType, bytes, name }]] = put;
    assert.equal(stored, file);
    assert.match(sha256, /^[0-9a-f]{64}$/);
    assert.deepEqual([mediaType, bytes, name], ["image/gif", 64, "0.gif"]);
    assert.equal((await client.upload(file)).reused, true);
    assert.deepEqual([put.length, operations()], [1, []]);
  });

  test("gets the same digest from hosts without WebCrypto", async () => {
    /** @type {(string | null)[]} */
    const digests = [];
    const put = async (/** @type {unknown} */ _, /** @type {{ sha256: string | null }} */ { sha256 }) => {
      digests.push(sha256);
      return { url: "https://cdn.test.com/0.gif" };
    };
    // Longer than the parts that are read.
    const file = gif(1, 200_000);
    await setUp(undefined, { files: { put } }).client.upload(file);
    withoutWebCrypto();
    try {
      await setUp(undefined, { files: { put } }).client.upload(file);
    } finally {
      restoreWebCrypto();
    }
    const expected = createHash("sha256")
      .update(new Uint8Array(await file.arrayBuffer()))
      .digest("hex");
    assert.deepEqual(digests, [expected, expected]);
  });

  test("must return a URL that the API can open", async () => {
    for (const answer of [
      undefined,
      {},
      { url: "file:///a" },
      { url: "http://a.test.com/" },
      { url: "https://10.0.0.1/a" },
    ]) {
      const { client } = setUp(undefined, { files: { put: async () => /** @type {any} */ (answer) } });
      const error = await rejection(client.upload(gif()));
      assert.equal(error.name, "ConfigurationError");
      assert.match(error.message, /`files\.put` must return/);
    }
    assert.throws(() => setUp(undefined, { files: /** @type {any} */ ({}) }), /`files` must be an object/);
  });

  test("may take as long as an upload to the API", async (context) => {
    /** @type {AbortSignal | undefined} */
    let signal;
    const put = (/** @type {unknown} */ _, /** @type {{ signal: AbortSignal }} */ info) => {
      signal = info.signal;
      return new Promise(() => {});
    };
    const files = /** @type {any} */ ({ put });
    for (const [ofClient, ofCall, limitMs] of /** @type {const} */ ([
      [20, undefined, 21],
      [5_000, 40, 41],
    ])) {
      const { client } = setUp(undefined, { files, requestTimeoutMs: ofClient });
      const error = await rejection(client.upload(gif(), { requestTimeoutMs: ofCall }));
      assert.deepEqual([error.name, error.charged], ["RequestTimeoutError", "no"]);
      assert.match(error.message, new RegExp(`\\b${limitMs} ms`));
      assert.equal(signal?.reason, error);
    }
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const uploading = rejection(setUp(undefined, { files }).client.upload(gif()));
    const before = signal;
    while (signal === before) await new Promise((resolve) => setImmediate(resolve));
    context.mock.timers.tick(60_001);
    assert.match((await uploading).message, /\b60001 ms/);
  });

  test("must return a time to come, if any", async () => {
    const now = Date.now();
    for (const expiresAt of [
      NaN,
      Infinity,
      "2099-01-01",
      new Date(now + 1e6),
      now - 1,
      Math.floor(now / 1000),
    ]) {
      const put = async () => ({
        url: "https://cdn.test.com/0.gif",
        expiresAt: /** @type {any} */ (expiresAt),
      });
      const error = await rejection(setUp(undefined, { files: { put } }).client.upload(gif()));
      assert.equal(error.name, "ConfigurationError");
      assert.match(error.message, /`expiresAt`/);
      assert.ok(error.message.length < 160, error.message);
    }
    for (const expiresAt of [undefined, null, now + 1e6]) {
      const put = async () => ({ url: "https://cdn.test.com/0.gif", expiresAt });
      const upload = await setUp(undefined, { files: { put } }).client.upload(gif());
      assert.equal(upload.expiresAt, expiresAt ?? null);
    }
  });

  test("may throw, which is the cause of a typed error", async () => {
    const thrown = new Error("bucket is full");
    const put = () => {
      throw thrown;
    };
    const error = await rejection(setUp(undefined, { files: { put } }).client.upload(gif()));
    assert.deepEqual([error.name, error.code, error.cause], ["ConnectionError", "upload_failed", thrown]);
  });
});

describe("a request with files", () => {
  test("is generated: files are uploaded, then the request is sent with their URLs", async () => {
    const emulator = library.createEmulator({ speed: 1000 });
    /** @type {string[]} */
    const bodies = [];
    const { client } = setUp(undefined, {
      async fetch(url, init) {
        if (typeof init.body === "string") bodies.push(init.body);
        return emulator.fetch(url, /** @type {RequestInit} */ (init));
      },
    });
    /** @type {unknown[]} */
    const paths = [];
    const file = gif(1);
    const task = await client.generate(
      { model, prompt, image_urls: [file, gif(2), file], video_urls: [] },
      { onUpload: ({ path, sentBytes }) => sentBytes > 0 && paths.push(path.join(".")) },
    );
    assert.equal(task.status, "completed");
    const operations = emulator.requests.slice(0, 3).map(({ operation }) => operation);
    assert.deepEqual(operations, ["upload", "upload", "create"]);
    assert.deepEqual(paths.sort(), ["image_urls.0", "image_urls.1", "image_urls.2"]);
    const [first, second, third] = JSON.parse(bodies[0]).image_urls;
    assert.ok(first !== second && first === third);
  });

  test("uploads at most four files at a time", async () => {
    let [active, most] = [0, 0];
    const files = {
      async put() {
        most = Math.max(most, ++active);
        await sleep(20);
        active -= 1;
        return { url: "https://cdn.test.com/0.gif" };
      },
    };
    const { client } = setUp(undefined, { files });
    await client.submit({ model, prompt, image_urls: Array.from({ length: 9 }, (_, number) => gif(number)) });
    assert.equal(most, 4);
  });

  test("reports all issues before anything is uploaded", async () => {
    const { client, operations } = setUp();
    const large = new File([new Uint8Array(32_000_000)], "large.gif", { type: "image/gif" });
    const image_urls = [gif(), large, new Blob([]), "ftp://a.test.com/a.gif", 5, "blob:https://a.test.com/1"];
    const request = /** @type {any} */ ({ model, prompt: "", image_urls, audio_urls: 7 });
    const error = await rejection(client.generate(request));
    assert.equal(error.name, "ValidationError");
    const found = error.issues.map((/** @type {any} */ { path, code }) => `${path.join(".")} ${code}`);
    assert.ok(found.includes("image_urls.1 too_large"), String(found));
    assert.ok(found.some((/** @type {string} */ each) => each.startsWith("image_urls.2 ")));
    assert.ok(found.some((/** @type {string} */ each) => each.startsWith("image_urls.3 ")));
    for (const each of ["image_urls.4 invalid_type", "image_urls.5 invalid_url", "audio_urls invalid_type"])
      assert.ok(found.includes(each), String(found));
    assert.ok(found.some((/** @type {string} */ each) => each.startsWith("prompt ")));
    assert.equal(new Set(found).size, found.length, String(found));
    assert.deepEqual(operations(), []);
  });

  test("leaves files behind URLs to the API", async () => {
    const emulator = library.createEmulator();
    /** @type {string[]} */
    const urls = [];
    const { client } = setUp(undefined, {
      async fetch(url, init) {
        urls.push(new URL(url).pathname);
        return emulator.fetch(url, /** @type {RequestInit} */ (init));
      },
    });
    const image_urls = [gif(), "https://a.test.com/a.gif", new URL("https://a.test.com/b.gif")];
    const { warnings } = await client.submit({ model, prompt, image_urls });
    assert.deepEqual(urls, ["/api/v1/files/upload/stream", "/v1/videos/generations"]);
    assert.deepEqual(warnings, []);
  });

  test("is warned of images that the files API does not list, unless they are stored elsewhere", async () => {
    const aspect_ratio = /** @type {const} */ ("4:3");
    const request = { model, prompt, aspect_ratio, image_urls: [tiff(), gif()] };
    const put = async () => ({ url: "https://cdn.test.com/0.tif" });
    for (const [options, expected] of /** @type {const} */ ([
      [{}, ["image_urls.0 unsupported_format"]],
      [{ files: { put } }, []],
    ])) {
      const emulator = library.createEmulator();
      const { client } = setUp(undefined, {
        ...options,
        // The emulator's files API refuses them.
        fetch: async (url, init) =>
          url.includes("/files/upload/")
            ? Response.json({ success: true, data: { file_url: "https://cdn.test.com/0.tif" } })
            : emulator.fetch(url, /** @type {RequestInit} */ (init)),
      });
      const { warnings } = await client.submit(request);
      assert.deepEqual(
        warnings.map(({ path, code }) => `${path.join(".")} ${code}`),
        expected,
      );
    }
  });

  test("is read before the call returns", async () => {
    const { client, operations } = setUp();
    const request = { model, prompt, image_urls: [gif()] };
    const submission = client.submit(request);
    request.image_urls.push(gif(2));
    request.prompt = "";
    await submission;
    assert.deepEqual(operations(), ["upload", "create"]);
  });

  test("checks the options first", async () => {
    const { client, operations } = setUp();
    const options = /** @type {any} */ ({ onUplod() {} });
    const error = await rejection(client.submit({ model, prompt, image_urls: [gif()] }, options));
    assert.equal(error.name, "ConfigurationError");
    assert.deepEqual(operations(), []);
  });

  test("rejects with the first failure, which aborts the other uploads", async () => {
    let aborted = 0;
    const files = {
      /** @param {any} _ @param {any} info */
      put: (_, { name, signal }) =>
        name === "2.gif"
          ? sleep(20).then(() => Promise.reject(new Error("no")))
          : new Promise((_, reject) => {
              signal.addEventListener("abort", () => {
                aborted += 1;
                reject(signal.reason);
              });
            }),
    };
    const { client, operations } = setUp(undefined, { files });
    const error = await rejection(client.submit({ model, prompt, image_urls: [gif(1), gif(2), gif(3)] }));
    assert.equal(error.code, "upload_failed");
    assert.deepEqual([aborted, operations()], [2, []]);
  });

  test("is aborted by one signal in each phase", async () => {
    for (const on of /** @type {const} */ (["upload", "create", "read"])) {
      const { client } = setUp({ faults: [{ on, delayMs: 10_000 }] });
      const controller = new AbortController();
      const call = client.generate({ model, prompt, image_urls: [gif()] }, { signal: controller.signal });
      await sleep(300);
      const started = performance.now();
      controller.abort("enough");
      assert.equal(await rejection(call), "enough");
      assert.ok(performance.now() - started < 50);
    }
  });

  test("uploads nothing again when it is submitted again", async () => {
    const { client, operations } = setUp();
    const request = { model, prompt, image_urls: [gif()] };
    await client.submit(request);
    await client.submit(request);
    assert.deepEqual(operations(), ["upload", "create", "create"]);
  });

  test("rejects with what an async `onUpload` rejects with", async () => {
    const { client, operations } = setUp();
    const thrown = new Error("no");
    const onUpload = async () => Promise.reject(thrown);
    const file = gif();
    assert.equal(
      await rejection(client.submit({ model, prompt, image_urls: [file, file] }, { onUpload })),
      thrown,
    );
    assert.ok(!operations().includes("create"));
  });

  test("rejects with the place of the file that could not be uploaded", async () => {
    const image_urls = ["https://a.test.com/a.gif", gif()];
    const refused = setUp({ faults: [{ on: "upload", fault: { status: 400 } }] });
    const error = await rejection(refused.client.submit({ model, prompt, image_urls }));
    assert.deepEqual([error.name, error.param], ["BadRequestError", "image_urls[1]"]);
    const put = () => Promise.reject(new Error("full"));
    const failed = await rejection(
      setUp(undefined, { files: { put } }).client.submit({ model, prompt, image_urls }),
    );
    assert.deepEqual([failed.code, failed.param], ["upload_failed", "image_urls[1]"]);
    const unknown = { on: "create", fault: "network" };
    const sent = setUp({ faults: [/** @type {any} */ (unknown)] });
    const other = await rejection(sent.client.submit({ model, prompt, image_urls }));
    assert.deepEqual([other.name, other.param], ["OutcomeUnknownError", undefined]);
  });

  test("is prepared with a placeholder, and validated with its files", () => {
    const { client } = setUp();
    const request = { model, prompt, image_urls: [gif(), new URL("https://test.com/a.gif")] };
    assert.deepEqual(JSON.parse(client.prepare(request).body).image_urls, [
      "https://upload.invalid/0.gif",
      "https://test.com/a.gif",
    ]);
    const validation = library.validate(request);
    assert.ok(validation.valid);
    assert.equal(validation.request.image_urls?.[0], request.image_urls[0]);
    assert.equal(validation.request.image_urls?.[1], "https://test.com/a.gif");
    const heic = new File(["x"], "me.jpg", { type: "image/heic" });
    const { warnings } = library.validate({ model, prompt, image_urls: [heic] });
    assert.deepEqual(warnings[0].path, ["image_urls", 0]);
    assert.equal(warnings[0].code, "unsupported_format");
  });
});

describe("a request with files that is sent again after an unknown outcome", () => {
  /** The emulator creates each task, but the answers of the first call are lost. */
  const lost = () =>
    library.createEmulator({
      speed: 1000,
      faults: [{ on: "create", fault: "network", carriedOut: true, times: 3 }],
    });
  const request = () => ({ model, prompt, image_urls: [gif(7)], aspect_ratio: /** @type {const} */ ("4:3") });
  /** @param {ReturnType<typeof lost>} emulator */
  const uploads = ({ requests }) => requests.filter(({ operation }) => operation === "upload").length;
  /** @param {{ getKeys?: boolean }} [options] */
  function memoryStore({ getKeys = true } = {}) {
    /** @type {Map<string, string>} */
    const items = new Map();
    return {
      getItem: (/** @type {string} */ key) => items.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ value) => void items.set(key, value),
      removeItem: (/** @type {string} */ key) => void items.delete(key),
      ...(getKeys && { getKeys: () => [...items.keys()] }),
    };
  }
  const ownKey = "my-own-key-0123456789";

  for (const [name, listed, idempotencyKey] of /** @type {const} */ ([
    ["a store", true, undefined],
    ["a store that cannot list its keys", false, undefined],
    ["a store and a key of the caller's", true, ownKey],
  ]))
    test(`is charged once, with ${name}, by another client`, async () => {
      const emulator = lost();
      const store = memoryStore({ getKeys: listed });
      const connect = () => setUp(undefined, { store, fetch: emulator.fetch }).client;
      const error = await rejection(connect().generate(request(), { idempotencyKey }));
      assert.equal(error.name, "OutcomeUnknownError");
      assert.equal(error.idempotencyKey.startsWith(idempotencyKey ?? "evolink-video-"), true);
      const task = await connect().generate(request(), { idempotencyKey });
      assert.equal(task.status, "completed");
      assert.deepEqual(
        [task.submission.idempotencyKey, task.submission.replayed],
        [error.idempotencyKey, true],
      );
      assert.deepEqual(task.submission.warnings, []);
      assert.deepEqual([uploads(emulator), emulator.counts.created, emulator.counts.charges], [1, 1, 1]);
      // The next one is another order.
      await connect().generate(request());
      assert.deepEqual([emulator.counts.created, emulator.counts.charges], [2, 2]);
    });

  test("is charged once without WebCrypto, which pages without https lack", async () => {
    withoutWebCrypto();
    try {
      const emulator = lost();
      const store = memoryStore();
      const connect = () => setUp(undefined, { store, fetch: emulator.fetch }).client;
      await rejection(connect().submit(request()));
      assert.equal((await connect().submit(request())).replayed, true);
      assert.deepEqual([uploads(emulator), emulator.counts.created], [1, 1]);
    } finally {
      restoreWebCrypto();
    }
  });

  test("is sent with its expired URLs, and a warning if the server did not know it", async () => {
    for (const carriedOut of [true, false]) {
      const emulator = library.createEmulator({
        speed: 1000,
        faults: [{ on: "create", fault: "network", carriedOut, times: 3 }],
      });
      let stored = 0;
      const put = async () => ({
        url: `https://cdn.test.com/${stored++}.gif`,
        expiresAt: Date.now() + 50,
      });
      const store = memoryStore();
      const connect = () => setUp(undefined, { store, files: { put }, fetch: emulator.fetch }).client;
      await rejection(connect().submit(request()));
      await sleep(100);
      const { warnings, replayed } = await connect().submit(request());
      const codes = warnings.map(({ code }) => code);
      assert.deepEqual([replayed, codes, stored], [carriedOut, carriedOut ? [] : ["expired_url"], 1]);
      // The call is over, and the next one is another order.
      await connect().submit(request());
      assert.equal(stored, 2);
    }
  });

  test("is another order if a file, its place or the prompt differs", async () => {
    for (const other of [
      { ...request(), image_urls: [gif(8)] },
      { ...request(), image_urls: [gif(7), gif(7)] },
      { ...request(), prompt: "Another boat" },
    ]) {
      const emulator = lost();
      const store = memoryStore();
      const { client } = setUp(undefined, { store, fetch: emulator.fetch });
      await rejection(client.submit(request()));
      await client.submit(other);
      assert.equal(emulator.counts.created, 2);
    }
  });

  test("is two orders in two calls at once, with one upload", async () => {
    const emulator = library.createEmulator();
    const { client } = setUp(undefined, { store: memoryStore(), fetch: emulator.fetch });
    const [one, other] = await Promise.all([client.submit(request()), client.submit(request())]);
    assert.notEqual(one.task.id, other.task.id);
    assert.equal(uploads(emulator), 1);
  });

  test("uploads again, and asks with the same key, if the store has no requests", async () => {
    const emulator = lost();
    const options = { store: memoryStore(), storeRequests: false, fetch: emulator.fetch };
    const first = await rejection(setUp(undefined, options).client.submit(request()));
    const again = await rejection(setUp(undefined, options).client.submit(request()));
    assert.deepEqual(
      [again.name, again.code, again.idempotencyKey],
      ["OutcomeUnknownError", "idempotency_conflict", first.idempotencyKey],
    );
    assert.equal(emulator.counts.created, 1);
  });

  test("is charged once without a store, by the same client with the same key", async () => {
    const faults = /** @type {const} */ ([{ on: "create", fault: "network", carriedOut: true, times: 3 }]);
    // At this speed, URLs work for longer than the hour that they must have left.
    const { emulator, client } = setUp({ faults });
    const { idempotencyKey } = await rejection(client.submit(request()));
    const { replayed } = await client.submit(request(), { idempotencyKey });
    assert.deepEqual([replayed, uploads(emulator), emulator.counts.created], [true, 1, 1]);
  });

  test("is refused without a store, by another client with the same key, without the advice of another key", async () => {
    const emulator = lost();
    const connect = () => setUp(undefined, { fetch: emulator.fetch }).client;
    const { idempotencyKey } = await rejection(connect().generate(request()));
    const error = await rejection(connect().generate(request(), { idempotencyKey }));
    assert.deepEqual([error.name, error.code], ["BadRequestError", "idempotency_conflict"]);
    assert.match(error.message, /belongs to an order whose files .*`list`/);
    assert.ok(error.message.length < 160 && !/Submit with another/.test(error.stack), error.stack);
    assert.equal(emulator.counts.created, 1);
  });

  test("loses only its uploads if the process ends before the submission", async () => {
    const emulator = library.createEmulator({ speed: 1000 });
    const store = memoryStore();
    const connect = () => setUp(undefined, { store, fetch: emulator.fetch }).client;
    const stop = new AbortController();
    const onUpload = () => stop.abort("killed");
    assert.equal(await rejection(connect().generate(request(), { signal: stop.signal, onUpload })), "killed");
    assert.deepEqual([await connect().pending(), emulator.counts.submissions], [[], 0]);
    await connect().generate(request());
    assert.equal(emulator.counts.charges, 1);
  });
});
