// The proxy behind node:http, attacked with bytes that no HTTP client sends.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { after, test } from "node:test";
import { order, pageKey, server, setUp } from "./support.js";

const { proxy, sent, emulator } = setUp({ allow: { models: ["seedance-2.0"], credits: true } });
const listener = createServer(server.toNodeHandler(proxy)).listen(0, "127.0.0.1");
await once(listener, "listening");
const { port } = /** @type {import("node:net").AddressInfo} */ (listener.address());
after(() => listener.close());

/** Sends bytes, and returns what comes until the server closes. @param {string} bytes */
async function exchange(bytes) {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(bytes);
  let answer = "";
  for await (const chunk of socket.setEncoding("latin1")) answer += chunk;
  return answer;
}

const body = JSON.stringify(order);
/** @param {string[]} lines @param {string} [sentBody] */
const post = (lines, sentBody = body) =>
  [
    "POST /evolink/v1/videos/generations HTTP/1.1",
    ...["Host: app.example", "X-User: ann", "Content-Type: application/json"],
    ...[`Idempotency-Key: ${pageKey}`, "Connection: close", ...lines, "", sentBody],
  ].join("\r\n");
const get = (/** @type {string} */ target) =>
  `GET ${target} HTTP/1.1\r\nHost: app.example\r\nX-User: ann\r\nConnection: close\r\n\r\n`;
const length = `Content-Length: ${body.length}`;

for (const [what, bytes] of /** @type {[string, string][]} */ ([
  ["an absolute URL", get("http://evil.example/evolink/v1/credits")],
  ["the form of CONNECT in a GET", get("evil.example:443")],
  ["two lengths", post([length, "Content-Length: 5"])],
  ["a length and chunks", post([length, "Transfer-Encoding: chunked"])],
  ["a length with a sign", post([`Content-Length: +${body.length}`])],
  ["a bare CR in a header", post([length, "X-A: 1\rX-User: bob"])],
  ["a space before the colon", post([length, "X-User : bob"])],
]))
  test(`${what}: 400, and nothing is sent`, async () => {
    sent.length = 0;
    assert.match(await exchange(bytes), /^HTTP\/1\.1 400 /);
    assert.deepEqual(sent, []);
  });

test("a method override does not change the method", async () => {
  sent.length = 0;
  const override = post(["X-HTTP-Method-Override: GET", "Content-Length: 0"], "");
  assert.match(await exchange(override.replace("videos/generations", "credits")), /^HTTP\/1\.1 405 /);
  assert.deepEqual(sent, []);
});

test("`Expect: 100-continue` is answered before the body, and the order is sent once", async () => {
  const before = emulator.counts.charges;
  const answer = await exchange(post([length, "Expect: 100-continue"]));
  assert.match(answer, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  assert.equal(emulator.counts.charges, before + 1);
});

test("a body of one byte a second: 408, and the socket is freed", { timeout: 50_000 }, async () => {
  sent.length = 0;
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(post([length], "{"));
  const drip = setInterval(() => socket.write(" "), 1000);
  let answer = "";
  try {
    for await (const chunk of socket.setEncoding("latin1")) answer += chunk;
  } finally {
    clearInterval(drip);
    socket.destroy();
  }
  assert.match(answer, /^HTTP\/1\.1 408 /);
  assert.deepEqual(sent, []);
  const open = await new Promise((resolve) => listener.getConnections((_, count) => resolve(count)));
  assert.equal(open, 0);
});

test("a body that does not end after its answer is cut off", async (t) => {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(
    post(["Transfer-Encoding: chunked"], "").replace("Connection: close", "Connection: keep-alive"),
  );
  const chunk = `10000\r\n${"a".repeat(65_536)}\r\n`;
  const sending = setInterval(() => socket.write(chunk), 20);
  t.after(() => clearInterval(sending));
  let answer = "";
  for await (const part of socket.setEncoding("latin1")) answer += part;
  assert.match(answer, /^HTTP\/1\.1 413 /);
});
