// The README has the recorded results.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readmeTables, recorded } from "../../tools/bench.js";
import { readmeTable } from "../../tools/readme.js";
import { read } from "../../tools/setup.js";
import { chart } from "./chart.js";

const { tables } = recorded();

for (const [name, table] of Object.entries(await readmeTables(tables)))
  test(`README table: ${name}`, () => assert.equal(readmeTable(name), table));

test("README chart", () => assert.equal(read("tests/bench/chart.svg"), chart(tables)));
