import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { json, setUp } from "./support.js";

const api = "/api/v1/files";
const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
const base64 = Buffer.from(png).toString("base64");
const uploadId = "an-upload-id-of-24-chars";

/**
 * Shorthands for the files endpoints.
 *
 * @param {import("../../pkg-template/testing.js").EmulatorOptions} [options]
 */
function filesOf(options) {
  const { call, ...rest } = setUp(options);
  /** @param {string} path @param {Parameters<typeof call>[1]} [init] */
  const get = async (path, init) => json(await call(api + path, init));
  /** @param {string} path @param {unknown} body @param {Parameters<typeof call>[1]} [init] */
  const post = (path, body, init) =>
    call(`${api}/upload/${path}`, { method: "POST", body: JSON.stringify(body), ...init });
  /** @param {Record<string, string>} fields @param {Blob} [file] @param {Parameters<typeof call>[1]} [init] */
  function stream(fields = {}, file = new File([png], "avatar.png", { type: "image/png" }), init) {
    const form = new FormData();
    form.append("file", file);
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    return call(`${api}/upload/stream`, { method: "POST", body: form, ...init });
  }
  return { ...rest, call, get, post, stream };
}

test("a multipart upload has the vendor's fields", async () => {
  const { stream } = filesOf();
  const response = await stream({ upload_path: "avatars", file_name: "me.png" });
  assert.equal(response.status, 200);
  const { data, ...rest } = await json(response);
  assert.deepEqual(rest, { success: true, code: 200, msg: "File uploaded successfully" });
  const { file_id, ...fields } = data;
  assert.match(file_id, /^file_[0-9a-z]{8}$/);
  assert.deepEqual(fields, {
    file_name: "me.png",
    original_name: "avatar.png",
    file_size: 7,
    mime_type: "image/png",
    upload_path: "avatars",
    file_url: `https://api.example/files/uploads/${file_id}/me.png`,
    download_url: `https://api.example${api}/download/${file_id}`,
    upload_time: "2025-10-24T21:49:04+08:00",
    expires_at: "2025-10-27T21:49:04+08:00",
  });
});

test("accepts both spellings of the fields of a form", async () => {
  const { stream } = filesOf();
  const { data } = await json(await stream({ uploadPath: "a/b", fileName: "x.png" }));
  assert.deepEqual([data.upload_path, data.file_name], ["a/b", "x.png"]);
});

for (const [what, base64_data] of /** @type {const} */ ([
  ["base64", base64],
  ["a data URL", `data:image/png;base64,${base64}`],
]))
  test(`stores ${what}`, async () => {
    const { post, emulator } = filesOf();
    const { data } = await json(await post("base64", { base64_data, upload_path: "x" }));
    assert.deepEqual([data.mime_type, data.upload_path, data.file_size], ["image/png", "x", 7]);
    assert.match(data.original_name, /\.png$/);
    const response = await emulator.fetch(data.file_url);
    assert.deepEqual(new Uint8Array(await response.arrayBuffer()), png);
  });

test("stores a file by URL, empty by default", async () => {
  const { post } = filesOf();
  const { data } = await json(await post("url", { file_url: "https://a.example/b/cat.jpg?x=1" }));
  assert.deepEqual([data.file_name, data.mime_type, data.file_size], ["cat.jpg", "image/jpeg", 0]);
});

test("downloads a file by URL with `downloadFetch`", async () => {
  /** @type {string[]} */
  const asked = [];
  const downloadFetch = async (/** @type {string} */ url) => {
    asked.push(url);
    return new Response(png, { headers: { "content-type": "image/webp" } });
  };
  const { post } = filesOf({ downloadFetch });
  const { data } = await json(await post("url", { file_url: "https://a.example/cat" }));
  assert.deepEqual([data.mime_type, data.file_size, asked], ["image/webp", 7, ["https://a.example/cat"]]);
  const failing = filesOf({ downloadFetch: async () => new Response(null, { status: 404 }) });
  assert.equal((await failing.post("url", { file_url: "https://a.example/cat" })).status, 400);
});

test("serves an uploaded file without a key, with ranges, under both links", async () => {
  const { stream, emulator } = filesOf();
  const { file_url, download_url } = (await json(await stream())).data;
  for (const url of [file_url, download_url]) {
    const response = await emulator.fetch(url);
    assert.equal(response.headers.get("content-type"), "image/png");
    assert.deepEqual(new Uint8Array(await response.arrayBuffer()), png);
    const part = await emulator.fetch(url, { headers: { range: "bytes=0-3" } });
    assert.equal(part.status, 206);
    assert.deepEqual(new Uint8Array(await part.arrayBuffer()), png.slice(0, 4));
  }
});

test("a create call accepts the link of an uploaded file", async () => {
  const { stream, create } = filesOf();
  const { file_url } = (await json(await stream())).data;
  const body = { model: "seedance-2.0", prompt: "A cat", image_urls: [file_url] };
  assert.equal((await create(body)).status, 200);
});

test("files expire after 72 hours", async () => {
  const { stream, get, emulator, advance } = filesOf();
  const { file_url } = (await json(await stream())).data;
  const seen = [];
  for (const seconds of [72 * 3600 - 1, 1]) {
    advance(seconds);
    seen.push([(await emulator.fetch(file_url)).status, (await get("/quota")).data.used_files]);
  }
  assert.deepEqual(seen, [
    [200, 1],
    [404, 0],
  ]);
});

test("lists the account's files, newest first, by page", async () => {
  const { stream, get } = filesOf();
  const ids = [];
  for (let i = 0; i < 3; i++) ids.push((await json(await stream())).data.file_id);
  await stream({}, undefined, { bearer: "sk-other" });
  const { data } = await get("/list");
  assert.equal(data.total, 3);
  assert.deepEqual(data.files[0], {
    file_name: "avatar.png",
    file_size: 7,
    file_id: ids[2],
    upload_time: "2025-10-24T21:49:04+08:00",
  });
  const page = await get("/list?page=2&pageSize=2");
  assert.deepEqual(
    page.data.files.map((/** @type {any} */ file) => file.file_id),
    [ids[0]],
  );
});

test("deletes a file, and only the account's own", async () => {
  const { stream, get, call, emulator } = filesOf();
  const { file_id, file_url } = (await json(await stream())).data;
  const path = `${api}/${file_id}`;
  assert.equal((await call(path, { method: "DELETE", bearer: "sk-other" })).status, 404);
  assert.equal((await get("/quota")).data.used_files, 1);
  const deleted = await call(path, { method: "DELETE" });
  assert.equal((await json(deleted)).success, true);
  assert.equal((await emulator.fetch(file_url)).status, 404);
  assert.equal((await call(path, { method: "DELETE" })).status, 404);
  assert.notEqual((await json(await stream())).data.file_id, file_id);
});

test("refuses files over the quota", async () => {
  const { stream, get } = filesOf({ maxFiles: 1 });
  assert.equal((await stream()).status, 200);
  assert.equal((await stream()).status, 400);
  assert.deepEqual((await get("/quota")).data, {
    used_files: 1,
    max_files: 1,
    remain_files: 0,
    user_group: "default",
  });
});

describe("refuses in the shape of the files API", () => {
  /** @type {[string, (files: ReturnType<typeof filesOf>) => Promise<Response>, number][]} */
  const cases = [
    ["no key", ({ stream }) => stream({}, undefined, { bearer: null }), 401],
    ["a body that is no form", ({ post }) => post("stream", {}), 400],
    ["a form without a file", ({ call }) => call(`${api}/upload/stream`, formOf({ file: "text" })), 400],
    ["no base64", ({ post }) => post("base64", {}), 400],
    ["invalid base64", ({ post }) => post("base64", { base64_data: "?" }), 400],
    ["no URL", ({ post }) => post("url", {}), 400],
    ["a URL that is not http", ({ post }) => post("url", { file_url: "ftp://a/b.png" }), 400],
    [
      "a type that is not served",
      ({ stream }) => stream({}, new File(["x"], "x.pdf", { type: "application/pdf" })),
      400,
    ],
    ["an svg image", ({ stream }) => stream({}, new File(["x"], "x.svg", { type: "image/svg+xml" })), 400],
    ["an unknown upload", ({ call }) => call(`${api}/upload-receipts/${uploadId}`), 404],
    [
      "a short upload id",
      ({ stream }) => stream({}, undefined, { headers: { "x-evo-upload-id": "short" } }),
      400,
    ],
    ["another method", ({ call }) => call(`${api}/list`, { method: "POST" }), 405],
  ];
  for (const [what, send, status] of cases)
    test(what, async () => {
      const response = await send(filesOf());
      assert.equal(response.status, status);
      const { msg, ...rest } = await json(response);
      assert.deepEqual(rest, { success: false, code: status });
      assert.equal(typeof msg, "string");
    });

  test("with the HTTP status of `fileRefusalStatus`", async () => {
    const response = await filesOf({ fileRefusalStatus: 200 }).post("url", {});
    assert.equal(response.status, 200);
    assert.deepEqual(await json(response), { success: false, code: 400, msg: "file_url is required" });
  });

  test("a file over 100 MB", async () => {
    const file = new File([new Uint8Array(100 * 1024 * 1024 + 1)], "a.mp4", { type: "video/mp4" });
    const response = await filesOf().stream({}, file);
    assert.deepEqual(await json(response), { success: false, code: 400, msg: "file too large" });
  });

  /** @param {Record<string, string>} fields */
  function formOf(fields) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    return { method: "POST", body };
  }
});

describe("the receipt of an upload", () => {
  const headers = { "x-evo-upload-id": uploadId };

  test("has the file once it is stored, even if the response was lost", async () => {
    const { stream, get, emulator } = filesOf();
    emulator.inject({ on: "upload", fault: "network", carriedOut: true });
    await assert.rejects(stream({}, undefined, { headers }), TypeError);
    const { data } = await get(`/upload-receipts/${uploadId}`);
    const { file, ...rest } = data;
    assert.deepEqual(rest, { upload_id: uploadId, state: "done", result_verified: true });
    assert.equal(file.file_name, "avatar.png");
    assert.equal((await get("/quota")).data.used_files, 1);
  });

  test("is unknown if the upload was not processed", async () => {
    const { stream, get, emulator } = filesOf();
    emulator.inject({ on: "upload", fault: "network" });
    await assert.rejects(stream({}, undefined, { headers }), TypeError);
    assert.deepEqual((await get(`/upload-receipts/${uploadId}`)).data, {
      upload_id: uploadId,
      state: "outcome_unknown",
      result_verified: false,
      file: null,
    });
  });

  test("belongs to the account", async () => {
    const { stream, call } = filesOf();
    await stream({}, undefined, { headers });
    const response = await call(`${api}/upload-receipts/${uploadId}`, { bearer: "sk-other" });
    assert.equal(response.status, 404);
  });
});

test("operations of files are logged", async () => {
  const { stream, get, call, emulator } = filesOf();
  await stream();
  await get("/list");
  await get("/quota");
  await get(`/upload-receipts/${uploadId}`);
  await call(`${api}/file_x`, { method: "DELETE" });
  assert.deepEqual(
    emulator.requests.map(({ operation, taskId }) => [operation, taskId]),
    ["upload", "files", "quota", "receipt", "delete"].map((operation) => [operation, null]),
  );
});
