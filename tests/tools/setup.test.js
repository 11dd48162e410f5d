import assert from "node:assert/strict";
import { test } from "node:test";
import { read, satisfies } from "../../tools/setup.js";

test("accepts the Node versions of `engines` only", () => {
  const { node } = JSON.parse(read("package.json")).engines;
  for (const version of ["20.19.0", "20.20.2", "22.12.0", "23.0.0", "24.1.0"])
    assert.ok(satisfies(version, node), version);
  for (const version of ["18.20.0", "20.18.9", "21.7.0", "22.11.0"])
    assert.ok(!satisfies(version, node), version);
});

test("throws for a range in another form", () => {
  assert.throws(() => satisfies("20.19.0", "20.x"), /not supported/);
});
