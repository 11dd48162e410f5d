// What the page says about errors.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as library from "../../pkg/index.js";
import { headings } from "../../www/videos/failure.js";

test("each class of error has a heading for people", () => {
  const classes = Object.entries(library)
    .filter(([, value]) => typeof value === "function" && value.prototype instanceof library.EvolinkError)
    .map(([name]) => name);
  assert.ok(classes.length > 10);
  assert.deepEqual(Object.keys(headings).sort(), classes.sort());
});
