// `toNodeHandler`, behind node:http, HTTP/2 and Express.
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import net from "node:net";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import express from "express";
import { order, pageKey, server, setUp } from "./support.js";

/** @typedef {import("../../pkg-template/server.js").Handler} Handler */
/** @typedef {import("node:net").AddressInfo} AddressInfo */
/** @typedef {(request: any, response: any) => unknown} Listener */

/**
 * Serves a listener until the end of the test.
 * @param {import("node:test").TestContext} t
 * @param {Listener} listener
 */
async function serve(t, listener) {
  const app = http.createServer(listener).listen(0, "127.0.0.1");
  t.after(() => {
    app.closeAllConnections();
    app.close();
  });
  await once(app, "listening");
  const { port } = /** @type {AddressInfo} */ (app.address());
  return { port, url: `http://127.0.0.1:${port}` };
}

/** Answers with what it got. @type {Handler} */
const mirror = async (request) =>
  Response.json({
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  });

/**
 * Sends bytes as they are, and returns all that comes back.
 * @param {number} port
 * @param {string} bytes
 */
async function raw(port, bytes) {
  const socket = net.connect(port, "127.0.0.1");
  socket.write(bytes);
  return text(socket);
}

/** The JSON at the end of an answer. @param {string} answer */
const bodyOf = (answer) => JSON.parse(/** @type {RegExpExecArray} */ (/\{.*\}/s.exec(answer))[0]);

const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {() => boolean} holds */
async function until(holds) {
  for (let attempt = 0; !holds(); attempt++) {
    assert.ok(attempt < 500, "it does not become true");
    await pause(10);
  }
}

describe("a request", () => {
  test("has the method, the URL, the headers and the body", async (t) => {
    const { url, port } = await serve(t, server.toNodeHandler(mirror));
    const headers = { "x-a": "b", cookie: "c=d; e=f" };
    const init = { method: "PUT", headers, body: "ä" };
    const got = await (await fetch(`${url}/a%2Fb/..;/c?d=%20&e`, init)).json();
    assert.deepEqual(
      [got.method, got.url, got.body],
      ["PUT", `http://127.0.0.1:${port}/a%2Fb/..;/c?d=%20&e`, "ä"],
    );
    assert.equal(got.headers["x-a"], "b");
    assert.equal(got.headers.cookie, "c=d; e=f");
  });

  test("with a repeated header has both values", async (t) => {
    const { port } = await serve(t, server.toNodeHandler(mirror));
    const answer = await raw(
      port,
      "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\nX-A: c\r\nConnection: close\r\n\r\n",
    );
    assert.equal(bodyOf(answer).headers["x-a"], "b, c");
  });

  for (const [name, line] of Object.entries({
    "in absolute form": "GET http://evil.example/evolink/v1/models HTTP/1.1\r\nHost: app.example",
    "for all of the server": "OPTIONS * HTTP/1.1\r\nHost: app.example",
    "without a host": "GET / HTTP/1.0\r\nX-A: b",
    "with an empty host": "GET / HTTP/1.1\r\nHost: ",
    "with a path in its host": "GET /public HTTP/1.1\r\nHost: app.example/evolink/v1/credits?",
    "with a fragment in its host": "GET /public HTTP/1.1\r\nHost: app.example#",
    "with a user in its host": "GET / HTTP/1.1\r\nHost: user@app.example",
    "with a backslash in its host": "GET / HTTP/1.1\r\nHost: app.example\\evolink",
    "with a host that is none": "GET / HTTP/1.1\r\nHost: [",
  }))
    test(`${name} gets 400, and no handler sees it`, async (t) => {
      let calls = 0;
      const handler = async () => (calls++, new Response());
      const { port } = await serve(t, server.toNodeHandler(handler));
      assert.match(await raw(port, `${line}\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 400 /);
      assert.equal(calls, 0);
    });

  test("keeps its host, whatever its path begins with", async (t) => {
    const { port } = await serve(t, server.toNodeHandler(mirror));
    for (const path of [
      "//evil.example/v1/models",
      "///evil.example",
      "/\\evil.example/a",
      "/@evil.example",
      "/:80/",
    ]) {
      const answer = await raw(
        port,
        `GET ${path} HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n`,
      );
      assert.equal(new URL(bodyOf(answer).url).host, "app.example", path);
    }
  });

  test("of HTTP/2 has the host and no pseudo-headers", async (t) => {
    const app = http2.createServer(server.toNodeHandler(mirror)).listen(0, "127.0.0.1");
    await once(app, "listening");
    const { port } = /** @type {AddressInfo} */ (app.address());
    const session = http2.connect(`http://127.0.0.1:${port}`);
    t.after(() => {
      session.destroy();
      app.close();
    });
    const stream = session.request({ ":method": "POST", ":path": "/a?b" });
    stream.end("body");
    const got = JSON.parse(await text(stream));
    assert.deepEqual([got.method, got.url, got.body], ["POST", `http://127.0.0.1:${port}/a?b`, "body"]);
    assert.deepEqual(
      Object.keys(got.headers).filter((name) => name.startsWith(":")),
      [],
    );
  });

  test("is aborted when the client disconnects", async (t) => {
    /** @type {unknown[]} */
    const reasons = [];
    let arrived = false;
    /** @type {Handler} */
    const handler = (request) =>
      new Promise((resolve) => {
        arrived = true;
        request.signal.addEventListener("abort", () => {
          reasons.push(request.signal.reason.name);
          resolve(new Response("late"));
        });
      });
    const { url } = await serve(t, server.toNodeHandler(handler));
    const leaving = new AbortController();
    const left = fetch(url, { signal: leaving.signal });
    await until(() => arrived);
    assert.deepEqual(reasons, []);
    leaving.abort();
    await assert.rejects(left);
    await until(() => reasons.length > 0);
    assert.deepEqual(reasons, ["AbortError"]);
  });

  test("whose client stops in the middle of the body and leaves, fails to be read", async (t) => {
    /** @type {unknown[]} */
    const errors = [];
    /** @type {Handler} */
    const handler = async (request) => {
      await request.text().catch((error) => errors.push(error));
      return new Response();
    };
    const { port } = await serve(t, server.toNodeHandler(handler));
    const socket = net.connect(port, "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf");
    await pause(50);
    assert.deepEqual(errors, []);
    socket.destroy();
    await until(() => errors.length > 0);
  });

  test("may leave its body unread", async (t) => {
    const { url } = await serve(
      t,
      server.toNodeHandler(async () => new Response("no", { status: 404 })),
    );
    for (let number = 0; number < 3; number++) {
      const response = await fetch(url, { method: "POST", body: new Uint8Array(1e6) });
      assert.deepEqual([response.status, await response.text()], [404, "no"]);
    }
  });
});

describe("an answer that comes before the end of the body", () => {
  test("reaches the client, which can go on", async (t) => {
    const { proxy } = setUp();
    const { port } = await serve(t, server.toNodeHandler(proxy));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    t.after(() => agent.destroy());
    const headers = { "x-user": "ann", "content-type": "application/json", "idempotency-key": pageKey };
    const ask = async (/** @type {string} */ path, /** @type {string} */ body) => {
      const outgoing = http.request({ agent, port, host: "127.0.0.1", method: "POST", path, headers });
      outgoing.end(body);
      const [response] = await once(outgoing, "response");
      await text(response);
      return response.statusCode;
    };
    const path = "/evolink/v1/videos/generations";
    assert.equal(await ask(path, JSON.stringify({ ...order, prompt: "a".repeat(5e6) })), 413);
    assert.equal(await ask("/evolink/v1/nothing", "a".repeat(5e6)), 404);
    assert.equal(await ask(path, JSON.stringify(order)), 200);
  });

  test("of an endless body reaches the client", async (t) => {
    const { proxy } = setUp();
    const { port } = await serve(t, server.toNodeHandler(proxy));
    const socket = net.connect(port, "127.0.0.1");
    socket.on("error", () => {});
    const head = `POST /evolink/v1/videos/generations HTTP/1.1\r\nHost: a\r\nX-User: ann\r\nIdempotency-Key: ${pageKey}\r\n`;
    socket.write(`${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const timer = setInterval(() => socket.write(`4000\r\n${"a".repeat(0x4000)}\r\n`), 1);
    t.after(() => (clearInterval(timer), socket.destroy()));
    const [answer] = await once(socket, "data");
    assert.match(String(answer), /^HTTP\/1\.1 413 /);
  });
});

describe("a response", () => {
  test("has the status, the headers and each cookie", async (t) => {
    const headers = new Headers({ "x-a": "b", "content-type": "text/plain" });
    headers.append("set-cookie", "a=1; Expires=Sat, 28 Nov 2026 00:00:00 GMT");
    headers.append("set-cookie", "b=2");
    const { url } = await serve(
      t,
      server.toNodeHandler(async () => new Response("ok", { status: 201, headers })),
    );
    const response = await fetch(url);
    assert.equal(response.status, 201);
    assert.equal(response.headers.get("x-a"), "b");
    assert.deepEqual(response.headers.getSetCookie(), ["a=1; Expires=Sat, 28 Nov 2026 00:00:00 GMT", "b=2"]);
    assert.equal(await response.text(), "ok");
  });

  test("without a body ends", async (t) => {
    const { url } = await serve(
      t,
      server.toNodeHandler(async () => new Response(null, { status: 204 })),
    );
    assert.equal((await fetch(url)).status, 204);
    assert.equal((await fetch(url, { method: "HEAD" })).status, 204);
  });

  test("streams while the request does", async (t) => {
    /** @type {Handler} */
    const echo = async (request) => new Response(request.body);
    const { port } = await serve(t, server.toNodeHandler(echo));
    const outgoing = http.request({ port, host: "127.0.0.1", method: "POST" });
    outgoing.write("first");
    const [incoming] = await once(outgoing, "response");
    const chunks = incoming[Symbol.asyncIterator]();
    assert.equal(String((await chunks.next()).value), "first");
    outgoing.write("second");
    assert.equal(String((await chunks.next()).value), "second");
    outgoing.end();
    assert.equal((await chunks.next()).done, true);
  });

  test("is produced no faster than the client reads, and ends when it leaves", async (t) => {
    let produced = 0;
    let isCancelled = false;
    const endless = () =>
      new ReadableStream({
        pull(controller) {
          produced += 65_536;
          controller.enqueue(new Uint8Array(65_536));
        },
        cancel() {
          isCancelled = true;
        },
      });
    const { port } = await serve(
      t,
      server.toNodeHandler(async () => new Response(endless())),
    );
    const socket = net.connect(port, "127.0.0.1").pause();
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await until(() => produced > 0);
    let before;
    do {
      before = produced;
      await pause(100);
    } while (produced !== before && produced < 1e8);
    // What the buffers of the system hold.
    assert.ok(produced < 5e7, `${produced} bytes`);
    assert.equal(isCancelled, false);
    socket.destroy();
    await until(() => isCancelled);
  });

  test("is 500 without a word of what a handler throws", async (t) => {
    const { url } = await serve(
      t,
      server.toNodeHandler(() => Promise.reject(new Error("key sk-1234"))),
    );
    const response = await fetch(url);
    assert.deepEqual([response.status, await response.text()], [500, ""]);
    const thrown = await serve(
      t,
      server.toNodeHandler(() => {
        throw new Error("key sk-1234");
      }),
    );
    assert.equal((await fetch(thrown.url)).status, 500);
  });

  test("that breaks off does not look complete", async (t) => {
    let pulls = 0;
    const broken = () =>
      new ReadableStream({
        pull(controller) {
          if (pulls++ === 0) controller.enqueue(new TextEncoder().encode("half"));
          else controller.error(new Error("reset"));
        },
      });
    const { url } = await serve(
      t,
      server.toNodeHandler(async () => new Response(broken())),
    );
    await assert.rejects(fetch(url).then((response) => response.text()));
  });
});

describe("Express", () => {
  /** @type {Record<string, (handler: Listener) => any>} */
  const apps = {
    "all()": (handler) => express().all("/evolink/*splat", handler),
    "use()": (handler) => express().use("/evolink", handler),
    "a router": (handler) => express().use("/evolink", express.Router().use("/v1", handler)),
    "use() after express.json()": (handler) => express().use(express.json()).use("/evolink", handler),
    "use() after express.text() and express.raw()": (handler) =>
      express()
        .use(express.raw({ type: "application/json" }), express.text())
        .use("/evolink", handler),
    "use() after express.text() of everything": (handler) =>
      express()
        .use(express.text({ type: "*/*" }))
        .use("/evolink", handler),
  };
  test("a body that is nested too deeply to be written again gets 400, and the process lives on", async (t) => {
    // As in Express 4, nobody waits for the handler.
    const handle = server.toNodeHandler(mirror);
    const { url } = await serve(
      t,
      express()
        .use(express.json())
        .use((/** @type {any} */ request, /** @type {any} */ response) => void handle(request, response)),
    );
    const headers = { "content-type": "application/json" };
    const deep = "[".repeat(30_000) + "]".repeat(30_000);
    assert.equal((await fetch(url, { method: "POST", headers, body: deep })).status, 400);
  });

  for (const [name, create] of Object.entries(apps))
    test(`${name}: an order is created and read`, async (t) => {
      const { proxy, emulator, sent } = setUp();
      const { url } = await serve(t, create(server.toNodeHandler(proxy)));
      const headers = { "x-user": "ann", "content-type": "application/json", "idempotency-key": pageKey };
      const init = { method: "POST", headers, body: JSON.stringify(order) };
      const created = await fetch(`${url}/evolink/v1/videos/generations`, init);
      const { id } = await created.json();
      assert.equal(created.status, 200);
      const read = await fetch(`${url}/evolink/v1/tasks/${id}`, { headers });
      assert.equal((await read.json()).id, id);
      assert.equal(emulator.counts.charges, 1);
      // The order as the page sent it.
      assert.equal(JSON.parse(String(sent[0].body)).prompt, order.prompt);
    });

  test("behind a proxy that it trusts: the protocol is that of the page", async (t) => {
    const app = express().set("trust proxy", true).use(server.toNodeHandler(mirror));
    const { url } = await serve(t, app);
    const got = await (await fetch(url, { headers: { "x-forwarded-proto": "https" } })).json();
    assert.match(got.url, /^https:/);
  });
});
