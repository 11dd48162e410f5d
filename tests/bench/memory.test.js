// What `npm run bench -- memory` holds over more of them.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { growths, problems } from "./memory.js";

describe("memory is where it was after", () => {
  /** @type {import("./memory.js").Growth[]} */
  let measured;
  before(async () => {
    measured = await growths(5_000, 300);
  });

  test("5,000 validations", () => assert.deepEqual(problems(measured[0]), []));
  test("300 generations", () => assert.deepEqual(problems(measured[1]), []));
});
