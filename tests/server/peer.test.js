// Nine weaknesses of the best-known proxy, @fal-ai/server-proxy 1.2.1: each passes there, and is refused here.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { codeOf, library, order, origin, pageKey, setUp } from "./support.js";

process.env.FAL_KEY = "fal-key";
const require = createRequire(import.meta.url);
const { handleRequest } = require("@fal-ai/server-proxy");
const { createHandler } = require("@fal-ai/server-proxy/express");
const { createRouteHandler } = require("@fal-ai/server-proxy/hono");

/**
 * Runs work with a global `fetch` that only records, which is what that proxy calls.
 * @param {(sent: { url: string, init: any }[]) => unknown} work
 * @param {Response} [response]
 */
async function recorded(work, response = Response.json({})) {
  const { fetch, console } = globalThis;
  /** @type {{ url: string, init: any }[]} */
  const sent = [];
  globalThis.fetch = async (url, init) => {
    sent.push({ url: String(url), init });
    return response.clone();
  };
  globalThis.console = { ...console, warn() {} };
  try {
    await work(sent);
  } finally {
    Object.assign(globalThis, { fetch, console });
  }
  return sent;
}

/**
 * A request to their handler, and what it answers and forwards.
 * @param {{ method?: string, headers?: Record<string, string>, config?: object, response?: Response }} [call]
 */
async function there({ method = "POST", headers = {}, config, response } = {}) {
  /** @type {any} */
  const answer = { headers: {} };
  const all = { "x-fal-target-url": "https://fal.run/fal-ai/some-model", ...headers };
  const sent = await recorded(
    () =>
      handleRequest(
        {
          id: "test",
          method,
          respondWith: (/** @type {number} */ status) => (answer.status = status),
          getHeaders: () => all,
          getHeader: (/** @type {string} */ name) => /** @type {any} */ (all)[name],
          sendHeader: (/** @type {string} */ name, /** @type {string} */ value) =>
            (answer.headers[name] = value),
          getRequestBody: async () => "{}",
          sendResponse: async () => (answer.status = 200),
          resolveApiKey: async () => "fal-key",
        },
        { allowedUrlPatterns: ["fal.run/**", "queue.fal.run/**"], allowedEndpoints: [], ...config },
      ),
    response,
  );
  return { ...answer, sent };
}

describe("1. no session", () => {
  test("there: Express without an Authorization is forwarded with the key", async () => {
    /** @type {any} */
    const response = { setHeader() {}, write() {}, end() {}, status: () => response, json() {}, send() {} };
    const sent = await recorded(() =>
      /** @type {any} */ (createHandler)({
        allowedUrlPatterns: ["fal.run/**"],
        allowedEndpoints: [],
        allowUnauthorizedRequests: false,
      })(
        { method: "POST", headers: { "x-fal-target-url": "https://fal.run/fal-ai/some-model" }, body: {} },
        response,
        () => {},
      ),
    );
    assert.match(sent[0].init.headers.authorization, /fal-key/);
  });
  test("here: 401, and nothing is sent", async () => {
    const { create, sent } = setUp();
    assert.equal((await create(order, { user: null })).status, 401);
    assert.deepEqual(sent, []);
  });
});

describe("2. the session's token of the page", () => {
  test("there: it goes to the API in place of the key", async () => {
    const { sent } = await there({ headers: { authorization: "Bearer session-of-the-app" } });
    assert.equal(sent[0].init.headers.authorization, "Bearer session-of-the-app");
  });
  test("here: the API gets the server's key", async () => {
    const { create, sent } = setUp();
    await create(order, { headers: { authorization: "Bearer session-of-the-app" } });
    assert.equal(sent[0].headers.get("authorization"), "Bearer sk-server");
  });
});

describe("3. plain text", () => {
  test("there: http is forwarded, with the key", async () => {
    const { sent } = await there({ headers: { "x-fal-target-url": "http://fal.run/fal-ai/some-model" } });
    assert.equal(sent[0].url, "http://fal.run/fal-ai/some-model");
  });
  test("here: the page cannot name an address, and a client refuses http", async () => {
    const { create, sent } = setUp();
    await create(order, {
      headers: { "x-fal-target-url": "http://fal.run/", "x-base-url": "http://a.example" },
    });
    assert.match(sent[0].url, /^https:/);
    assert.throws(
      () => new library.VideoClient({ apiKey: "sk-server", baseUrl: "http://api.example" }),
      library.ConfigurationError,
    );
  });
});

describe("4. other methods", () => {
  test("there: PUT passes the list of endpoints, and cancels anybody's request", async () => {
    const url = "https://queue.fal.run/other/model/requests/of-anybody/cancel";
    const { sent } = await there({
      method: "PUT",
      headers: { "x-fal-target-url": url },
      config: { allowedEndpoints: ["fal-ai/some-model"] },
    });
    assert.equal(sent[0].init.method, "PUT");
  });
  test("here: 405", async () => {
    const { call, sent } = setUp();
    for (const method of ["PUT", "DELETE", "PATCH"])
      assert.equal((await call("/v1/videos/generations", { method, body: order })).status, 405);
    assert.deepEqual(sent, []);
  });
});

describe("5. the results of others", () => {
  test("there: anybody's result is read", async () => {
    const url = "https://queue.fal.run/fal-ai/some-model/requests/of-anybody";
    const { sent } = await there({ method: "GET", headers: { "x-fal-target-url": url } });
    assert.equal(sent[0].url, url);
  });
  test("here: 404", async () => {
    const { create, call } = setUp();
    const { id } = await (await create(order, { user: "ann" })).json();
    assert.equal((await call(`/v1/tasks/${id}`, { user: "bob" })).status, 404);
  });
});

describe("6. the page's own callback", () => {
  test("there: the query passes", async () => {
    const url = "https://queue.fal.run/fal-ai/some-model?fal_webhook=https://evil.example/";
    const { sent } = await there({ headers: { "x-fal-target-url": url } });
    assert.match(sent[0].url, /evil\.example/);
  });
  test("here: 400 in the query, 403 in the body", async () => {
    const { call, create, sent } = setUp();
    const init = { headers: { "idempotency-key": pageKey }, body: order };
    assert.equal((await call("/v1/videos/generations?callback_url=https://evil.example/", init)).status, 400);
    assert.equal((await create({ ...order, callback_url: "https://evil.example/" })).status, 403);
    assert.deepEqual(sent, []);
  });
});

describe("7. headers of the API", () => {
  const headers = { "set-cookie": "session=of-the-account", "access-control-allow-origin": "*" };
  test("there: they reach the page", async () => {
    const { headers: seen } = await there({ response: Response.json({}, { headers }) });
    assert.equal(seen["access-control-allow-origin"], "*");
  });
  test("here: only those of a list do", async () => {
    const { create, emulator } = setUp();
    emulator.inject({
      on: "create",
      fault: { status: 200, headers, body: { id: "task-1", status: "pending" } },
    });
    const response = await create();
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("set-cookie"), null);
    assert.equal(response.headers.get("access-control-allow-origin"), null);
  });
});

describe("8. a malformed target", () => {
  test("there: it throws", async () => {
    await assert.rejects(there({ headers: { "x-fal-target-url": "not a URL" } }), TypeError);
  });
  test("here: 404, and never a rejection", async () => {
    const { proxy } = setUp();
    for (const path of ["/evolink/%", "/evolink/\\", "/evolink/v1/tasks/%ff"])
      assert.equal((await proxy(new Request(origin + path))).status, 404);
  });
});

describe("9. the key that the server chose", () => {
  test("there: Hono does not ask the function that it got, and drops the headers of the page's client", async () => {
    const handler = createRouteHandler({
      allowedUrlPatterns: ["fal.run/**"],
      allowedEndpoints: [],
      resolveApiKey: async () => "of-my-vault",
    });
    const header = (/** @type {string} */ name) =>
      /** @type {Record<string, string>} */ ({
        "x-fal-target-url": "https://fal.run/fal-ai/some-model",
        "x-fal-hint": "a",
      })[name];
    const sent = await recorded(() =>
      /** @type {any} */ (handler)({
        req: { method: "POST", header, json: async () => ({}) },
        json: (/** @type {any} */ value) => value,
      }),
    );
    assert.notEqual(sent[0]?.init.headers.authorization, "of-my-vault");
    assert.equal(sent[0]?.init.headers["x-fal-hint"], undefined);
  });
  test("here: a function gives the key of each request", async () => {
    const emulator = library.createEmulator();
    /** @type {(string | null)[]} */
    const keys = [];
    const client = new library.VideoClient({
      apiKey: async () => `of-my-vault-${keys.length}`,
      fetch: (url, init) => {
        keys.push(new Headers(init.headers).get("authorization"));
        return emulator.fetch(url, /** @type {RequestInit} */ (init));
      },
    });
    const { create } = setUp({ client });
    assert.equal((await create()).status, 200);
    assert.deepEqual(keys, ["Bearer of-my-vault-0"]);
    assert.equal(await codeOf(await create({ ...order, prompt: "" })), "invalid_request");
  });
});
