// Errors that a user constructs, writes as JSON and reads again, on the installed package in Node.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { inspect } from "node:util";
import { imported, installed } from "../support/packed.js";

const request = { model: "seedance-2.0", prompt: "A paper boat on a river" };

/** The default fields of each class. @type {Record<string, [code: string, retryable: boolean, charged: string]>} */
const defaults = {
  EvolinkError: ["unknown_error", false, "unknown"],
  ValidationError: ["invalid_request", false, "no"],
  ConfigurationError: ["invalid_option", false, "no"],
  BadRequestError: ["invalid_request", false, "no"],
  AuthenticationError: ["unauthorized", false, "no"],
  InsufficientCreditsError: ["insufficient_quota", false, "no"],
  PermissionDeniedError: ["model_access_denied", false, "no"],
  NotFoundError: ["http_404", false, "no"],
  RateLimitError: ["rate_limit_exceeded", true, "no"],
  ServerError: ["internal_error", true, "no"],
  ConnectionError: ["connection_failed", true, "no"],
  RequestTimeoutError: ["request_timeout", true, "no"],
  OutcomeUnknownError: ["paid_outcome_unknown", true, "unknown"],
  TaskFailedError: ["unknown_error", false, "no"],
  TaskCancelledError: ["task_cancelled", false, "unknown"],
  WaitTimeoutError: ["wait_timeout", true, "unknown"],
};

/** @type {Awaited<ReturnType<typeof imported>> & Record<string, any>} */
let library;
before(async () => {
  library = await imported(await installed());
});

/** Sends an error through JSON and back. @param {unknown} error */
const sent = (error) => library.EvolinkError.from(JSON.parse(JSON.stringify(error)));

test("the table of defaults has every class", () => {
  const classes = Object.keys(library).filter((name) => name.endsWith("Error"));
  assert.deepEqual(Object.keys(defaults).sort(), classes.sort());
});

for (const [name, [code, retryable, charged]] of Object.entries(defaults)) {
  describe(name, () => {
    test("is constructed from a message, with the defaults of its class", () => {
      const error = new library[name]("It broke");
      assert.ok(error instanceof library[name] && error instanceof library.EvolinkError);
      assert.deepEqual(
        [error.name, error.message, error.code, error.retryable, error.charged],
        [name, "It broke", code, retryable, charged],
      );
      assert.equal("cause" in error, false);
    });

    test("takes fields, and ignores those that are undefined", () => {
      const cause = new TypeError("fetch failed");
      const error = new library[name]("It broke", { code: "x", status: 500, charged: undefined, cause });
      assert.deepEqual([error.code, error.status, error.charged, error.cause], ["x", 500, charged, cause]);
    });

    test("keeps its class, message, fields and the cause's words through JSON and structuredClone", () => {
      const cause = new TypeError("fetch failed");
      const error = new library[name]("It broke", { requestId: "req_1", retryAfterMs: 2_000, cause });
      const json = error.toJSON();
      assert.deepEqual(json.cause, { name: "TypeError", message: "fetch failed" });
      assert.deepEqual(structuredClone(json), json);
      for (const copy of [sent(error), library.EvolinkError.from(structuredClone(json)), sent(sent(error))]) {
        assert.ok(copy instanceof library[name]);
        assert.deepEqual(copy.toJSON(), json);
      }
    });
  });
}

test("a name is not enumerable and can be replaced, as that of any error", () => {
  const error = new library.RateLimitError("Too many requests");
  assert.equal(Object.keys(error).includes("name"), false);
  error.name = "MyError";
  assert.equal(error.name, "MyError");
  assert.match(
    inspect(new library.RateLimitError("Too many requests")),
    /^RateLimitError: Too many requests\n/,
  );
});

test("a class that extends one of them keeps its defaults", () => {
  class Busy extends library.RateLimitError {}
  const error = new Busy("Too many requests");
  assert.ok(error instanceof library.RateLimitError);
  assert.deepEqual([error.name, error.retryable], ["RateLimitError", true]);
});

describe("the fields that a class adds", () => {
  test("`issues` of a ValidationError is an array of its own", () => {
    const [one, other] = [new library.ValidationError("a"), new library.ValidationError("b")];
    assert.deepEqual(one.issues, []);
    assert.notEqual(one.issues, other.issues);
  });

  test("`task` of a TaskFailedError gives the code and the id", () => {
    const reason = { code: "content_policy_violation", message: "A real face" };
    /** @type {import("../../pkg-template/index.js").FailedTask} */
    const task = { id: "task-1", status: "failed", progress: 60, error: reason };
    const error = new library.TaskFailedError("The task failed", { task });
    assert.deepEqual([error.code, error.taskId, error.task], ["content_policy_violation", "task-1", task]);
  });

  test("`task` is made up where it is left out, so that code under test can read it", () => {
    const failed = new library.TaskFailedError("It failed", { taskId: "task-1", code: "service_error" });
    assert.deepEqual(failed.task, {
      id: "task-1",
      status: "failed",
      progress: null,
      error: { code: "service_error", message: "It failed" },
    });
    const { task } = new library.TaskCancelledError("It was cancelled");
    assert.deepEqual(task, { id: "", status: "cancelled", progress: null });
    assert.equal(new library.WaitTimeoutError("Too long").task, undefined);
  });
});

describe("an error of the client", () => {
  test("has its message, its name and its issues in JSON", async () => {
    const client = new library.VideoClient({ apiKey: "sk-test", fetch: library.createEmulator().fetch });
    const error = await client.submit({ ...request, prompt: "" }).catch((error) => error);
    const json = JSON.parse(JSON.stringify(error));
    assert.deepEqual(
      [json.name, json.message, json.code],
      ["ValidationError", error.message, "invalid_request"],
    );
    assert.deepEqual(json.issues, error.issues);
  });

  test("keeps the key of a submission with an unknown outcome", async () => {
    const fetch = library.createEmulator({ faults: [{ fault: "network" }] }).fetch;
    const client = new library.VideoClient({ apiKey: "sk-test", fetch, maxRetries: 0 });
    const error = await client.submit(request).catch((error) => error);
    const copy = sent(error);
    assert.ok(copy instanceof library.OutcomeUnknownError);
    assert.deepEqual(copy.toJSON(), error.toJSON());
    assert.match(String(copy.idempotencyKey), /^[A-Za-z0-9._-]{16,96}$/);
    assert.equal(/** @type {any} */ (copy.cause).name, "TypeError");
  });
});

describe("EvolinkError.from", () => {
  test("returns an EvolinkError unchanged", () => {
    const error = new library.NotFoundError("No such task");
    assert.equal(library.EvolinkError.from(error), error);
  });

  test("keeps fields of a later version, under an unknown name too", () => {
    const json = {
      name: "LaterError",
      message: "New",
      code: "new",
      retryable: true,
      charged: "yes",
      param: "a",
    };
    const error = library.EvolinkError.from(json);
    assert.equal(error.constructor, library.EvolinkError);
    assert.deepEqual(error.toJSON(), { ...json, name: "EvolinkError" });
  });

  for (const [what, value, message] of /** @type {[string, unknown, string][]} */ ([
    ["another error", new TypeError("fetch failed"), "fetch failed"],
    ["a system error", Object.assign(new Error("refused"), { code: "ECONNREFUSED" }), "refused"],
    ["a string", "boom", "boom"],
    ["null", null, "null"],
    ["undefined", undefined, "undefined"],
    ["an object", {}, "[object Object]"],
  ])) {
    test(`wraps ${what}, of which it is unknown whether it was charged`, () => {
      const error = library.EvolinkError.from(value);
      assert.equal(error.constructor, library.EvolinkError);
      assert.deepEqual([error.message, error.code, error.charged], [message, "unknown_error", "unknown"]);
      assert.equal(error.cause, value);
    });
  }
});
