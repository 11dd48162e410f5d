// A short version of `npm run bench -- memory`.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { growths, problems } from "./memory.js";

describe("memory does not grow over", () => {
  /** @type {import("./memory.js").Growth[]} */
  let measured;
  before(async () => {
    measured = await growths(5_000, 300);
  });

  test("5,000 validations", () => assert.deepEqual(problems(measured[0]), []));
  test("300 generations", () => assert.deepEqual(problems(measured[1]), []));
});
