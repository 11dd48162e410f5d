// The proxy as its users see it, and a list of attacks that it must refuse.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { describe, test } from "node:test";
import { api, codeOf, library, order, origin, pageKey, secret, server, setUp } from "./support.js";

/** @typedef {import("../../pkg-template/index.js").EvolinkError} EvolinkError */

describe("a page with the address of the proxy", () => {
  test("generates, waits and reads its own tasks", async () => {
    const { page, emulator } = setUp({}, { taskTime: 0.1, estimatedTime: 0.1 });
    const task = await page().generate(order);
    assert.equal(task.status, "completed");
    assert.match(task.results[0], /^https:/);
    assert.deepEqual((await page().retrieve(task.id)).results, task.results);
    const all = await page().waitAll([task.id]);
    assert.deepEqual(all[0].id, task.id);
    assert.equal(emulator.counts.charges, 1);
  });

  for (const long of ["x".repeat(106), "x".repeat(128), `x:.${"y".repeat(125)}`])
    test(`reads tasks with an id of ${long.length} characters, also in batches`, async () => {
      const emulator = library.createEmulator({ taskTime: 0.1, estimatedTime: 0.1 });
      const client = clientWithIds(emulator, long);
      const page = setUp({ client }).page();
      const task = await page.generate(order);
      assert.ok(task.id.startsWith(`${long}.`));
      assert.deepEqual((await page.retrieve(task.id)).results, task.results);
      const [all] = await page.waitAll([task.id]);
      assert.deepEqual([all.id, all.status], [task.id, "completed"]);
      const batch = await page.retrieveAll([task.id, `${long}.${"A".repeat(22)}`]);
      assert.deepEqual(
        batch.map((one) => one?.id),
        [task.id, undefined],
      );
      assert.equal(emulator.counts.charges, 1);
    });

  test("resumes from a store", async () => {
    const { page, emulator } = setUp({}, { taskTime: 0.1, estimatedTime: 0.1 });
    const map = new Map();
    const store = {
      getItem: (/** @type {string} */ key) => map.get(key),
      setItem: (/** @type {string} */ key, /** @type {string} */ value) => map.set(key, value),
      removeItem: (/** @type {string} */ key) => map.delete(key),
      getKeys: () => [...map.keys()],
    };
    const { task } = await page("ann", { store }).submit(order);
    const seen = [];
    for await (const update of page("ann", { store }).resume()) seen.push(update);
    assert.equal(seen.at(-1)?.id, task.id);
    assert.equal(seen.at(-1)?.status, "completed");
    assert.equal(emulator.counts.charges, 1);
  });

  test("generates from a local file, without seeing a URL that others could use", async (t) => {
    const { proxy, emulator, sent, call } = setUp(
      { allow: { models: ["seedance-2.0"], uploads: true } },
      { taskTime: 0.1, estimatedTime: 0.1 },
    );
    const listener = createServer(server.toNodeHandler(proxy)).listen(0, "127.0.0.1");
    t.after(() => listener.close());
    await once(listener, "listening");
    const { port } = /** @type {import("node:net").AddressInfo} */ (listener.address());
    const baseUrl = `http://127.0.0.1:${port}/evolink`;
    const client = new library.VideoClient({ baseUrl, headers: { "x-user": "ann" } });
    const image = new Blob([await pngOf(400, 300)], { type: "image/png" });
    const request = { model: "seedance-2.0", prompt: "@Image1 waves", image_urls: [image] };
    assert.equal((await client.generate(request)).status, "completed");
    assert.equal(emulator.counts.charges, 1);
    const submitted = JSON.parse(String(sent.find(({ url }) => url.endsWith("generations"))?.body));
    assert.match(submitted.image_urls[0], /^https:\/\/api\.example\/files\/[^#]+$/);
    // Neither Ann's file nor the API's own URL is a file of Bob's.
    const { url } = await client.upload(image, { dedupe: false });
    for (const image_url of [url, submitted.image_urls[0], `${url.split("#")[0]}#evolink-`]) {
      const init = {
        user: "bob",
        headers: { "idempotency-key": "another-order-of-bob" },
        body: { ...request, image_urls: [image_url] },
      };
      assert.equal((await call("/v1/videos/generations", init)).status, 403, image_url);
    }
    assert.equal(emulator.counts.charges, 1);
  });

  test("is answered at every address that the client has", async () => {
    const { page, call } = setUp(
      { allow: { models: ["seedance-2.0"], uploads: true, credits: true } },
      { taskTime: 0.1, estimatedTime: 0.1 },
    );
    /** @type {Set<string>} */
    const unanswered = new Set();
    const client = page("ann", {
      fetch: async (url, init) => {
        const path = url.replace(`${origin}/evolink`, "");
        const isForm = init.body !== undefined && typeof init.body !== "string";
        if (isForm)
          return page("ann")
            .request("GET", "/v1/models")
            .then(() => new Response("{}"));
        const response = await call(path, {
          method: init.method,
          headers: Object.fromEntries(new Headers(init.headers)),
          body: init.body,
        });
        if (response.status === 404) unanswered.add(path);
        return response;
      },
    });
    const { task } = await client.submit(order);
    await client.retrieve(task.id);
    await client.retrieveAll([task.id]);
    await client.wait(task.id);
    await client.credits();
    assert.deepEqual(await client.models(), ["seedance-2.0"]);
    await assert.rejects(async () => {
      for await (const listed of client.list()) assert.fail(listed.id);
    }, /listed here/);
    assert.deepEqual([...unanswered], []);
    // Uploads and their receipts are tested with a form above; the receipt says that nothing is known.
    const receipt = await call("/api/v1/files/upload-receipts/receipt-of-an-upload");
    assert.equal((await receipt.json()).state, "outcome_unknown");
  });

  test("settles a lost answer with the same key, and is charged once", async () => {
    const { page, emulator } = setUp();
    emulator.inject({ on: "create", fault: "network", carriedOut: true, times: 1 });
    const { task, replayed } = await page().submit(order);
    assert.equal(replayed, true);
    assert.match(task.id, /\.[\w-]{22}$/);
    assert.equal(emulator.counts.charges, 1);
  });
});

describe("nobody reads or gets what is another's", () => {
  test("no session: 401, and nothing is sent", async () => {
    const { call, create, sent } = setUp();
    const task = await (await create()).json();
    sent.length = 0;
    for (const response of [
      await create(order, { user: null }),
      await call(`/v1/tasks/${task.id}`, { user: null }),
      await call("/v1/tasks/batch", { user: null, body: { task_ids: [task.id] } }),
      await call("/v1/credits", { user: null }),
      await call("/v1/models", { user: null }),
    ]) {
      assert.equal(response.status, 401);
      assert.equal(await codeOf(response), "unauthorized");
    }
    assert.deepEqual(sent, []);
  });

  for (const [what, found] of /** @type {[string, any][]} */ ([
    ["undefined", undefined],
    ["true", true],
    ["an empty user", { user: "" }],
    ["a number", { user: 7 }],
    ["a string", "ann"],
  ]))
    test(`\`authorize\` returns ${what}: 401`, async () => {
      const { create, sent } = setUp({ authorize: () => found });
      assert.equal((await create()).status, 401);
      assert.deepEqual(sent, []);
    });

  test("`authorize` throws: 503, which is not charged, and the event has the reason", async () => {
    const reason = new Error("the session store is down");
    const { create, sent, events } = setUp({ authorize: () => Promise.reject(reason) });
    const response = await create();
    assert.equal(response.status, 503);
    assert.equal(response.headers.get("retry-after"), "1");
    assert.doesNotMatch(await response.text(), /session store/);
    assert.equal(/** @type {any} */ (events[0]).error, reason);
    assert.deepEqual(sent, []);
  });

  for (const [what, authorize] of /** @type {[string, any][]} */ ([
    [
      "returns an answer that was read",
      async () => {
        const read = new Response("pay first", { status: 402 });
        await read.text();
        return read;
      },
    ],
    ["returns no answer that a server can give", () => Response.error()],
    ["takes the body", (/** @type {Request} */ request) => (request.body?.getReader(), { user: "ann" })],
    ["throws undefined", () => Promise.reject(undefined)],
  ]))
    test(`\`authorize\` ${what}: nothing is sent, and nobody is told that it might have been`, async () => {
      const { create, sent } = setUp({ authorize });
      const response = await create();
      assert.ok([500, 503].includes(response.status), String(response.status));
      assert.notEqual(await codeOf(response), "paid_outcome_unknown");
      assert.deepEqual(sent, []);
    });

  test("a user without a name is 401, and the event says why", async () => {
    const { create, events } = setUp({ authorize: () => /** @type {any} */ ({ id: "ann" }) });
    assert.equal((await create()).status, 401);
    assert.match(String(/** @type {any} */ (events[0]).error), /with `user`/);
  });

  test("an answer of `authorize` gets the headers for pages of other origins once", async () => {
    const site = "https://site.example";
    const headers = { "access-control-allow-origin": site, vary: "cookie" };
    const { create } = setUp({
      origins: [site],
      authorize: () => new Response(null, { status: 403, headers }),
    });
    const response = await create(order, { headers: { origin: site } });
    assert.equal(response.headers.get("access-control-allow-origin"), site);
    assert.equal(response.headers.get("vary"), "cookie, origin");
  });

  test("an answer of `authorize` is the answer", async () => {
    const { create } = setUp({ authorize: () => new Response("pay first", { status: 402 }) });
    const response = await create();
    assert.equal(response.status, 402);
    assert.equal(await response.text(), "pay first");
  });

  test("another user's handle, a bare id, a forged handle: 404, and nothing is read", async () => {
    const { create, call, sent } = setUp();
    const { id } = await (await create()).json();
    const bare = id.slice(0, id.lastIndexOf("."));
    sent.length = 0;
    const forged = [
      bare,
      `${bare}.`,
      `${bare}.${"A".repeat(22)}`,
      `${id}A`,
      id.slice(0, -1),
      `${id.slice(0, -1)}${id.endsWith("A") ? "B" : "A"}`,
      `${bare}x${id.slice(bare.length)}`,
      `.${id.slice(bare.length + 1)}`,
    ];
    for (const handle of forged) assert.equal((await call(`/v1/tasks/${handle}`)).status, 404, handle);
    assert.equal((await call(`/v1/tasks/${id}`, { user: "bob" })).status, 404);
    for (const task_ids of [forged, [id]]) {
      const response = await call("/v1/tasks/batch", { user: "bob", body: { task_ids } });
      assert.deepEqual(await response.json(), { code: 200, data: [] });
    }
    assert.deepEqual(sent, []);
  });

  test("handles are told apart by user and kind, however the names are joined", async () => {
    const { create, call } = setUp();
    const { id } = await (await create(order, { user: "ann" })).json();
    for (const user of ['ann","x', "an", "annn", "task", "ANN"])
      assert.equal((await call(`/v1/tasks/${id}`, { user })).status, 404, user);
  });

  test("a guessed idempotency key gives another user a task of their own", async () => {
    const { create, emulator, sent } = setUp();
    const ann = await (await create(order, { user: "ann" })).json();
    const bob = await (await create(order, { user: "bob" })).json();
    const again = await create(order, { user: "ann" });
    assert.notEqual(bob.id.split(".")[0], ann.id.split(".")[0]);
    assert.equal((await again.json()).id, ann.id);
    assert.equal(again.headers.get("idempotency-replayed"), "true");
    assert.equal(emulator.counts.charges, 2);
    for (const { headers } of sent) assert.notEqual(headers.get("idempotency-key"), pageKey);
  });

  test("a secret that was replaced still opens, and a removed one does not", async () => {
    const next = "another secret of 32 characters!";
    const { create, emulator } = setUp();
    const { id } = await (await create()).json();
    const client = new library.VideoClient({ apiKey: "sk-server", baseUrl: api, fetch: emulator.fetch });
    for (const [secrets, status] of /** @type {[string[], number][]} */ ([
      [[next, secret], 200],
      [[next], 404],
    ])) {
      const proxy = server.createProxy({
        client,
        secret: secrets,
        authorize: () => ({ user: "ann" }),
        allow: { models: [] },
      });
      const response = await proxy(new Request(`${origin}/evolink/v1/tasks/${id}`));
      assert.equal(response.status, status);
      // The client in the page takes no answer about another id.
      if (status === 200) assert.equal((await response.json()).id, id);
    }
  });
});

describe("nothing else passes", () => {
  test("paths, methods and queries that are no call of the client", async () => {
    const { proxy, sent } = setUp({ allow: { models: ["seedance-2.0"], credits: true } });
    const urls = [
      "/evolink",
      "/evolink/",
      "/evolink/v1",
      "/evolink/v1/tasks/",
      "/evolink//v1/credits",
      "//evolink/v1/credits",
      "/evolink/v1/credits/",
      "/evolink/v1/credits%2f",
      "/evolink/v1/credits/../../../v1/credits",
      "/evolink/%76%31/credits",
      "/evolink/v1/tasks/..%2fcredits",
      "/evolink/v1/tasks/a/b",
      "/evolink/V1/credits",
      "/evolinkv1/credits",
      "/other/evolink/v1/credits",
      "/evolink/https://evil.example/v1/credits",
      "/evolink/v1/credits?x=1",
      "/evolink/v1/tasks/batch?fal_webhook=https://evil.example",
      "/evolink/v1/chat/completions",
      "/evolink/api/v1/files/list",
      "/evolink/api/v1/files/upload/url",
      "/evolink/api/v1/files/quota",
    ];
    for (const path of urls)
      for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"]) {
        const response = await proxy(
          new Request(origin + path, {
            method,
            headers: { "x-user": "ann", "content-type": "application/json" },
            body: ["GET", "HEAD"].includes(method) ? null : "{}",
          }),
        );
        assert.ok([400, 403, 404, 405].includes(response.status), `${method} ${path}: ${response.status}`);
      }
    assert.deepEqual(sent, []);
  });

  test("headers of the page do not reach the API, and the API's do not reach the page", async () => {
    const { proxy, sent, emulator } = setUp();
    emulator.inject({
      on: "create",
      fault: {
        status: 200,
        headers: { "set-cookie": "account=1", "access-control-allow-origin": "*", "x-request-id": "req_9" },
        body: {
          id: "task-1",
          status: "pending",
          user: { balance: 5 },
          usage: { credits_reserved: 3, user_group: "vip" },
        },
      },
    });
    const response = await proxy(
      new Request(`${origin}/evolink/v1/videos/generations`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "idempotency-key": pageKey,
          "x-user": "ann",
          authorization: "Bearer of-the-page",
          cookie: "session=1",
          "x-http-method-override": "DELETE",
          "x-forwarded-host": "evil.example",
          "x-fal-target-url": "https://evil.example",
          "x-base-url": "https://evil.example",
        },
        body: JSON.stringify(order),
      }),
    );
    assert.equal(response.status, 200);
    const allowed = ["cache-control", "content-type", "vary", "x-content-type-options", "x-request-id"];
    assert.deepEqual([...response.headers.keys()].sort(), allowed);
    const task = await response.json();
    assert.deepEqual(task.usage, { credits_reserved: 3 });
    assert.equal(task.user, undefined);
    assert.equal(sent.length, 1);
    assert.equal(sent[0].url, `${api}/v1/videos/generations`);
    assert.deepEqual([...sent[0].headers.keys()].sort(), [
      "accept",
      "authorization",
      "content-type",
      "idempotency-key",
    ]);
    assert.equal(sent[0].headers.get("authorization"), "Bearer sk-server");
  });

  test("orders that `allow` does not name", async () => {
    const { create, sent } = setUp();
    for (const [field, change] of /** @type {[string, object][]} */ ([
      ["model", { model: "seedance-2.0-fast-text-to-video" }],
      ["model", { model: ["seedance-2.0"] }],
      ["model", { model: undefined }],
      ["quality", { quality: "1080p" }],
      ["quality", { quality: "480p" }],
      ["duration", { duration: 6 }],
      ["duration", { duration: "15" }],
      ["duration", { duration: [15] }],
      ["callback_url", { callback_url: "https://evil.example/" }],
      ["content_filter", { content_filter: false }],
      ["model_params", { model_params: { web_search: true } }],
      ["n", { n: 4 }],
      ["__proto__", JSON.parse('{"__proto__": {"duration": 15}}')],
      ["image_urls", { image_urls: ["https://example.org/a.png"] }],
      ["video_urls", { video_urls: ["http://169.254.169.254/latest/meta-data"] }],
    ])) {
      const response = await create({ ...order, ...change });
      const { error } = await response.json();
      assert.deepEqual([response.status, error.code, error.param], [403, "not_allowed", field], field);
    }
    assert.deepEqual(sent, []);
  });

  test("orders that `allow` names", async () => {
    const { create, sent } = setUp(
      {
        allow: {
          models: ["seedance-2.5-text-to-video", "a-model-of-tomorrow"],
          qualities: ["1080p"],
          maxDuration: 12,
          audio: false,
          fields: ["content_filter", "seed"],
        },
      },
      { models: ["seedance-2.5-text-to-video", "a-model-of-tomorrow"] },
    );
    const allowed = {
      ...order,
      model: "seedance-2.5-text-to-video",
      quality: "1080p",
      duration: 12,
      generate_audio: false,
    };
    for (const [status, change] of /** @type {[number, object][]} */ ([
      [200, {}],
      [200, { content_filter: true, seed: 7 }],
      [200, { model: "a-model-of-tomorrow" }],
      [403, { duration: 13 }],
      // The model may choose 30 seconds, and no page states its default.
      [403, { duration: undefined }],
      [403, { duration: -1 }],
      [403, { quality: undefined }],
      [403, { generate_audio: undefined }],
      [403, { generate_audio: true }],
      [403, { seed: 7, n: 2 }],
    ])) {
      const headers = {
        "idempotency-key": `order-${JSON.stringify(change).replace(/\W/g, "-").padEnd(16, "-")}`,
      };
      const response = await create({ ...allowed, ...change }, { headers });
      assert.equal(response.status, status, `${JSON.stringify(change)} ${await response.text()}`);
    }
    assert.equal(sent.length, 3);
    assert.equal(JSON.parse(String(sent[1].body)).seed, 7);
  });

  test("addresses of the server's own network", async () => {
    const { create, sent } = setUp({ allow: { models: ["seedance-2.0"], files: true } });
    for (const url of [
      "http://127.0.0.1/a.mp4",
      "http://localhost:3000/a.mp4",
      "http://169.254.169.254/latest/meta-data/a.mp4",
      "http://10.0.0.7/a.mp4",
      "http://[::1]/a.mp4",
      "http://2130706433/a.mp4",
      "file:///etc/passwd",
    ]) {
      const response = await create({ ...order, prompt: "@Video1", video_urls: [url] });
      assert.equal(response.status, 400, url);
    }
    assert.deepEqual(sent, []);
  });

  test("addresses of this machine, where the API is on it too", async () => {
    /** @type {string[]} */
    const sent = [];
    const client = new library.VideoClient({
      baseUrl: "http://127.0.0.1:1",
      fetch: async (url) => (sent.push(url), Response.json({})),
    });
    const { create } = setUp({ client, allow: { models: ["seedance-2.0"], files: true } });
    const urls = ["https://cdn.example.org/a.mp4", "http://127.0.0.1/a.mp4"];
    const response = await create({ ...order, prompt: "@Video1 @Video2", video_urls: urls });
    assert.equal(response.status, 400);
    assert.match((await response.json()).error.message, /`video_urls\[1\]`/);
    assert.deepEqual(sent, []);
  });

  test("lengths that a model of tomorrow may take for its own choice", async () => {
    const model = "a-model-of-tomorrow";
    const { create, sent } = setUp({ allow: { models: [model], maxDuration: 10 } });
    for (const duration of [-1, 0, -5])
      assert.equal((await create({ ...order, model, duration })).status, 403);
    assert.deepEqual(sent, []);
  });

  test("fields with the names of methods are fields", async () => {
    const { create, sent } = setUp({ allow: { models: ["seedance-2.0"], fields: ["constructor"] } });
    assert.equal((await create({ ...order, constructor: 7 })).status, 200);
    assert.equal(JSON.parse(String(sent[0].body)).constructor, 7);
  });

  test("`files` decides about each URL for a user", async () => {
    /** @type {string[]} */
    const asked = [];
    const { create, sent } = setUp({
      allow: {
        models: ["seedance-2.0"],
        files: (url, user) => {
          asked.push(`${user} ${url.hostname}`);
          return url.hostname === "cdn.example.org";
        },
      },
    });
    const withFile = (/** @type {unknown} */ url) =>
      create({ ...order, prompt: "@Image1", image_urls: [url] });
    assert.equal((await withFile("https://cdn.example.org/a.png")).status, 200);
    assert.equal((await withFile("https://evil.example/a.png")).status, 403);
    assert.equal((await withFile("not a URL")).status, 403);
    assert.equal((await withFile({ toString: "https://cdn.example.org/a.png" })).status, 403);
    assert.deepEqual(asked, ["ann cdn.example.org", "ann evil.example"]);
    assert.equal(sent.length, 1);
    // Other parsers would find another host in what the page sent.
    await withFile("https://cdn.example.org\\@evil.example/a.png");
    const { image_urls } = JSON.parse(String(sent.at(-1)?.body));
    assert.deepEqual(image_urls, ["https://cdn.example.org/@evil.example/a.png"]);
  });
});

describe("bodies", () => {
  test("that are no JSON, or of another type, are refused", async () => {
    const { call, sent } = setUp();
    for (const [type, body, status] of /** @type {[string, string, number][]} */ ([
      ["text/plain", JSON.stringify(order), 415],
      ["application/x-www-form-urlencoded", "model=seedance-2.0", 415],
      ["application/jsonp", JSON.stringify(order), 415],
      ["application/json", "{", 400],
      ["application/json", "[]", 400],
      ["application/json", "null", 400],
      ["application/json", "", 400],
      ["application/json; charset=utf-16", JSON.stringify(order), 415],
      ["application/json", '{"model":"seedance-2.0","prompt":"a","__proto__":{"seed":7}}', 403],
      ["application/json; charset=utf-8", JSON.stringify(order), 200],
    ])) {
      const headers = { "content-type": type, "idempotency-key": pageKey };
      const response = await call("/v1/videos/generations", { method: "POST", headers, body });
      assert.equal(response.status, status, `${type} ${body}`);
    }
    assert.equal(sent.length, 1);
  });

  test("that are no UTF-8 are refused: other characters would be another order", async () => {
    const { create, sent } = setUp();
    const bytes = Buffer.from(JSON.stringify({ ...order, prompt: "caf\xe9" }), "latin1");
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(bytes));
        controller.close();
      },
    });
    assert.equal((await create(body)).status, 400);
    assert.deepEqual(sent, []);
  });

  test("are counted as they come, and the rest is not read", async () => {
    const { create, sent } = setUp();
    let chunks = 0;
    let cancelled = false;
    const endless = new ReadableStream({
      pull(controller) {
        chunks++;
        controller.enqueue(new Uint8Array(16_384).fill(32));
      },
      cancel() {
        cancelled = true;
      },
    });
    const response = await create(endless, {
      headers: { "content-length": "10", "content-type": "application/json" },
    });
    assert.equal(response.status, 413);
    assert.ok(chunks < 10, String(chunks));
    assert.equal(cancelled, true);
    assert.deepEqual(sent, []);
  });

  test("that never end time out", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { create } = setUp();
    const hanging = new ReadableStream({});
    const answer = create(hanging, { headers: { "content-type": "application/json" } });
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(30_000);
    assert.equal((await answer).status, 408);
  });

  test("without an idempotency key are refused", async () => {
    const { call, sent } = setUp();
    for (const key of [undefined, "short", "x".repeat(97), "with a space inside"]) {
      const headers = key === undefined ? undefined : { "idempotency-key": key };
      const response = await call("/v1/videos/generations", { headers, body: order });
      assert.equal(response.status, 400, String(key));
    }
    assert.deepEqual(sent, []);
  });
});

describe("uploads", () => {
  const uploads = { allow: { models: ["seedance-2.0"], uploads: true } };
  /** @param {string} body @param {Record<string, string>} [headers] */
  const form = (body, headers) => ({
    method: "POST",
    headers: {
      "content-type": "multipart/form-data; boundary=b",
      "content-length": String(body.length),
      "x-evo-upload-id": "upload-of-the-page",
      ...headers,
    },
    body,
  });
  const part =
    '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n';
  const path = "/api/v1/files/upload/stream";

  test("pass only the bytes, the name and the type of the file", async () => {
    const { call, emulator } = setUp(uploads);
    // The bytes of a file may look like another part of the form.
    const bytes = 'xPNG\r\n--c\r\nContent-Disposition: form-data; name="upload_path"\r\n\r\nother';
    const response = await call(path, form(`${part}${bytes}\r\n--b--\r\n`));
    const { data } = await response.json();
    assert.equal(response.status, 200);
    assert.equal(data.file_size, bytes.length);
    assert.match(data.file_url, /a\.png#evolink-/);
    assert.deepEqual(
      emulator.requests.map(({ operation }) => operation),
      ["upload"],
    );
  });

  test("that are not one file are refused, and nothing is stored", async () => {
    const { call, emulator } = setUp({ ...uploads, maxUploadBytes: 1000 });
    const end = "\r\n--b--\r\n";
    for (const [what, init, status] of /** @type {[string, ReturnType<typeof form>, number][]} */ ([
      ["no receipt id", form(`${part}x${end}`, { "x-evo-upload-id": "" }), 400],
      ["JSON", form("{}", { "content-type": "application/json" }), 415],
      ["no boundary", form(`${part}x${end}`, { "content-type": "multipart/form-data" }), 415],
      ["another field", form(`${part.replace('"file"', '"upload_path"')}x${end}`), 400],
      ["an endless head", form("-".repeat(5000)), 400],
      ["too many bytes", form(`${part}${"x".repeat(1001)}${end}`), 413],
      ["a length that is too large", form(`${part}x${end}`, { "content-length": "900" }), 400],
      ["no length", form(`${part}x${end}`, { "content-length": "" }), 411],
      ["a delimiter at once", form(`${part}--b${end}`), 400],
      ["a length that is no number", form(`${part}x${end}`, { "content-length": "1e3" }), 400],
      [
        "a second part",
        form(`${part}x\r\n--b\r\nContent-Disposition: form-data; name="upload_path"\r\n\r\n/${end}`),
        400,
      ],
    ])) {
      if (init.headers["x-evo-upload-id"] === "")
        delete (/** @type {any} */ (init.headers)["x-evo-upload-id"]);
      if (init.headers["content-length"] === "") delete (/** @type {any} */ (init.headers)["content-length"]);
      const response = await call(path, init);
      assert.equal(response.status, status, what);
    }
    assert.deepEqual(
      emulator.requests.filter(({ status }) => status === 200),
      [],
    );
  });

  test("with a second part are refused, however their chunks are cut", async () => {
    const bytes = new TextEncoder().encode(`${part}\r\r\n--c\r\n--b\r\n--b--\r\n`);
    for (const size of [1, 2, 3, 5, 8]) {
      const { call, emulator } = setUp(uploads);
      let at = 0;
      const body = new ReadableStream({
        pull(controller) {
          if (at >= bytes.length) return controller.close();
          controller.enqueue(bytes.subarray(at, (at += size)));
        },
      });
      const { headers } = form("", { "content-length": String(bytes.length) });
      assert.equal((await call(path, { method: "POST", headers, body })).status, 400, String(size));
      assert.deepEqual(
        emulator.requests.filter(({ status }) => status === 200),
        [],
      );
    }
  });

  for (const [name, stored] of [
    ["../../a.png", "a.png"],
    ["\u2028/../a.png", "a.png"],
    ["C:\\a.png", "a.png"],
    ["a\u0000\u0007.png", "a.png"],
  ])
    test(`have a name without a path: ${JSON.stringify(name)}`, async () => {
      const { call } = setUp(uploads);
      const text = `${part.replace("a.png", name)}xPNG\r\n--b--\r\n`;
      const { headers } = form("", { "content-length": String(Buffer.byteLength(text)) });
      const { data } = await (await call(path, { method: "POST", headers, body: text })).json();
      assert.equal(data.file_name, stored);
    });

  for (const [what, sentBytes] of [
    ["head", 5],
    ["file", part.length + 1],
  ])
    test(`whose ${what} does not go on time out`, async (t) => {
      const { call } = setUp(uploads);
      t.mock.timers.enable({ apis: ["setTimeout"] });
      const text = `${part}xPNG\r\n--b--\r\n`;
      let isCancelled = false;
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode(text.slice(0, Number(sentBytes)))),
        cancel: () => void (isCancelled = true),
      });
      const { headers } = form("", { "content-length": String(text.length) });
      const answer = call(path, { method: "POST", headers, body });
      for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
      t.mock.timers.tick(30_000);
      assert.equal((await answer).status, 408);
      assert.equal(isCancelled, true);
    });

  test("are refused unless they are allowed", async () => {
    const { call, sent } = setUp();
    assert.equal((await call(path, form(`${part}x\r\n--b--\r\n`))).status, 403);
    assert.deepEqual(sent, []);
  });
});

describe("pages of other origins", () => {
  const listed = "https://site.example";
  for (const [what, headers, status] of /** @type {[string, Record<string, string>, number][]} */ ([
    ["a page of the same origin", { origin, "sec-fetch-site": "same-origin" }, 200],
    [
      "a page behind a proxy that ends TLS",
      { origin: "https://public.example", "sec-fetch-site": "same-origin" },
      200,
    ],
    [
      "a page of a host that its server names otherwise",
      { origin: "http://10.0.0.7:3000", host: "10.0.0.7:3000" },
      200,
    ],
    [
      "a page of another host than the request's",
      { origin: "https://evil.example", host: "app.example" },
      403,
    ],
    [
      "a page of this host on another scheme",
      { origin: "http://app.example", host: "app.example", "sec-fetch-site": "cross-site" },
      403,
    ],
    ["a listed page", { origin: listed, "sec-fetch-site": "cross-site" }, 200],
    ["a tool", {}, 200],
    ["a page that its browser calls another's", { origin, "sec-fetch-site": "cross-site" }, 403],
    ["another page", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }, 403],
    ["another page, old browser", { origin: "https://evil.example" }, 403],
    ["a sandboxed page", { origin: "null", "sec-fetch-site": "cross-site" }, 403],
    ["a sibling", { origin: "https://other.app.example", "sec-fetch-site": "same-site" }, 403],
    ["a name that begins the same", { origin: "https://site.example.evil.example" }, 403],
    ["another scheme", { origin: "http://site.example" }, 403],
    ["an image or a form without an origin", { "sec-fetch-site": "cross-site" }, 403],
  ]))
    test(`${what}: ${status}`, async () => {
      const { create, sent } = setUp({ origins: [listed] });
      const response = await create(order, { headers });
      assert.equal(response.status, status);
      assert.equal(sent.length, status === 200 ? 1 : 0);
      const isListed = headers.origin === listed;
      assert.equal(response.headers.get("access-control-allow-origin"), isListed ? listed : null);
    });

  test("may read errors, and the headers that the client reads", async () => {
    const { create } = setUp({ origins: [listed], authorize: () => null });
    const response = await create(order, { headers: { origin: listed } });
    assert.equal(response.status, 401);
    assert.equal(response.headers.get("access-control-allow-origin"), listed);
    const exposed = response.headers.get("access-control-expose-headers");
    assert.equal(exposed, "retry-after, x-request-id, idempotency-replayed");
  });

  test("get an answer to a preflight if they are listed", async () => {
    const { call } = setUp({ origins: [listed] });
    const ask = (/** @type {string} */ from) =>
      call("/v1/videos/generations", {
        method: "OPTIONS",
        user: null,
        headers: {
          origin: from,
          "access-control-request-method": "POST",
          "access-control-request-headers": "content-type,idempotency-key,x-session",
        },
      });
    const response = await ask(listed);
    assert.equal(response.status, 204);
    assert.equal(
      response.headers.get("access-control-allow-headers"),
      "content-type,idempotency-key,x-session",
    );
    assert.equal(response.headers.get("access-control-allow-methods"), "GET, POST");
    assert.equal((await ask("https://evil.example")).headers.get("access-control-allow-methods"), null);
  });
});

describe("the API's refusals", () => {
  for (const [status, seen, code] of /** @type {[number, number, string][]} */ ([
    [401, 424, "upstream_refused"],
    [402, 424, "upstream_refused"],
    [403, 424, "upstream_refused"],
    [400, 400, "the_code"],
    [413, 413, "the_code"],
    [429, 429, "the_code"],
    [500, 504, "paid_outcome_unknown"],
    [502, 504, "paid_outcome_unknown"],
  ]))
    test(`${status} on an order is ${seen}`, async () => {
      const { create, emulator } = setUp();
      const error = { code: "the_code", message: "the key sk-server of account 7" };
      emulator.inject({ on: "create", fault: { status, body: { error } } });
      const response = await create();
      assert.equal(response.status, seen);
      const text = await response.text();
      assert.equal(JSON.parse(text).error.code, code);
      assert.doesNotMatch(text, /sk-server/);
      if (seen === 424 || seen === 504) assert.doesNotMatch(text, /account 7/);
    });

  test("a pause that the API asks for is passed on", async () => {
    const { create, emulator } = setUp();
    emulator.inject({ on: "create", fault: { status: 429, headers: { "retry-after": "17" } } });
    const response = await create();
    assert.equal(response.status, 429);
    assert.equal(response.headers.get("retry-after"), "17");
  });

  test("a server that cannot be read is 502, and a task that is gone 404", async () => {
    const { create, call, emulator } = setUp();
    const { id } = await (await create()).json();
    emulator.inject({ on: "read", times: 2, fault: { status: 500 } });
    assert.equal((await call(`/v1/tasks/${id}`)).status, 502);
    emulator.reset();
    assert.equal((await call(`/v1/tasks/${id}`)).status, 404);
  });
});

describe("`reserve`", () => {
  test("gets the order, and can refuse it before money is spent", async () => {
    /** @type {any[]} */
    const orders = [];
    const { create, sent, page } = setUp({
      reserve: (asked) => {
        orders.push(asked);
        return false;
      },
    });
    assert.equal((await create()).status, 402);
    assert.deepEqual(orders, [{ user: "ann", request: order, key: orders[0].key, credits: 67.5 }]);
    assert.match(orders[0].key, /^[\w-]{43}$/);
    // The page's client does not repeat it.
    await assert.rejects(page().submit(order), (/** @type {EvolinkError} */ error) => {
      assert.equal(error.charged, "no");
      assert.equal(error.retryable, false);
      return error instanceof library.InsufficientCreditsError;
    });
    assert.equal(orders.length, 2);
    assert.deepEqual(sent, []);
  });

  for (const [what, fault, released] of /** @type {[string, any, number][]} */ ([
    ["accepted", { delayMs: 0 }, 0],
    ["refused", { fault: { status: 400 } }, 1],
    ["limited", { fault: { status: 429 } }, 1],
    ["of unknown outcome", { fault: "network", carriedOut: true }, 0],
    ["of unknown outcome, status 500", { fault: { status: 500 } }, 0],
  ]))
    test(`releases an order that is ${what}: ${released}`, async () => {
      let releases = 0;
      const { create, emulator } = setUp({ reserve: () => ({ release: () => releases++ }) });
      emulator.inject({ on: "create", ...fault });
      await create();
      assert.equal(releases, released);
    });

  test("is not asked about an invalid order", async () => {
    let asked = 0;
    const { create } = setUp({ reserve: () => Boolean(++asked) });
    assert.equal((await create({ ...order, prompt: "" })).status, 400);
    assert.equal(asked, 0);
  });

  test("fails: 503, which the client repeats, and nothing is sent", async () => {
    const { create, sent } = setUp({ reserve: () => Promise.reject(new Error("down")) });
    const response = await create();
    assert.equal(response.status, 503);
    assert.equal(response.headers.get("retry-after"), "1");
    assert.deepEqual(sent, []);
  });
});

/** A function of the options, and a promise for its first call, after which its time is limited. */
function neverSettles() {
  /** @type {(value?: unknown) => void} */
  let call = () => {};
  const called = new Promise((resolve) => (call = resolve)).then(() => new Promise(setImmediate));
  const never = () => (call(), new Promise(() => {}));
  return { never, called };
}

describe("a function of the options that never settles", () => {
  for (const name of ["authorize", "reserve", "callback", "files"])
    test(`${name}: 503 after half a minute, and nothing is sent`, async (t) => {
      const { never, called } = neverSettles();
      const isFiles = name === "files";
      const { create, sent } = setUp(
        isFiles ? { allow: { models: [order.model], files: /** @type {any} */ (never) } } : { [name]: never },
      );
      t.mock.timers.enable({ apis: ["setTimeout"] });
      const answer = create(isFiles ? { ...order, image_urls: ["https://a.example/1.png"] } : order);
      await called;
      t.mock.timers.tick(30_000);
      const response = await answer;
      assert.equal(response.status, 503);
      assert.equal(await codeOf(response), `${name}_failed`);
      assert.deepEqual(sent, []);
    });

  test("frees what `reserve` reserves too late", async (t) => {
    let releases = 0;
    let settle = (/** @type {{ release(): unknown }} */ _) => {};
    const { never, called } = neverSettles();
    const { create } = setUp({ reserve: () => (never(), new Promise((resolve) => (settle = resolve))) });
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const answer = create();
    await called;
    t.mock.timers.tick(30_000);
    assert.equal((await answer).status, 503);
    settle({ release: () => releases++ });
    await new Promise(setImmediate);
    assert.equal(releases, 1);
  });
});

test("a page says why the API refused an order, as a server does", async () => {
  const body = { error: { code: "content_policy_violation", message: "no celebrities" } };
  const { page, emulator, client } = setUp();
  for (const status of [400, 429, 503]) {
    const fault = { status, body, headers: { "retry-after": "0" } };
    const messages = [];
    for (const from of [client, page("ann", { maxRetries: 0 })]) {
      emulator.inject({ on: "create", nth: 1, fault });
      const error = await from.submit(order).catch((/** @type {Error} */ thrown) => thrown);
      messages.push(/** @type {Error} */ (error).message);
      emulator.reset();
    }
    assert.match(messages[0], /no celebrities/);
    assert.equal(messages[1], messages[0], String(status));
  }
});

test("`release` that never settles delays the answer by half a minute at most", async (t) => {
  const { never, called } = neverSettles();
  const { create, emulator } = setUp({ reserve: () => ({ release: never }) });
  emulator.inject({ on: "create", fault: { status: 400 } });
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const answer = create();
  await called;
  t.mock.timers.tick(30_000);
  assert.equal((await answer).status, 400);
});

describe("what a function of the options may not return", () => {
  const answers = /** @type {[string, any][]} */ ([
    ["reserve", "no"],
    ["reserve", 1],
    ["reserve", {}],
    ["reserve", { release: true }],
    ["callback", 7],
    ["callback", "callback"],
    ["callback", []],
    ["callback", ["https://app.example/1", null]],
  ]);
  for (const [name, returned] of answers)
    test(`${name} returns ${JSON.stringify(returned)}: 503, and nothing is sent`, async () => {
      const { create, sent, events } = setUp({ [name]: () => returned });
      const response = await create();
      assert.equal(response.status, 503);
      assert.equal(await codeOf(response), `${name}_failed`);
      assert.match(String(/** @type {any} */ (events[0]).error), new RegExp(`\`${name}\` must return`));
      assert.deepEqual(sent, []);
    });

  for (const returned of [null, "https://app.example/1.mp4", [7]])
    test(`results returns ${JSON.stringify(returned)}: 503`, async () => {
      const { create, call } = setUp({ results: () => /** @type {any} */ (returned) }, { taskTime: 0 });
      const { id } = await (await create()).json();
      const response = await call(`/v1/tasks/${id}`);
      assert.equal(response.status, 503);
      assert.equal(await codeOf(response), "results_failed");
    });

  test("files throws: 503, and nothing is sent", async () => {
    const files = () => {
      throw new Error("the list is down");
    };
    const { create, sent } = setUp({ allow: { models: [order.model], files } });
    const response = await create({ ...order, image_urls: ["https://a.example/1.png"] });
    assert.equal(await codeOf(response), "files_failed");
    assert.deepEqual(sent, []);
  });

  test("release throws: the page learns why the order was refused", async () => {
    const release = () => {
      throw new Error("down");
    };
    const { create, emulator } = setUp({ reserve: () => ({ release }) });
    emulator.inject({ on: "create", fault: { status: 400 } });
    assert.equal((await create()).status, 400);
  });

  test("onEvent rejects or throws, and waitUntil throws: the answer is the same", async () => {
    const { proxy } = setUp({
      onEvent: /** @type {any} */ (async () => assert.fail("an observer")),
    });
    const request = new Request(`${origin}/evolink/v1/videos/generations`, {
      method: "POST",
      headers: { "x-user": "ann", "content-type": "application/json", "idempotency-key": pageKey },
      body: JSON.stringify(order),
    });
    const waitUntil = () => assert.fail("Illegal invocation");
    assert.equal((await proxy(request, { waitUntil })).status, 200);
    // An unhandled rejection would fail the test.
    await new Promise(setImmediate);
  });
});

test("an order is sent although the page leaves, and a read ends", async () => {
  const { proxy, emulator, create } = setUp();
  /** @type {Promise<unknown>[]} */
  const waited = [];
  const left = new AbortController();
  emulator.inject({ on: "create", delayMs: 50, times: 1 });
  const answer = proxy(
    new Request(`${origin}/evolink/v1/videos/generations`, {
      method: "POST",
      headers: { "x-user": "ann", "content-type": "application/json", "idempotency-key": pageKey },
      body: JSON.stringify(order),
      signal: left.signal,
    }),
    { waitUntil: (work) => waited.push(work) },
  );
  setTimeout(() => left.abort(), 10);
  assert.equal((await answer).status, 200);
  assert.equal(waited.length, 1);
  assert.equal(emulator.counts.charges, 1);
  const { id } = await (await create()).json();
  emulator.inject({ on: "read", delayMs: 5000 });
  const began = performance.now();
  await proxy(
    new Request(`${origin}/evolink/v1/tasks/${id}`, {
      headers: { "x-user": "ann" },
      signal: AbortSignal.timeout(20),
    }),
  );
  assert.ok(performance.now() - began < 2000);
});

test("`callback` sets the address of each order", async () => {
  const { create, sent } = setUp({
    callback: ({ user, key }) => `https://app.example/callbacks/${user}/${key}`,
  });
  await create();
  const { callback_url } = JSON.parse(String(sent[0].body));
  assert.match(callback_url, /^https:\/\/app\.example\/callbacks\/ann\/[\w-]{43}$/);
});

describe("an order that is repeated after its callback got another URL", () => {
  const lost = /** @type {const} */ ({ on: "create", nth: 1, fault: "network", carriedOut: true });
  const newSecret = "another secret of 32 characters!";
  for (const [what, ms, secrets] of /** @type {[string, number, string[]][]} */ ([
    ["the next day", 86_400_000, [secret]],
    ["with a new secret", 0, [newSecret, secret]],
    ["the next day with a new secret", 86_400_000, [newSecret, secret]],
  ]))
    test(`${what} is charged once`, async (t) => {
      t.mock.timers.enable({ apis: ["Date"], now: Date.UTC(2026, 10, 28, 23, 59) });
      let current = [secret];
      const { create, emulator, client } = setUp({
        callback: ({ key }) =>
          server
            .createCallbacks({ client, url: `${origin}/callbacks`, secret: current, onTask() {} })
            .urls(key),
      });
      emulator.inject(lost);
      assert.equal((await create()).status, 504);
      current = secrets;
      t.mock.timers.tick(ms);
      const repeated = await create();
      assert.equal(repeated.status, 200);
      assert.equal(repeated.headers.get("idempotency-replayed"), "true");
      assert.equal(emulator.counts.charges, 1);
    });

  test("is refused if it is another one", async () => {
    const { create, sent } = setUp({ callback: () => ["https://app.example/1", "https://app.example/2"] });
    assert.equal((await create()).status, 200);
    const other = await create({ ...order, prompt: "A lighthouse" });
    assert.equal(other.status, 409);
    assert.equal(await codeOf(other), "idempotency_conflict");
    assert.equal(sent.length, 3);
  });
});

test("`results` replaces the links of completed tasks", async () => {
  /** @type {string[]} */
  const asked = [];
  const { page } = setUp(
    {
      results: ({ user, task }) => {
        asked.push(`${user} ${task.id}`);
        return ["https://app.example/videos/1.mp4"];
      },
    },
    { taskTime: 0.1, estimatedTime: 0.1 },
  );
  const task = await page().generate(order);
  assert.deepEqual(task.results, ["https://app.example/videos/1.mp4"]);
  assert.deepEqual((await page().retrieveAll([task.id]))[0]?.results, task.results);
  // Of the API's id, and of no unfinished task.
  assert.deepEqual([...new Set(asked)], [`ann ${task.id.split(".")[0]}`]);
});

test("events tell what happened, without keys and prompts", async () => {
  const { create, call, events } = setUp();
  const { id } = await (await create()).json();
  await call(`/v1/tasks/${id}`);
  await call(`/v1/tasks/${id}`, { user: "bob" });
  assert.deepEqual(events, [
    { type: "created", user: "ann", taskId: id.split(".")[0], replayed: false, credits: 67.5 },
    { type: "read", user: "ann", taskIds: [id.split(".")[0]] },
    { type: "refused", operation: "read", status: 404, code: "task_not_found" },
  ]);
});

describe("invalid options name the option", () => {
  const client = new library.VideoClient({ apiKey: "sk-server" });
  const valid = { client, secret, authorize: () => null, allow: { models: ["seedance-2.0"] } };
  for (const [name, change] of /** @type {[string, object][]} */ ([
    ["client", { client: undefined }],
    ["client", { client: {} }],
    ["secret", { secret: undefined }],
    ["secret", { secret: "short" }],
    ["secret", { secret: [] }],
    ["secret", { secret: [secret, "short"] }],
    ["authorize", { authorize: undefined }],
    ["allow", { allow: undefined }],
    ["allow.models", { allow: { models: "seedance-2.0" } }],
    ["callback_url", { allow: { models: [], callback_url: true } }],
    ["allow", { allow: null }],
    ["allow", { allow: { qualities: ["480p"] } }],
    ["allow.models", { allow: { models: [7] } }],
    ["allow.models", { allow: { models: undefined } }],
    ["allow.qualities", { allow: { models: [], qualities: "480p" } }],
    ["allow.maxDuration", { allow: { models: [], maxDuration: "10" } }],
    ["allow.maxDuration", { allow: { models: [], maxDuration: NaN } }],
    ["allow.maxDuration", { allow: { models: [], maxDuration: -1 } }],
    ["allow.audio", { allow: { models: [], audio: "false" } }],
    ["allow.files", { allow: { models: [], files: "all" } }],
    ["allow.uploads", { allow: { models: [], uploads: "false" } }],
    ["allow.credits", { allow: { models: [], credits: 1 } }],
    ["allow.fields", { allow: { models: [], fields: "content_filter" } }],
    ["allow.fields", { allow: { models: [], fields: ["callback_url"] } }],
    ["path", { path: "/a/../evolink" }],
    ["path", { path: "/vidéos" }],
    ["path", { path: "/a b" }],
    ["path", { path: "evolink" }],
    ["path", { path: "/evolink/" }],
    ["origins", { origins: ["*"] }],
    ["origins", { origins: ["https://site.example/"] }],
    ["origins", { origins: "https://site.example" }],
    ["maxBodyBytes", { maxBodyBytes: "64k" }],
    ["reserve", { reserve: {} }],
    ["results", { results: [] }],
    ["maxBodyByte", { maxBodyByte: 7 }],
  ]))
    test(`${name}: ${JSON.stringify(change)}`, () => {
      assert.throws(
        () => server.createProxy(/** @type {any} */ ({ ...valid, ...change })),
        (error) =>
          error instanceof library.ConfigurationError &&
          error.message.includes(`\`${name}\``) &&
          !error.message.includes("a secret of"),
      );
    });
  test("no options at all", () => {
    assert.throws(() => /** @type {any} */ (server.createProxy)(), library.ConfigurationError);
  });
});

/** @param {number} width @param {number} height */
async function pngOf(width, height) {
  const { deflateSync, crc32 } = await import("node:zlib");
  /** @param {string} type @param {Buffer} data */
  const chunk = (type, data) => {
    const named = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.alloc((width * 3 + 1) * height))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/**
 * A client of an API whose only task has this id.
 * @param {import("../../pkg-template/testing.js").Emulator} emulator
 * @param {string} id
 */
function clientWithIds(emulator, id) {
  let own = "";
  /** @type {any} */
  const fetchRenamed = async (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
    const body = typeof init.body === "string" ? init.body.replaceAll(id, own) : init.body;
    const response = await emulator.fetch(url.replace(id, own), { ...init, body });
    const text = await response.text();
    own ||= JSON.parse(text).id;
    return new Response(text.replaceAll(own, id), response);
  };
  return new library.VideoClient({ apiKey: "sk-server", baseUrl: api, fetch: fetchRenamed });
}
