// Errors that users construct, serialize and restore, tested with the installed package in Node.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { inspect } from "node:util";
import { importPackage, installPackage } from "../support/packed.js";
import { runProgram } from "../support/program.js";

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

/** @type {Awaited<ReturnType<typeof importPackage>> & Record<string, any>} */
let library;
let folder = "";
before(async () => {
  folder = await installPackage();
  library = await importPackage(folder);
});

/** Serializes an error to JSON and restores it. @param {unknown} error */
const roundTrip = (error) => library.EvolinkError.from(JSON.parse(JSON.stringify(error)));

test("the table of defaults has every class", () => {
  const classes = Object.keys(library).filter((name) => name.endsWith("Error"));
  assert.deepEqual(Object.keys(defaults).sort(), classes.sort());
});

for (const [name, [code, retryable, charged]] of Object.entries(defaults)) {
  describe(name, () => {
    test("can be constructed from a message, with the defaults of its class", () => {
      const error = new library[name]("It failed");
      assert.ok(error instanceof library[name] && error instanceof library.EvolinkError);
      assert.deepEqual(
        [error.name, error.message, error.code, error.retryable, error.charged],
        [name, "It failed", code, retryable, charged],
      );
      assert.equal("cause" in error, false);
    });

    test("accepts fields, and ignores undefined ones", () => {
      const cause = new TypeError("fetch failed");
      const error = new library[name]("It failed", { code: "x", status: 500, charged: undefined, cause });
      assert.deepEqual([error.code, error.status, error.charged, error.cause], ["x", 500, charged, cause]);
    });

    test("JSON and structuredClone preserve its class, message, fields and the message of its cause", () => {
      const cause = new TypeError("fetch failed");
      const error = new library[name]("It failed", {
        requestId: "req_1",
        retryAfterMs: 2_000,
        param: "duration",
        type: "invalid_request_error",
        suggestion: "Use 5.",
        details: { min: 4, max: 15 },
        body: "{}",
        cause,
      });
      const json = error.toJSON();
      assert.deepEqual(json.cause, { name: "TypeError", message: "fetch failed" });
      assert.deepEqual(structuredClone(json), json);
      for (const copy of [
        roundTrip(error),
        library.EvolinkError.from(structuredClone(json)),
        roundTrip(roundTrip(error)),
      ]) {
        assert.ok(copy instanceof library[name]);
        assert.deepEqual(copy.toJSON(), json);
      }
    });
  });
}

test("`name` is writable and not enumerable", () => {
  const error = new library.RateLimitError("Too many requests");
  assert.equal(Object.keys(error).includes("name"), false);
  error.name = "MyError";
  assert.equal(error.name, "MyError");
  assert.match(
    inspect(new library.RateLimitError("Too many requests")),
    /^RateLimitError: Too many requests\n/,
  );
});

test("fields may be null, as in JavaScript without types", () => {
  for (const name of Object.keys(defaults)) assert.equal(new library[name]("x", null).message, "x");
});

test("subclasses inherit the defaults", () => {
  class Busy extends library.RateLimitError {}
  const error = new Busy("Too many requests");
  assert.ok(error instanceof library.RateLimitError);
  assert.deepEqual([error.name, error.retryable], ["RateLimitError", true]);
});

describe("fields of single classes", () => {
  test("each ValidationError has its own `issues` array", () => {
    const [one, other] = [new library.ValidationError("a"), new library.ValidationError("b")];
    assert.deepEqual(one.issues, []);
    assert.notEqual(one.issues, other.issues);
  });

  test("TaskFailedError takes its code and id from `task`", () => {
    const reason = { code: "content_policy_violation", message: "A real face" };
    /** @type {import("../../pkg-template/index.js").FailedTask} */
    const task = { id: "task-1", status: "failed", progress: 60, error: reason };
    const error = new library.TaskFailedError("The task failed", { task });
    assert.deepEqual([error.code, error.taskId, error.task], ["content_policy_violation", "task-1", task]);
  });

  test("`task` has a default, so that code under test can read it", () => {
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

describe("errors of the client", () => {
  test("have their message, name and issues in JSON", async () => {
    const client = new library.VideoClient({ apiKey: "sk-test", fetch: library.createEmulator().fetch });
    const error = await client.submit({ ...request, prompt: "" }).catch((error) => error);
    const json = JSON.parse(JSON.stringify(error));
    assert.deepEqual(
      [json.name, json.message, json.code],
      ["ValidationError", error.message, "invalid_request"],
    );
    assert.deepEqual(json.issues, error.issues);
  });

  test("preserve the key of a submission with an unknown outcome", async () => {
    const fetch = library.createEmulator({ faults: [{ fault: "network" }] }).fetch;
    const client = new library.VideoClient({ apiKey: "sk-test", fetch, maxRetries: 0 });
    const error = await client.submit(request).catch((error) => error);
    const copy = roundTrip(error);
    assert.ok(copy instanceof library.OutcomeUnknownError);
    assert.deepEqual(copy.toJSON(), error.toJSON());
    assert.match(String(copy.idempotencyKey), /^[A-Za-z0-9._-]{16,96}$/);
    assert.equal(/** @type {any} */ (copy.cause).name, "TypeError");
  });
});

describe("Node prints an uncaught error below a short line of the code", () => {
  for (const [kind, code] of [
    ["commonjs", 'new (require("evolink-video").VideoClient)()'],
    ["module", 'import { VideoClient } from "evolink-video"; new VideoClient();'],
    ["commonjs", 'require("evolink-video/server").createProxy({})'],
    ["module", 'import { createProxy } from "evolink-video/server"; createProxy({});'],
  ])
    test(`${kind}: ${code}`, async () => {
      const args = ["--input-type", kind, "--eval", code];
      const { message } = await runProgram(process.execPath, args, { cwd: folder }).then(
        () => assert.fail("it did not fail"),
        (error) => error,
      );
      assert.match(message, /^ConfigurationError: The option `/m);
      assert.ok(message.length < 3000, `${message.length} characters`);
    });
});

describe("EvolinkError.from", () => {
  test("takes what is no error of the package as the cause", () => {
    for (const value of [null, "broken", { name: "RateLimitError", message: "broken", charged: "maybe" }]) {
      const error = library.EvolinkError.from(value);
      assert.deepEqual([error.name, error.charged, error.cause], ["EvolinkError", "unknown", value]);
    }
  });

  test("keeps the methods of the class", () => {
    const json = { name: "ServerError", message: "x", charged: "no", toJSON: 1, stack: "none" };
    const error = library.EvolinkError.from(json);
    assert.equal(error.toJSON().message, "x");
    assert.notEqual(error.stack, "none");
  });

  test("returns an EvolinkError unchanged", () => {
    const error = new library.NotFoundError("No such task");
    assert.equal(library.EvolinkError.from(error), error);
  });

  test("preserves unknown fields, even with an unknown name", () => {
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
    test(`wraps ${what} with charged "unknown"`, () => {
      const error = library.EvolinkError.from(value);
      assert.equal(error.constructor, library.EvolinkError);
      assert.deepEqual([error.message, error.code, error.charged], [message, "unknown_error", "unknown"]);
      assert.equal(error.cause, value);
    });
  }
});
