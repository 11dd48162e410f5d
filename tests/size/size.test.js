// The gate: what is downloaded grows past neither the budget nor, unseen, the figure on record.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sizes, sizeTable } from "../../tools/build.js";
import { read } from "../../tools/setup.js";

/** @type {Record<string, { raw: number, brotli?: number }>} */
const recorded = JSON.parse(read("tests/size/recorded.json"));

/** Of the first version. @type {Record<string, { raw?: number, brotli?: number }>} */
const budgets = {
  "scripts and `client.wasm`, separate": { brotli: 45_000 },
  "one script, module inlined": { brotli: 50_000 },
  "the package, unpacked": { raw: 400_000 },
};

const measured = await sizes();

for (const [what, record] of Object.entries(recorded)) {
  describe(what, () => {
    for (const key of /** @type {const} */ (["raw", "brotli"])) {
      const before = record[key];
      const now = measured[what]?.[key];
      if (before === undefined || now === undefined) continue;
      test(`${key}: at most 3 % over the record`, () => {
        assert.ok(
          now <= before * 1.03,
          `${now} bytes, and ${before} on record (\`npm run size -- --record\`)`,
        );
      });
      const budget = budgets[what]?.[key];
      if (budget === undefined) continue;
      // Reached once, it is never left again; until then, the record alone stands guard.
      test(`${key}: within the budget`, { todo: before > budget && "not reached yet" }, () => {
        assert.ok(now <= budget, `${now} bytes, and the budget is ${budget}`);
      });
    }
  });
}

test("all that is measured is on record, with a README that says so", () => {
  assert.deepEqual(Object.keys(recorded), Object.keys(measured));
  const rows = (/** @type {string} */ text) => text.split("\n").map((line) => line.replace(/\s+/g, " "));
  const readme = rows(read("README.md"));
  for (const row of rows(sizeTable(recorded)).slice(2)) assert.ok(readme.includes(row), row);
});
