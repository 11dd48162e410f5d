// The report has the recorded results.
import assert from "node:assert/strict";
import { test } from "node:test";
import { reportTables, recorded } from "../../tools/bench.js";
import { readTable } from "../../tools/documents.js";
import { read } from "../../tools/setup.js";
import { chart } from "./chart.js";

const { tables } = recorded();

for (const [name, table] of Object.entries(await reportTables(tables)))
  test(`table: ${name}`, () => assert.equal(readTable(name), table));

test("chart", () => assert.equal(read("tests/bench/chart.svg"), chart(tables)));
