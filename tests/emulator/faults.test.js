import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createEmulator } from "../../pkg-template/testing.js";
import { json, key, origin, paths, request, setUp } from "./support.js";

/** @typedef {import("../../pkg-template/testing.js").Fault} Fault */

describe("a fault applies to", () => {
  /** @type {[what: string, rule: Partial<Fault>, statuses: number[]][]} */
  const cases = [
    ["every request", {}, [500, 500, 500, 500]],
    ["requests of its operation", { on: "models" }, [200, 500, 200, 500]],
    ["the nth matching request", { on: "models", nth: 2 }, [200, 200, 200, 500]],
    ["at most `times` requests", { times: 3 }, [500, 500, 500, 200]],
    [
      "requests for which `when` returns true",
      { when: ({ path }) => path.endsWith("credits") },
      [500, 200, 500, 200],
    ],
  ];
  for (const [what, rule, expected] of cases)
    test(what, async () => {
      const fault = /** @type {Fault} */ ({ fault: { status: 500 }, ...rule });
      const { call } = setUp({ faults: [fault] });
      const statuses = [];
      for (const path of [paths.credits, paths.models, paths.credits, paths.models])
        statuses.push((await call(path)).status);
      assert.deepEqual(statuses, expected);
    });
});

test("`when` receives the request", async () => {
  /** @type {import("../../pkg-template/testing.js").EmulatedRequest[]} */
  const seen = [];
  const when = (/** @type {typeof seen[number]} */ request) => seen.push(request) === 0;
  const { create, call } = setUp({ faults: [{ when, delayMs: 0 }] });
  await create(request, { idempotencyKey: key });
  await call("/v1/tasks/abc");
  assert.deepEqual(seen, [
    {
      operation: "create",
      method: "POST",
      path: paths.create,
      body: request,
      idempotencyKey: key,
      taskId: null,
    },
    {
      operation: "read",
      method: "GET",
      path: "/v1/tasks/abc",
      body: undefined,
      idempotencyKey: null,
      taskId: "abc",
    },
  ]);
});

test("the first fault that fires is applied, and `inject` adds after it", async () => {
  const { call, emulator } = setUp({
    faults: [{ times: 1, fault: { status: 500 } }],
  });
  emulator.inject({ fault: { status: 503 } });
  assert.equal((await call(paths.models)).status, 500);
  assert.equal((await call(paths.models)).status, 503);
});

for (const [what, rule] of /** @type {[string, any][]} */ ([
  ["kind", { fault: "netwrok" }],
  ["operation", { on: "creat", fault: "network" }],
  ["action", { on: "create" }],
  ["rate", { seed: 1, rate: 2 }],
]))
  test(`throws for a fault with an invalid ${what}`, () => {
    assert.throws(() => createEmulator().inject(rule), TypeError);
    assert.throws(() => createEmulator({ faults: [rule] }), TypeError);
  });

describe("a custom response", () => {
  test("has its status, headers and JSON", async () => {
    const body = { success: false, code: 7, msg: "no" };
    const headers = { "retry-after": "3" };
    const { call, emulator } = setUp();
    emulator.inject({ fault: { status: 429, headers, body } });
    const response = await call(paths.credits);
    assert.equal(response.status, 429);
    assert.equal(response.headers.get("retry-after"), "3");
    assert.deepEqual(await json(response), body);
  });

  test("has its text body", async () => {
    const { call, emulator } = setUp();
    const headers = { "content-type": "text/html" };
    emulator.inject({ fault: { status: 502, headers, body: "<h1>" } });
    const response = await call(paths.credits);
    assert.equal(response.headers.get("content-type"), "text/html");
    assert.equal(await response.text(), "<h1>");
  });

  test("is an error in the vendor's format by default", async () => {
    const { call, emulator } = setUp();
    emulator.inject({ fault: { status: 503 } });
    const { error } = await json(await call(paths.credits));
    assert.equal(error.code, "service_unavailable");
    assert.equal(error.type, "service_unavailable_error");
  });

  test("is a refusal of the files API at its endpoints by default", async () => {
    const { call, emulator } = setUp();
    emulator.inject({ on: "quota", fault: { status: 503 } });
    const response = await call("/api/v1/files/quota");
    assert.equal(response.status, 503);
    assert.deepEqual(await json(response), { success: false, code: 503, msg: "Injected fault" });
  });

  test("can be a redirect or have no body", async () => {
    const { call, emulator } = setUp();
    const headers = { location: "https://evil.example/" };
    emulator.inject({ times: 1, fault: { status: 302, headers } });
    emulator.inject({ fault: { status: 204 } });
    const redirect = await call(paths.credits);
    assert.equal(redirect.headers.get("location"), headers.location);
    assert.equal((await call(paths.credits)).body, null);
  });
});

describe("charges of a create call with a fault", () => {
  /** @type {[import("../../pkg-template/testing.js").FaultAction, number][]} */
  const cases = [
    [{ fault: { status: 500 } }, 0],
    [{ fault: { status: 502 }, carriedOut: true }, 1],
    [{ fault: "network" }, 0],
    [{ fault: "network", carriedOut: true }, 1],
    [{ fault: "cut-body" }, 1],
    [{ fault: "stall-body" }, 1],
    [{ fault: "endless-body" }, 1],
    [{ fault: "html" }, 1],
    [{ fault: "html", carriedOut: false }, 0],
    [{ fault: "invalid-json" }, 1],
    [{ fault: "wrong-types" }, 1],
    [{ fault: "missing-id" }, 1],
    [{ delayMs: 1 }, 1],
  ];
  for (const [action, charges] of cases)
    test(`${JSON.stringify(action)}: ${charges}`, async () => {
      const { create, emulator } = setUp({
        faults: [{ on: "create", nth: 1, ...action }],
      });
      await create(request, { idempotencyKey: key }).catch(() => {});
      assert.equal(emulator.counts.charges, charges);
      assert.equal(emulator.requests[0].taskId !== null, charges === 1);
      const again = await create(request, { idempotencyKey: key });
      assert.equal(again.status, 200);
      assert.equal(again.headers.has("idempotency-replayed"), charges === 1);
      assert.equal(emulator.counts.charges, 1);
    });
});

test("a network fault rejects like fetch, with `emulatedFault`", async () => {
  const { call, emulator } = setUp({ faults: [{ fault: "network" }] });
  await assert.rejects(call(paths.credits), (/** @type {any} */ error) => {
    assert.ok(error instanceof TypeError);
    assert.equal(error.message, "fetch failed");
    assert.equal(/** @type {any} */ (error).emulatedFault, "network");
    return true;
  });
  assert.equal(emulator.requests[0].status, null);
  assert.equal(emulator.requests[0].fault, "network");
});

test("a delay delays the response", async () => {
  const { call, emulator } = setUp({ faults: [{ delayMs: 20 }] });
  const start = performance.now();
  assert.equal((await call(paths.credits)).status, 200);
  assert.ok(performance.now() - start >= 18);
  assert.equal(emulator.requests[0].fault, "delay");
});

describe("a corrupted body", () => {
  /** @param {import("../../pkg-template/testing.js").FaultKind} fault */
  async function createWith(fault) {
    const { create } = setUp({ faults: [{ on: "create", fault }] });
    return create();
  }

  test("cut-body: a part, then an error", async () => {
    const response = await createWith("cut-body");
    const reader = /** @type {any} */ (response.body).getReader();
    const { value } = await reader.read();
    assert.match(new TextDecoder().decode(value), /^\{"id":"task-unified/);
    await assert.rejects(reader.read(), TypeError);
  });

  test("stall-body: a part, then nothing", async () => {
    const response = await createWith("stall-body");
    const reader = /** @type {any} */ (response.body).getReader();
    assert.ok((await reader.read()).value.length > 10);
    const later = new Promise((resolve) => setTimeout(resolve, 10, "later"));
    assert.equal(await Promise.race([reader.read(), later]), "later");
  });

  test("endless-body: white space without end, and timers still run", async () => {
    const response = await createWith("endless-body");
    const reader = /** @type {any} */ (response.body).getReader();
    for (let i = 0; i < 5; i++) {
      const { value } = await reader.read();
      assert.equal(new TextDecoder().decode(value).trim(), "");
      assert.ok(value.length > 10_000);
    }
    await reader.cancel();
  });

  test("html: a page with the original status", async () => {
    const response = await createWith("html");
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "text/html");
    assert.match(await response.text(), /^<!doctype html>/);
  });

  test("invalid-json: does not parse", async () => {
    const text = await (await createWith("invalid-json")).text();
    assert.match(text, /^\{"id"/);
    assert.throws(() => JSON.parse(text), SyntaxError);
  });

  test("wrong-types: numbers instead of strings, strings instead of numbers", async () => {
    const task = await json(await createWith("wrong-types"));
    assert.equal(typeof task.id, "number");
    assert.equal(typeof task.status, "number");
    assert.equal(task.progress, "0");
    assert.equal(task.task_info.estimated_time, "165");
  });

  test("missing-id: no id", async () => {
    const task = await json(await createWith("missing-id"));
    assert.equal("id" in task, false);
    assert.equal(task.status, "pending");
  });
});

describe("an abort rejects with its reason", () => {
  const reason = "a reason that is not an Error";

  test("before the call, without a request", async () => {
    const { call, emulator } = setUp();
    const signal = AbortSignal.abort(reason);
    await assert.rejects(call(paths.credits, { signal }), is(reason));
    assert.equal(emulator.requests.length, 0);
  });

  for (const action of /** @type {const} */ ([{ delayMs: 10_000 }, { fault: "no-answer" }]))
    test(`during ${JSON.stringify(action)}`, async () => {
      const { call, emulator } = setUp({ faults: [action] });
      const controller = new AbortController();
      const response = call(paths.credits, { signal: controller.signal });
      setTimeout(() => controller.abort(reason), 5);
      await assert.rejects(response, is(reason));
      assert.equal(emulator.requests[0].status, null);
    });

  for (const fault of /** @type {const} */ (["stall-body", "endless-body"]))
    test(`while the body is read: ${fault}`, async () => {
      const { call } = setUp({ faults: [{ fault }] });
      const controller = new AbortController();
      const { signal } = controller;
      const response = await call(paths.credits, { signal });
      setTimeout(() => controller.abort(reason), 5);
      await assert.rejects(response.text(), is(reason));
    });

  test("of a Request's signal", async () => {
    const { emulator } = setUp({ faults: [{ fault: "no-answer" }] });
    const controller = new AbortController();
    const { signal } = controller;
    const response = emulator.fetch(new Request(origin, { signal }));
    controller.abort(reason);
    await assert.rejects(response, is(reason));
  });

  /** @param {unknown} expected */
  function is(expected) {
    return (/** @type {unknown} */ actual) => actual === expected;
  }
});

describe("random faults", () => {
  /**
   * The faults and statuses of a hundred reads.
   *
   * @param {Fault} fault
   */
  async function history(fault) {
    const { call, emulator } = setUp({ faults: [fault] });
    for (let i = 0; i < 100; i++)
      await call(paths.credits)
        .then((response) => response.text())
        .catch(() => {});
    return emulator.requests.map((entry) => [entry.fault, entry.status].join());
  }
  const faultCount = (/** @type {string[]} */ list) => list.filter((entry) => !entry.startsWith(",")).length;

  test("depend on the seed alone", async () => {
    const first = await history({ seed: 1, rate: 0.5 });
    assert.deepEqual(await history({ seed: 1, rate: 0.5 }), first);
    assert.notDeepEqual(await history({ seed: 2, rate: 0.5 }), first);
  });

  test("have their rate and all kinds", async () => {
    assert.equal(faultCount(await history({ seed: 1, rate: 0 })), 0);
    assert.equal(faultCount(await history({ seed: 1, rate: 1 })), 100);
    const some = faultCount(await history({ seed: 1, rate: 0.3 }));
    assert.ok(some > 15 && some < 45, `${some}`);
    const kinds = new Set(await history({ seed: 1, rate: 1 }));
    assert.ok(kinds.size >= 9, [...kinds].join(" "));
  });

  test("can be restricted to kinds and an operation", async () => {
    const { call } = setUp({
      faults: [{ seed: 1, rate: 1, on: "models", among: [{ fault: { status: 418 } }] }],
    });
    assert.equal((await call(paths.credits)).status, 200);
    assert.equal((await call(paths.models)).status, 418);
  });
});
