// The API key is never shown.
import assert from "node:assert/strict";
import { Console } from "node:console";
import { Writable } from "node:stream";
import { before, test } from "node:test";
import { inspect } from "node:util";
import { importPackage, installPackage } from "../support/packed.js";

const secret = "sk-very-secret-0123456789";
const request = { model: "seedance-2.0", prompt: "A paper boat on a river" };

/** @type {Awaited<ReturnType<typeof importPackage>>} */
let library;
before(async () => {
  library = await importPackage(await installPackage());
});

/**
 * Everything that a host can print of a value.
 * @param {unknown} value
 */
function printed(value) {
  let text = "";
  const stream = new Writable({ write: (chunk, _encoding, done) => done(void (text += chunk)) });
  const console = new Console(stream);
  for (const method of /** @type {const} */ (["log", "dir", "error", "table"])) console[method](value);
  text += inspect(value, { depth: Infinity, showHidden: true, getters: true });
  text += JSON.stringify(value) + String(value);
  if (value instanceof Error) text += value.stack + JSON.stringify(value, Object.getOwnPropertyNames(value));
  return text;
}

/** @param {unknown} value */
function assertHidden(value) {
  const text = printed(value);
  const at = text.indexOf(secret);
  assert.equal(at, -1, `shown: ${text.slice(Math.max(0, at - 200), at + 100)}`);
}

/**
 * Creates an emulator, and a client whose events are recorded.
 * @param {import("../../pkg-template/testing.js").EmulatorOptions} options
 */
function setUp(options) {
  /** @type {object[]} */
  const events = [];
  const emulator = library.createEmulator(options);
  const client = new library.VideoClient({
    apiKey: secret,
    fetch: emulator.fetch,
    maxRetries: 0,
    onEvent: (event) => events.push(event),
  });
  return { client, emulator, events };
}

test("a client does not show the key, not even to `inspect` with hidden properties", () => {
  const { client } = setUp({});
  assert.equal(JSON.stringify(client), "{}");
  assertHidden(client);
  assertHidden({ nested: [client] });
});

test("`prepare` masks the key", () => {
  const { client } = setUp({});
  const prepared = client.prepare(request);
  assertHidden(prepared);
  assert.equal(prepared.headers.Authorization, "Bearer ***");
});

for (const [
  what,
  options,
] of /** @type {[string, import("../../pkg-template/testing.js").EmulatorOptions][]} */ ([
  ["is rejected", { apiKeys: ["sk-other"] }],
  ["loses its connection", { faults: [{ fault: "network" }] }],
  ["gets HTML instead of JSON", { faults: [{ fault: "html" }] }],
  ["gets a truncated body", { faults: [{ fault: "cut-body" }] }],
])) {
  test(`errors and events do not show the key when a call ${what}`, async () => {
    const { client, events } = setUp(options);
    for (const call of [client.submit(request), client.retrieve("task-unified-1761313744-abcd1234")]) {
      const error = await call.catch((error) => error);
      assert.ok(error instanceof library.EvolinkError, String(error));
      assertHidden(error);
    }
    assert.ok(events.length >= 4);
    assertHidden(events);
  });
}

test("an error does not show a key that the response repeats", async () => {
  const message = `Incorrect API key provided: ${secret}.`;
  for (const body of [{ error: { code: "invalid_api_key", message } }, { error: message }, message]) {
    const echo = async () => Response.json(body, { status: 401 });
    const echoed = new library.VideoClient({ apiKey: secret, fetch: echo, maxRetries: 0 });
    assertHidden(await echoed.submit(request).catch((error) => error));
  }
});

test("an error does not show a key that the response escapes, in its body or its headers", async () => {
  const key = "sk-a/b+c/very-secret-0123456789";
  const shown = /very-secret/;
  for (const escaped of [
    key.replaceAll("/", "\\/"),
    key.replaceAll("/", "\\u002f"),
    key.replace("s", "\\u0073"),
  ]) {
    const body = `{"error":{"code":"invalid_api_key","message":"Incorrect API key: ${escaped}"}}`;
    const headers = { "content-type": "application/json", "x-echo": escaped, "x-key": key, "x-json": body };
    for (const status of [200, 401, 500]) {
      const fetch = async () => new Response(body, { status, headers });
      const client = new library.VideoClient({ apiKey: key, fetch, maxRetries: 0 });
      const error = await client.submit(request).catch((error) => error);
      assert.ok(error instanceof library.EvolinkError, String(error));
      assert.doesNotMatch(printed(error), shown, `${status} ${escaped}`);
      const answer = await client.request("GET", "/v1/credits").catch((error) => error);
      assert.doesNotMatch(printed(answer), shown, `request, ${status} ${escaped}`);
    }
  }
});

test("an error does not show a key or a signed URL that the cause of a failed fetch holds", async () => {
  const url = "https://user:hunter2@files.example/v.mp4?X-Amz-Signature=f00d";
  const cyclic = Object.assign(new Error("Failed"), { code: "ECONNRESET", config: { key: secret } });
  Object.assign(cyclic, { self: cyclic });
  for (const thrown of [
    `Bearer ${secret} refused by ${url}`,
    new TypeError(`Bearer ${secret} refused by ${url}`),
    new TypeError("fetch failed", { cause: new Error(`connect to ${url} with ${secret}`) }),
    Object.assign(new Error("Failed"), { request: { url, headers: { authorization: `Bearer ${secret}` } } }),
    cyclic,
  ]) {
    const fetch = () => Promise.reject(thrown);
    const client = new library.VideoClient({ apiKey: secret, fetch, maxRetries: 0 });
    const error = await client.submit(request).catch((error) => error);
    assertHidden(error);
    assert.ok(error.cause, "the cause is kept");
    assert.doesNotMatch(printed(error), /hunter2|f00d/);
  }
  const harmless = new TypeError("fetch failed", { cause: new Error("read ECONNRESET") });
  const fetch = () => Promise.reject(harmless);
  const client = new library.VideoClient({ apiKey: secret, fetch, maxRetries: 0 });
  const error = await client.submit(request).catch((error) => error);
  assert.equal(error.cause, harmless);
});

test("neither an error nor a task shows a key that a successful response repeats", async () => {
  const id = "task-unified-1761313744-abcd1234";
  const failed = { id, status: "failed", error: { code: "x", message: `Bearer ${secret}` } };
  for (const body of [{ error: { message: secret } }, failed, [secret]]) {
    const echoed = new library.VideoClient({
      apiKey: secret,
      fetch: async () => Response.json(body),
      maxRetries: 0,
    });
    assertHidden(await echoed.wait(id, { timeoutMs: 20 }).catch((error) => error));
    assertHidden(await echoed.retrieve(id).catch((error) => error));
  }
});

test("only the Authorization header of a request contains the key", async () => {
  /** @type {unknown[][]} */
  const calls = [];
  const { emulator } = setUp({});
  const client = new library.VideoClient({
    apiKey: secret,
    fetch: (url, init) => (calls.push([url, init]), emulator.fetch(url, init)),
  });
  await client.submit(request);
  const [url, init] = /** @type {[string, RequestInit]} */ (calls[0]);
  assert.ok(!url.includes(secret) && !String(init.body).includes(secret));
  const holders = [...new Headers(init.headers)].filter(([, value]) => value.includes(secret));
  assert.deepEqual(holders, [["authorization", `Bearer ${secret}`]]);
});

test("the error about an invalid key does not show it", () => {
  for (const apiKey of [`Bearer ${secret}`, `${secret}\n`, ` ${secret}`, { key: secret }]) {
    const make = () => new library.VideoClient({ apiKey: /** @type {any} */ (apiKey) });
    assert.throws(make, (error) => {
      assertHidden(error);
      return error instanceof library.ConfigurationError;
    });
  }
});
