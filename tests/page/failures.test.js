// What the page says about errors.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as library from "../../pkg/index.js";
import { canResume, headings } from "../../www/videos/failure.js";

test("each class of error has a heading for people", () => {
  const classes = Object.entries(library)
    .filter(([, value]) => typeof value === "function" && value.prototype instanceof library.EvolinkError)
    .map(([name]) => name);
  assert.ok(classes.length > 10);
  assert.deepEqual(Object.keys(headings).sort(), classes.sort());
});

test("only what may still bring the video can be resumed", () => {
  const { TaskFailedError, ConnectionError, OutcomeUnknownError, ValidationError, AuthenticationError } =
    library;
  const reading = { id: "task-1", status: /** @type {const} */ ("processing"), progress: 5 };
  for (const [error, taskId, expected] of /** @type {const} */ ([
    [new TaskFailedError("failed", { taskId: "task-1" }), "task-1", false],
    [new library.TaskCancelledError("cancelled", { taskId: "task-1" }), "task-1", false],
    [new library.WaitTimeoutError("late", { task: reading }), "task-1", true],
    [new AuthenticationError("refused"), "task-1", true],
    [new AuthenticationError("refused"), undefined, false],
    [new ValidationError("invalid"), undefined, false],
    [new OutcomeUnknownError("lost"), undefined, true],
    [new ConnectionError("offline"), undefined, true],
  ]))
    assert.equal(canResume(error.toJSON(), taskId), expected, `${error.name} ${taskId}`);
});
