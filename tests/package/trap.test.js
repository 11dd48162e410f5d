// What is left when the module fails within itself: in a process of its own, since it would be brought down.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { installed } from "../support/packed.js";
import { runProgram } from "../support/program.js";

/** @type {import("./apps/trap.mjs").Facts} */
let facts;
before(async () => {
  const folder = await installed(fileURLToPath(new URL("apps", import.meta.url)));
  facts = JSON.parse(await runProgram(process.execPath, ["trap.mjs"], { cwd: folder }));
});

/** @param {string} cause */
const failed = (cause) => ({ isEvolinkError: true, code: "internal_error", charged: "unknown", cause });

test("the call that trapped rejects, and so does every call under way", () => {
  const error = failed("now broke");
  assert.deepEqual(facts.trapped, error);
  assert.deepEqual(facts.underWay, [error, error, error]);
});

test("the next call works, on a fresh instance", () => {
  assert.deepEqual(facts.next, { status: "pending", charges: 2 });
});

test("what was rejected does not go on: no more requests, no more updates", () => {
  assert.deepEqual(facts.wentOn, { requests: 0, updates: 0 });
});

test("a synchronous function that trapped throws, and works the next time", () => {
  assert.deepEqual(facts.synchronous, failed("parse broke"));
  assert.equal(facts.valid, true);
});

test("the process is not brought down by an exception that nobody can catch", () => {
  assert.deepEqual(facts.uncaught, []);
});
