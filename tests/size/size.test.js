// The size gates: downloads stay within their budgets, and grow by at most 3 % unless the growth is recorded.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readTable } from "../../tools/documents.js";
import { read, root } from "../../tools/setup.js";
import { measureSizes, sizeTable } from "../../tools/sizes.js";

/** @type {import("../../tools/sizes.js").Sizes} */
const recorded = JSON.parse(read("tests/size/recorded.json"));

/**
 * The maximum bytes after brotli. The design asks for 70,000 of the client as a separate file, 72,000 inlined, 40,000 of
 * the rules, and 20,000 of the entry for files; `REPORT.md` has what each has grown by.
 * @type {Record<string, number>}
 */
const budgets = {
  "scripts and `client.wasm`, separate": 113_900,
  "one script, module inlined": 115_900,
  "`evolink-video/media`, on top of that": 25_300,
  "uploads, on top of that": 4_050,
  "`evolink-video/rules`, one script, module inlined": 64_400,
};

const measured = await measureSizes(join(root, "pkg"));

for (const [what, record] of Object.entries(recorded)) {
  describe(what, () => {
    for (const key of /** @type {const} */ (["raw", "brotli"])) {
      const before = record[key];
      if (before === undefined) continue;
      test(`${key}: at most 3 % over the recorded size`, () => {
        const now = measured[what]?.[key];
        assert.ok(
          now !== undefined && now <= before * 1.03,
          `${now} bytes, but ${before} are recorded (\`npm run size -- --record\`)`,
        );
      });
    }
  });
}

for (const [what, budget] of Object.entries(budgets)) {
  test(`${what}: at most ${budget} bytes after brotli`, () => {
    const now = measured[what]?.brotli;
    assert.ok(now !== undefined && now <= budget, `${now} bytes exceed the budget of ${budget}`);
  });
}

test("all sizes are recorded, and the report has them", () => {
  assert.deepEqual(Object.keys(recorded), Object.keys(measured));
  assert.equal(readTable("sizes"), sizeTable(recorded));
});

test("the README has the sizes of the entries", () => {
  for (const [entry, what] of [
    ["evolink-video", "one script, module inlined"],
    ["evolink-video/rules", "`evolink-video/rules`, one script, module inlined"],
  ]) {
    const row = new RegExp(`^\\| \`${entry}\` .*`, "m").exec(read("README.md"))?.[0];
    const stated = Number(/(\d+) KB/.exec(String(row))?.[1]) * 1000;
    const now = Number(measured[what]?.brotli);
    assert.ok(Math.abs(now - stated) <= 0.03 * now, `${entry}: ${stated} in the README, but ${now} bytes`);
  }
});

test("the guides have the sizes of the entries for servers", () => {
  for (const [guide, entry] of [
    ["durable", "durable"],
    ["durable", "cloudflare"],
    ["server", "server"],
  ]) {
    const claim = new RegExp(`\`evolink-video/${entry}\` has ([\\d.]+) KB`);
    const stated = Number(claim.exec(read(`www/guides/${guide}.md`))?.[1]) * 1000;
    const now = Number(measured[`\`evolink-video/${entry}\`, without the client`]?.brotli);
    assert.ok(Math.abs(now - stated) <= 0.05 * now, `${entry}: ${stated} in the guide, but ${now} bytes`);
  }
});
