// The sources of an inspected file: Blobs, bytes, and URLs on servers of every kind.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { installPackage } from "../support/packed.js";
import { gif, mp4, wav } from "./files.js";

/** @typedef {import("node:http").RequestListener} Listener */

/** @type {typeof import("../../pkg-template/media.js")} */
let media;
/** @type {import("node:http").Server} */
let server;
/** @type {Listener} */
let answer;
/** @type {{ method?: string, range?: string }[]} */
let requests;
let url = "";

before(async () => {
  const home = join(await installPackage(), "node_modules/evolink-video");
  media = await import(pathToFileURL(join(home, "media.js")).href);
  server = createServer((request, response) => {
    requests.push({ method: request.method, range: request.headers.range });
    answer(request, response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  url = `http://127.0.0.1:${/** @type {any} */ (server.address()).port}/file`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

/** @param {Listener} listener */
function serve(listener) {
  answer = listener;
  requests = [];
}

/** A server that serves ranges. @param {Uint8Array} bytes @param {{ tells?: boolean }} [options] @returns {Listener} */
const ranges =
  (bytes, { tells = true } = {}) =>
  (request, response) => {
    if (request.method === "HEAD")
      return void response.writeHead(200, { "content-length": bytes.length }).end();
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? [];
    const part = bytes.subarray(Number(from), Number(to) + 1);
    if (part.length === 0)
      return void response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
    const end = Number(from) + part.length - 1;
    const headers = tells ? { "content-range": `bytes ${from}-${end}/${bytes.length}` } : {};
    response.writeHead(206, headers).end(part);
  };

/** A server that sends the whole file, whatever was asked. @param {Uint8Array} bytes @returns {Listener} */
const whole = (bytes) => (_, response) => void response.writeHead(200).end(bytes);

const picture = gif({ width: 320, height: 200, frames: 2 });
/** The index is behind two megabytes of pictures. */
const clip = mp4({ width: 1280, height: 720, seconds: 5, mdat: 2_000_000 });

/** The same before them, as in a video for the web. */
const faststart = mp4({ width: 1280, height: 720, seconds: 5, mdat: 30_000, indexFirst: true });

/** @param {import("../../pkg-template/media.js").MediaInfo} info */
const brief = (info) => {
  const { kind, format, width, height, durationMs, bytes } = /** @type {any} */ (info);
  return { kind, format, width, height, ...(durationMs && { durationMs }), bytes };
};
const ofPicture = { kind: "image", format: "gif", width: 320, height: 200, bytes: picture.length };
const ofClip = {
  kind: "video",
  format: "mp4",
  width: 1280,
  height: 720,
  durationMs: 5_000,
  bytes: clip.length,
};

describe("local files", () => {
  test("Blobs, files, buffers and views", async () => {
    const shifted = new Uint8Array([0, 0, ...picture]).subarray(2);
    for (const source of [
      new Blob([picture]),
      new File([picture], "x.heic"),
      picture.buffer,
      picture,
      shifted,
    ]) {
      assert.deepEqual(brief(await media.inspect(source)), ofPicture);
    }
  });

  test("only what is needed is read", async () => {
    const info = await media.inspect(new Blob([clip]));
    assert.deepEqual(brief(info), ofClip);
    assert.ok(info.bytesRead < 40_000, String(info.bytesRead));
  });

  test("a file that can no longer be read is an error", async () => {
    const moved = {
      size: 100,
      type: "image/png",
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error("gone")) }),
    };
    await assert.rejects(media.inspect(/** @type {any} */ (moved)), {
      name: "ConnectionError",
      code: "file_unreachable",
      message: /choose it again/,
    });
  });

  test("a path, a number and nothing are no sources", async () => {
    for (const source of [
      "photo.jpg",
      "/tmp/photo.jpg",
      "file:///tmp/photo.jpg",
      5,
      null,
      undefined,
      {},
      "",
    ]) {
      await assert.rejects(media.inspect(/** @type {any} */ (source)), {
        name: "ConfigurationError",
        code: "invalid_source",
      });
    }
  });

  test("an empty file, and one of nothing that is known", async () => {
    assert.deepEqual(await media.inspect(new Blob([])), {
      kind: "broken",
      format: null,
      reason: "it is empty",
      bytes: 0,
      bytesRead: 0,
    });
    assert.equal((await media.inspect(new Uint8Array(1_000))).kind, "other");
  });
});

describe("URLs", () => {
  test("are read by ranges", async () => {
    serve(ranges(clip));
    const info = await media.inspect(url);
    assert.deepEqual(brief(info), ofClip);
    assert.ok(info.bytesRead < 40_000, String(info.bytesRead));
    assert.ok(requests.length <= 3, String(requests.length));
    assert.ok(requests.every(({ range }) => /^bytes=\d+-\d+$/.test(range ?? "")));
    assert.deepEqual(brief(await media.inspect(new URL(url))), ofClip);
  });

  test("of a server that does not tell the size with a range", async () => {
    serve(ranges(picture, { tells: false }));
    assert.deepEqual(brief(await media.inspect(url)), ofPicture);
    serve(ranges(clip, { tells: false }));
    assert.deepEqual(brief(await media.inspect(url)), ofClip);
    // `HEAD` reports the size, so that a missing part is noticed too.
    const sound = wav({ seconds: 5 });
    serve(ranges(sound, { tells: false }));
    assert.equal((await media.inspect(url)).bytes, sound.length);
    assert.deepEqual(
      requests.map(({ method }) => method),
      ["GET", "HEAD"],
    );
    serve(ranges(faststart.subarray(0, -1), { tells: false }));
    assert.equal((await media.inspect(url)).kind, "broken");
    // With a server that refuses `HEAD`, the size is unknown, so the check does not pass.
    serve((request, response) =>
      request.method === "HEAD"
        ? void response.writeHead(405).end()
        : ranges(sound, { tells: false })(request, response),
    );
    assert.deepEqual([(await media.inspect(url)).kind, (await media.inspect(url)).bytes], ["audio", 0]);
    const { issues } = await media.checkFiles({ audio_urls: [url] });
    assert.deepEqual(
      issues.map(({ severity, message }) => [severity, message]),
      [["warning", "The size of `audio_urls[0]` is not checked: its server does not report it."]],
    );
  });

  test("of a server without ranges are streamed, and not to the end if that is not needed", async () => {
    serve(whole(clip));
    assert.deepEqual(brief(await media.inspect(url)), ofClip);
    assert.equal(requests.length, 1);
    let sent = 0;
    serve((_, response) => {
      response.writeHead(200, { "content-length": 50_000_000 });
      response.write(picture.subarray(0, 100));
      const timer = setInterval(() => {
        response.write(new Uint8Array(10_000));
        sent += 10_000;
      }, 5);
      response.on("close", () => clearInterval(timer));
    });
    const info = await media.inspect(url);
    assert.equal(info.bytes, 50_000_000);
    assert.ok(sent < 5_000_000, String(sent));
  });

  test("of a server that sends bytes one by one", async () => {
    serve((_, response) => {
      response.writeHead(200);
      let at = 0;
      const timer = setInterval(() => {
        if (at < picture.length) response.write(picture.subarray(at, ++at));
        else response.end();
      }, 0);
      response.on("close", () => clearInterval(timer));
    });
    assert.deepEqual(brief(await media.inspect(url)), ofPicture);
  });

  test("of an empty file", async () => {
    serve(ranges(new Uint8Array()));
    assert.equal((await media.inspect(url)).bytes, 0);
  });

  test("that cannot be read are errors that say why", async () => {
    serve((_, response) => void response.writeHead(403).end("no"));
    await assert.rejects(media.inspect(url), {
      code: "file_unreachable",
      message: "its server answers with HTTP 403",
    });
    await assert.rejects(media.inspect("http://127.0.0.1:1/x"), {
      code: "file_unreachable",
      message: /network/,
    });
    serve((_, response) => void response.writeHead(206, { "content-range": "bytes 5-20/100" }).end("x"));
    await assert.rejects(media.inspect(url), { code: "file_unreachable", message: /a different range/ });
  });

  test("whose body breaks off are errors too, and issues of checkFiles", async () => {
    for (const status of [200, 206]) {
      serve((_, response) => {
        response.writeHead(status, { "content-length": 10_000, "content-range": "bytes 0-9999/10000" });
        response.write(picture.subarray(0, 8), () => response.destroy());
      });
      await assert.rejects(media.inspect(url), { name: "ConnectionError", code: "file_unreachable" });
      const { issues } = await media.checkFiles({ image_urls: [url] });
      assert.deepEqual(
        issues.map(({ severity, code }) => [severity, code]),
        [["warning", "unreadable_file"]],
      );
    }
  });

  test("with a password are not read, and not shown", async () => {
    const secret = url.replace("http://", "http://user:SECRET@");
    await assert.rejects(media.inspect(`${secret}?sig=SECRET`), (error) => {
      assert.match(String(error), /password/);
      assert.doesNotMatch(JSON.stringify(error) + String(/** @type {any} */ (error).cause), /SECRET/);
      return true;
    });
  });

  test("of a server that hangs end in time", async () => {
    serve(() => {});
    await assert.rejects(media.inspect(url, { requestTimeoutMs: 50 }), { message: /within 50 ms/ });
    serve((_, response) => void response.writeHead(206, { "content-range": "bytes 0-99/100" }).write("x"));
    await assert.rejects(media.inspect(url, { requestTimeoutMs: 50 }), { message: /within 50 ms/ });
  });

  test("of a server that refuses each range are streamed", async () => {
    serve((request, response) =>
      request.headers.range ? void response.writeHead(416).end() : void response.writeHead(200).end(picture),
    );
    assert.deepEqual(brief(await media.inspect(url)), ofPicture);
    assert.equal(requests.length, 2);
  });

  test("that say 16 KB and have more are not read on", async () => {
    serve((_, response) => {
      response.writeHead(206, { "content-range": "bytes 0-16383/2000000" });
      response.write(picture);
      const timer = setInterval(() => response.write(new Uint8Array(100_000)), 1);
      response.on("close", () => clearInterval(timer));
    });
    assert.equal((await media.inspect(url)).kind, "image");
  });
});

describe("a server that does not answer as it was asked", () => {
  const type = { "content-type": "video/mp4" };
  /** @type {[what: string, Listener, message: RegExp][]} */
  const servers = [
    [
      "says that the file is longer than it is",
      (request, response) => {
        const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? [];
        // It has the first half.
        const part = clip.subarray(0, 1_000_000).subarray(Number(from), Number(to) + 1);
        const status = part.length > 0 ? 206 : 416;
        response.writeHead(status, { "content-range": `bytes ${from}-${to}/${clip.length}` }).end(part);
      },
      /more or fewer bytes than it announces/,
    ],
    [
      "says that the file is shorter than it is",
      (_, response) => void response.writeHead(206, { "content-range": "bytes 0-999/1000" }).end(faststart),
      /more or fewer bytes than it announces/,
    ],
    [
      "sends less than the range that it announces",
      (_, response) =>
        void response.writeHead(206, { "content-range": "bytes 0-16383/2000000" }).end(clip.subarray(0, 99)),
      /more or fewer bytes than it announces/,
    ],
    [
      "sends no bytes of a range",
      (_, response) => void response.writeHead(206, { "content-range": "bytes 0-16383/2000000" }).end(),
      /more or fewer bytes than it announces/,
    ],
    [
      "answers a different range",
      (_, response) =>
        void response
          .writeHead(206, { "content-range": "bytes 7-16390/2000000" })
          .end(clip.subarray(7, 16391)),
      /a different range/,
    ],
    [
      "refuses the second range",
      (request, response) =>
        request.headers.range?.startsWith("bytes=0-")
          ? ranges(clip)(request, response)
          : void response.writeHead(416, { "content-range": "bytes */5" }).end(),
      /more or fewer bytes than it announces/,
    ],
    [
      "has another file at the second read",
      (request, response) => {
        response.setHeader("etag", request.headers.range?.startsWith("bytes=0-") ? '"1"' : '"2"');
        ranges(clip)(request, response);
      },
      /it changed while it was read/,
    ],
    [
      "has a file of another date at the second read",
      (request, response) => {
        const day = request.headers.range?.startsWith("bytes=0-") ? "01" : "02";
        response.setHeader("last-modified", `Sun, ${day} Nov 2026 00:00:00 GMT`);
        ranges(clip)(request, response);
      },
      /it changed while it was read/,
    ],
    [
      "has a file of another size at the second read",
      (request, response) =>
        ranges(request.headers.range?.startsWith("bytes=0-") ? clip : clip.subarray(1))(request, response),
      /more or fewer bytes than it announces/,
    ],
    [
      "sends the whole file at the second read, which is another one",
      (request, response) =>
        request.headers.range?.startsWith("bytes=0-")
          ? ranges(clip)(request, response)
          : void response.writeHead(200, type).end(picture),
      /more or fewer bytes than it announces/,
    ],
    [
      "breaks off a stream",
      (_, response) => {
        response.writeHead(200, { "content-length": clip.length });
        response.write(clip.subarray(0, 30_000), () => response.destroy());
      },
      /network/,
    ],
  ];
  for (const [what, listener, message] of servers) {
    test(`and ${what}: the file is not called broken`, async () => {
      serve(listener);
      await assert.rejects(media.inspect(url), {
        name: "ConnectionError",
        code: "file_unreachable",
        message,
      });
      const { issues, files } = await media.checkFiles({ video_urls: [url] });
      assert.deepEqual(
        issues.map(({ severity, code, path }) => [severity, code, path]),
        [["warning", "unreadable_file", ["video_urls", 0]]],
      );
      assert.match(issues[0].message, message);
      assert.deepEqual(files, []);
    });
  }

  test("and whose `fetch` states a wrong length of a stream", async () => {
    for (const length of [picture.length - 1, picture.length + 1]) {
      const response = () => new Response(picture, { headers: { "content-length": String(length) } });
      await assert.rejects(media.inspect(url, { fetch: async () => response() }), {
        code: "file_unreachable",
        message: /more or fewer bytes than it announces/,
      });
    }
  });

  test("and is slow is given up after `requestTimeoutMs`, in the middle too", async () => {
    serve((request, response) => {
      if (request.headers.range?.startsWith("bytes=0-")) ranges(clip)(request, response);
    });
    const { issues } = await media.checkFiles({ video_urls: [url] }, { requestTimeoutMs: 50 });
    assert.match(issues[0].message, /did not answer within 50 ms/);
  });
});

describe("files that are cut off", () => {
  test("are broken, wherever they are", async () => {
    const cut = faststart.subarray(0, -500);
    const reason = `it is cut off after ${cut.length} of ${faststart.length} bytes`;
    serve(ranges(cut));
    for (const source of [new Blob([cut]), cut, url]) {
      const info = await media.inspect(source);
      assert.deepEqual([info.kind, /** @type {any} */ (info).reason], ["broken", reason]);
    }
    const { issues } = await media.checkFiles({ video_urls: [url] });
    assert.deepEqual(
      issues.map(({ severity, message }) => [severity, message]),
      [["error", `\`video_urls[0]\` is damaged (MP4): ${reason}.`]],
    );
    assert.equal((await media.inspect(faststart)).kind, "video");
  });

  test("are JPEGs without an end only where that costs little to see", async () => {
    const header = [0xff, 0xd8, 0xff, 0xc0, 0, 8, 8, 1, 0, 1, 0, 0, 0xff, 0xda, 0, 2];
    const pixels = new Array(10_000).fill([0x12, 0xff, 0]).flat();
    const cut = Uint8Array.from([...header, ...pixels]);
    serve(ranges(cut));
    assert.equal(/** @type {any} */ (await media.inspect(cut)).reason, "it is cut off");
    assert.equal((await media.inspect(new Blob([cut]))).bytesRead, 16 * 1024 + 4 * 1024);
    const { kind, bytesRead } = await media.inspect(url);
    assert.deepEqual([kind, bytesRead], ["image", 16 * 1024]);
    assert.equal((await media.inspect(Uint8Array.from([...cut, 0xff, 0xd9]))).kind, "image");
  });
});

describe("the signal", () => {
  test("stops at once, with its reason", async () => {
    serve(() => {});
    const reason = new Error("enough");
    await assert.rejects(media.inspect(url, { signal: AbortSignal.abort(reason) }), reason);
    for (const source of [
      url,
      { size: 9, type: "", slice: () => ({ arrayBuffer: () => new Promise(() => {}) }) },
    ]) {
      const controller = new AbortController();
      const inspection = media.inspect(/** @type {any} */ (source), { signal: controller.signal });
      await new Promise((resolve) => setTimeout(resolve, 20));
      const began = performance.now();
      controller.abort(reason);
      await assert.rejects(inspection, reason);
      assert.ok(performance.now() - began < 20);
    }
  });

  test("stops checkFiles", async () => {
    serve(() => {});
    const reason = new Error("enough");
    const checking = media.checkFiles({ image_urls: [url, url] }, { signal: AbortSignal.timeout(20) });
    await assert.rejects(checking, { name: "TimeoutError" });
    await assert.rejects(
      media.checkFiles({ image_urls: [url] }, { signal: AbortSignal.abort(reason) }),
      reason,
    );
  });
});

describe("checkFiles", () => {
  test("returns what each file is, and the issues of all", async () => {
    serve((request, response) =>
      request.url?.includes("missing") ? void response.writeHead(404).end() : ranges(clip)(request, response),
    );
    const { issues, files } = await media.checkFiles({
      model: "seedance-2.0",
      prompt: "@Video1",
      image_urls: [new Blob([picture]), `${url}?missing`],
      video_urls: [url, new URL(url)],
    });
    assert.deepEqual(
      files.map((file) => [file.path, file.kind]),
      [
        [["image_urls", 0], "image"],
        [["video_urls", 0], "video"],
        [["video_urls", 1], "video"],
      ],
    );
    assert.deepEqual(
      issues.map(({ severity, code, path }) => [severity, code, path]),
      [
        ["warning", "animated_image", ["image_urls", 0]],
        ["warning", "unreadable_file", ["image_urls", 1]],
      ],
    );
  });

  test("reads the same file once", async () => {
    serve(ranges(picture));
    await media.checkFiles({ image_urls: [url, url, url] });
    assert.equal(requests.length, 1);
  });

  test("says that a local file is lost, and what is no file", async () => {
    const moved = {
      size: 9,
      type: "",
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error("gone")) }),
    };
    const { issues } = await media.checkFiles({ image_urls: /** @type {any} */ ([moved, "/tmp/a.png"]) });
    assert.deepEqual(
      issues.map(({ severity, message }) => [severity, message]),
      [
        ["error", "`image_urls[0]` cannot be used: it can no longer be read: choose it again."],
        ["error", "`image_urls[1]` cannot be used: it is neither a file nor a URL."],
      ],
    );
  });

  test("says what is wrong with any other request", async () => {
    /** @type {[request: any, ...messages: string[]][]} */
    const requests = [
      [null, "The request must be an object, but it is null."],
      [undefined, "The request must be an object, but it is null."],
      [5, "The request must be an object, but it is a number."],
      ["x", "The request must be an object, but it is a string."],
      [[url], "The request must be an object, but it is an array."],
      [() => {}, "The request must be an object, but it is a function."],
      [{ image_urls: url }, "`image_urls` must be an array of files, but it is a string."],
      [{ image_urls: 5 }, "`image_urls` must be an array of files, but it is a number."],
      [{ video_urls: null }, "`video_urls` must be an array of files, but it is null."],
      [{ audio_urls: new Blob([picture]) }, "`audio_urls` must be an array of files, but it is an object."],
      [
        { image_urls: { 0: url, length: 1 }, video_urls: true },
        "`image_urls` must be an array of files, but it is an object.",
        "`video_urls` must be an array of files, but it is a boolean.",
      ],
      [
        { image_urls: [5, null, , {}] },
        ...[0, 1, 2, 3].map((at) => `\`image_urls[${at}]\` cannot be used: it is neither a file nor a URL.`),
      ],
      [{}],
      [{ image_urls: undefined, video_urls: [] }],
    ];
    for (const [request, ...messages] of requests) {
      const { issues, files } = await media.checkFiles(request);
      assert.deepEqual(
        issues.map(({ message }) => message),
        messages,
      );
      assert.ok(issues.every(({ severity }) => severity === "error"));
      assert.deepEqual(files, []);
    }
    const { issues } = await media.checkFiles(/** @type {any} */ ({ image_urls: "x" }));
    assert.deepEqual([issues[0].code, issues[0].path], ["invalid_type", ["image_urls"]]);
  });

  test("refuses wrong options", async () => {
    for (const allow of [["nonsense"], ["required"], [5], 5, "unreadable_file"])
      await assert.rejects(media.checkFiles({}, /** @type {any} */ ({ allow })), {
        name: "ConfigurationError",
        message: /`allow`/,
      });
    for (const options of [{ fetch: 5 }, { signal: 5 }, { requestTimeoutMs: "x" }, { timeout: 5 }]) {
      for (const work of [
        media.inspect(picture, /** @type {any} */ (options)),
        media.checkFiles({}, /** @type {any} */ (options)),
      ]) {
        await assert.rejects(work, { name: "ConfigurationError", code: "invalid_option" });
      }
    }
    assert.equal((await media.inspect(picture, /** @type {any} */ (null))).kind, "image");
  });
});
