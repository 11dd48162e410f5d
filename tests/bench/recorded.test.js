// The README tells what is on record, and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readmeTables, recorded } from "../../tools/bench.js";
import { readmeTable } from "../../tools/readme.js";
import { read } from "../../tools/setup.js";
import { chart } from "./chart.js";

const { tables } = recorded();

for (const [name, table] of Object.entries(await readmeTables(tables)))
  test(`the table of ${name}`, () => assert.equal(readmeTable(name), table));

test("the chart", () => assert.equal(read("tests/bench/chart.svg"), chart(tables)));
