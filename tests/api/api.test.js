import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { publicApi, recorded } from "../../tools/api.js";
import { output } from "../../tools/setup.js";

test("the crate exports what tests/api/recorded.txt lists", () => {
  const before = readFileSync(recorded, "utf8").split("\n");
  const now = publicApi().split("\n");
  const added = now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
  const removed = before.filter((line) => !now.includes(line)).map((line) => `- ${line}`);
  assert.equal(
    [...removed, ...added].join("\n"),
    "",
    "The public API differs. If it should, run `npm run api -- --record`.",
  );
});

test("the npm modules contain no serde", () => {
  const tree = ["tree", "--quiet", "--target=wasm32-unknown-unknown", "--edges=normal", "--prefix=none"];
  const packages = output("cargo", [...tree, "--features=npm-client"]) ?? "";
  assert.match(packages, /^gloo-net/m);
  assert.doesNotMatch(packages, /^serde/m);
});
