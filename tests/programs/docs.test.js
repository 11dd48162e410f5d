// The crate's documentation shows files of these programs, which `programs.test.js` builds and runs.
// `node tests/programs/docs.test.js --record` writes them into it.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { read, root } from "../../tools/setup.js";

/** The files that a page of the documentation shows, by its path. */
const pages = {
  "src/client/example.md": ["reqwest-tool/src/host.rs", "reqwest-tool/src/main.rs"],
  "src/web/example.md": ["yew-page/src/generate.rs"],
};

/** @param {string} file */
const shown = (file) => `\`\`\`ignore\n// ${file.replace(/^[^/]+\//, "")}\n${code(file)}\`\`\`\n`;

/** The code of a file, without what its first lines say of it. @param {string} file */
const code = (file) => read(join("tests/programs", file)).replace(/^(\/\/!.*\n)+\n/, "");

for (const [page, files] of Object.entries(pages)) {
  const path = join(root, page);
  if (process.argv.includes("--record")) {
    const [before] = readFileSync(path, "utf8").split("```", 1);
    writeFileSync(path, before + files.map(shown).join("\n"));
  }
  test(`${page} shows ${files.join(" and ")}`, () => {
    const text = readFileSync(path, "utf8");
    assert.equal(text.slice(text.indexOf("```")), files.map(shown).join("\n"));
  });
}
