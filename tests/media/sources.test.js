// Where the bytes of an inspected file come from: Blobs, bytes, and URLs behind servers of every kind.
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
    // Its header was read, and nothing told the size.
    const sound = wav({ seconds: 5 });
    serve(ranges(sound, { tells: false }));
    assert.equal((await media.inspect(url)).bytes, sound.length);
    assert.equal(requests.at(-1)?.method, "HEAD");
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
    await assert.rejects(media.inspect(url), { code: "file_unreachable", message: /another range/ });
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

  test("that send more than was asked are not read on", async () => {
    serve((_, response) => {
      response.writeHead(206, { "content-range": `bytes 0-16383/${picture.length}` });
      response.write(picture);
      const timer = setInterval(() => response.write(new Uint8Array(100_000)), 1);
      response.on("close", () => clearInterval(timer));
    });
    assert.equal((await media.inspect(url)).kind, "image");
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

  test("takes any request, and refuses wrong options", async () => {
    for (const request of [null, undefined, 5, "x", {}, { image_urls: 5 }, { image_urls: [5, null, {}] }]) {
      const { issues } = await media.checkFiles(/** @type {any} */ (request));
      assert.ok(issues.every(({ code }) => code === "unreadable_file"));
    }
    await assert.rejects(media.checkFiles({}, /** @type {any} */ ({ allow: ["nonsense"] })), {
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
