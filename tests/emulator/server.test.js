import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createEmulator } from "../../pkg-template/testing.js";
import { startServer } from "../../tools/server.js";
import { json, key, paths, request } from "./support.js";

const headers = {
  authorization: "Bearer sk-test",
  "content-type": "application/json",
};
const emulator = createEmulator({ speed: 1000, taskTime: 10 });
/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;
/** @type {string} */
let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "statics-"));
  await mkdir(join(folder, "pkg"));
  await mkdir(join(folder, "www"));
  await writeFile(join(folder, "www/index.html"), "<p>page</p>");
  for (const name of ["a.js", "a.mjs", "a.wasm"]) await writeFile(join(folder, "pkg", name), name);
  const statics = { "/": join(folder, "www"), "/pkg": join(folder, "pkg") };
  server = await startServer({ emulator, statics });
});
after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** @param {RequestInit} [init] */
const create = (init) =>
  fetch(server.url + paths.create, {
    method: "POST",
    headers,
    body: JSON.stringify(request),
    ...init,
  });

test("creates and reads a task, and serves its video", async () => {
  const { id } = await json(await create());
  await new Promise((resolve) => setTimeout(resolve, 15));
  const url = `${server.url}/v1/tasks/${id}`;
  const { status, results } = await json(await fetch(url, { headers }));
  assert.equal(status, "completed");
  assert.equal(new URL(results[0]).origin, server.url);
  const video = await fetch(results[0], { headers: { range: "bytes=0-9" } });
  assert.equal(video.status, 206);
  assert.equal(video.headers.get("content-type"), "video/mp4");
  assert.equal((await video.arrayBuffer()).byteLength, 10);
  const head = await fetch(results[0], { method: "HEAD" });
  assert.ok(Number(head.headers.get("content-length")) > 1000);
});

test("preserves the headers of preflights and errors", async () => {
  const url = server.url + paths.create;
  const preflight = await fetch(url, { method: "OPTIONS" });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get("access-control-allow-origin"), "*");
  const rejected = await fetch(url, { method: "POST" });
  assert.equal(rejected.status, 401);
  assert.match(rejected.headers.get("x-request-id") ?? "", /^req_/);
});

/** Sends a create call over a raw socket, and returns all received data. */
async function createOverSocket() {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  const body = JSON.stringify(request);
  const lines = [
    `POST ${paths.create} HTTP/1.1`,
    "host: 127.0.0.1",
    "authorization: Bearer sk-test",
    `content-length: ${body.length}`,
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`);
  let received = "";
  socket.setEncoding("utf8").on("data", (text) => (received += text));
  socket.on("error", () => {});
  await once(socket, "close");
  return received;
}

for (const carriedOut of [false, true])
  test(`a network fault destroys the socket, ${carriedOut ? "after" : "before"} the charge`, async () => {
    emulator.reset();
    emulator.inject({ on: "create", times: 1, fault: "network", carriedOut });
    assert.equal(await createOverSocket(), "");
    assert.equal(emulator.counts.charges, carriedOut ? 1 : 0);
  });

test("a network fault fails the client's fetch, and the next call succeeds", async () => {
  emulator.reset();
  const fault = /** @type {const} */ ("network");
  emulator.inject({ on: "create", times: 1, fault, carriedOut: true });
  const init = { headers: { ...headers, "idempotency-key": key } };
  await assert.rejects(create(init), TypeError);
  const again = await create(init);
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  assert.equal(emulator.counts.charges, 1);
});

test("cut-body destroys the socket after the status and half of the body", async () => {
  emulator.reset();
  emulator.inject({ on: "create", fault: "cut-body" });
  const received = await createOverSocket();
  assert.match(received, /^HTTP\/1\.1 200 /);
  assert.match(received, /\{"id":"task-unified-/);
  assert.doesNotMatch(received, /user_group|\r\n0\r\n/);
  const response = await create();
  assert.equal(response.status, 200);
  await assert.rejects(response.text(), TypeError);
});

test("stall-body stops sending", async () => {
  emulator.reset();
  emulator.inject({ on: "create", fault: "stall-body" });
  const response = await create({ signal: AbortSignal.timeout(500) });
  const reader = /** @type {any} */ (response.body).getReader();
  assert.ok((await reader.read()).value.length > 10);
  await assert.rejects(reader.read(), { name: "TimeoutError" });
});

test("endless-body keeps sending", async () => {
  emulator.reset();
  emulator.inject({ on: "create", fault: "endless-body" });
  const response = await create({ signal: AbortSignal.timeout(500) });
  await assert.rejects(response.text(), { name: "TimeoutError" });
});

test("charges a call after the client disconnected", async () => {
  emulator.reset();
  emulator.inject({ on: "create", times: 1, delayMs: 100 });
  const controller = new AbortController();
  const rejection = assert.rejects(create({ signal: controller.signal }), { name: "AbortError" });
  while (emulator.requests[0]?.fault !== "delay") await new Promise((resolve) => setTimeout(resolve, 2));
  controller.abort();
  await rejection;
  assert.equal(emulator.counts.charges, 0);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(emulator.counts.charges, 1);
});

describe("static folders", () => {
  for (const [path, type, text] of /** @type {const} */ ([
    ["/", "text/html", "<p>page</p>"],
    ["/index.html", "text/html", "<p>page</p>"],
    ["/pkg/a.js", "text/javascript", "a.js"],
    ["/pkg/a.mjs", "text/javascript", "a.mjs"],
    ["/pkg/a.wasm", "application/wasm", "a.wasm"],
  ]))
    test(`serves ${path} as ${type}`, async () => {
      const response = await fetch(server.url + path);
      const actual = response.headers.get("content-type")?.split(";")[0];
      assert.equal(actual, type);
      assert.equal(response.headers.get("cache-control"), "no-cache");
      assert.equal(await response.text(), text);
    });

  for (const path of ["/nothing.js", "/pkg/..%2fwww/index.html", "/pkgs"])
    test(`responds with 404 to ${path}`, async () => {
      const response = await fetch(server.url + path);
      assert.equal(response.status, 404);
      await response.text();
    });
});

test("sends callbacks without further requests", async () => {
  let sent = 0;
  const emulator = createEmulator({
    taskTime: 0,
    async callbackFetch() {
      sent += 1;
      return new Response();
    },
  });
  const { url, close } = await startServer({ emulator });
  const callback_url = "https://hooks.example/";
  const body = JSON.stringify({ ...request, callback_url });
  await fetch(url + paths.create, { method: "POST", headers, body });
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.equal(sent, 1);
  await close();
});

test("close resolves immediately, even with open connections", async () => {
  const emulator = createEmulator({ faults: [{ fault: "no-answer" }] });
  const { url, close } = await startServer({ emulator });
  const rejection = assert.rejects(fetch(url), TypeError);
  while (emulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const start = performance.now();
  await close();
  assert.ok(performance.now() - start < 200);
  await rejection;
});

test("rejects a port that is in use", async () => {
  const port = Number(new URL(server.url).port);
  await assert.rejects(startServer({ port }), { code: "EADDRINUSE" });
});

test("rejects an address that is not loopback", async () => {
  await assert.rejects(startServer({ host: "0.0.0.0" }), /loopback/);
});

test("does not keep a process alive", async () => {
  const entry = new URL("../../pkg-template/testing.js", import.meta.url);
  const script = `
    import { createEmulator } from ${JSON.stringify(entry.href)};
    const { fetch } = createEmulator({ faults: [{ delayMs: 60000 }] });
    fetch("https://a.example/", { signal: AbortSignal.timeout(1) }).catch(() => console.log("aborted"));
    createEmulator({ faults: [{ fault: "no-answer" }] }).fetch("https://a.example/");
    setTimeout(() => {}, 20);
  `;
  const args = ["--input-type=module", "--eval", script];
  const options = { timeout: 20_000 };
  const run = promisify(execFile)(process.execPath, args, options);
  assert.equal((await run).stdout, "aborted\n");
});
