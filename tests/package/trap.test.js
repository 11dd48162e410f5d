// Recovery after a trap of the module. It runs in a separate process, because a failure would end that.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { installPackage } from "../support/packed.js";
import { runProgram } from "../support/program.js";

/** @type {import("./apps/trap.mjs").Facts} */
let facts;
before(async () => {
  const folder = await installPackage(fileURLToPath(new URL("apps", import.meta.url)));
  facts = JSON.parse(await runProgram(process.execPath, ["trap.mjs"], { cwd: folder }));
});

/** @param {string} cause */
const failed = (cause) => ({ isEvolinkError: true, code: "internal_error", charged: "unknown", cause });

test("rejects the call that trapped, and all pending calls", () => {
  const error = failed("now failed");
  assert.deepEqual(facts.trapped, error);
  assert.deepEqual(facts.rejected, [error, error, error]);
});

test("runs the next call on a new instance", () => {
  assert.deepEqual(facts.next, { status: "pending", charges: 2 });
});

test("rejected calls send no more requests or updates", () => {
  assert.deepEqual(facts.afterTrap, { requests: 0, updates: 0 });
});

test("a synchronous function throws when it traps, and works the next time", () => {
  assert.deepEqual(facts.synchronous, failed("parse failed"));
  assert.equal(facts.valid, true);
});

test("throws no uncaught exceptions", () => {
  assert.deepEqual(facts.uncaught, []);
});
