// The links of the documents, in the repository and in the package.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { packaged, withoutRepository } from "../../tools/documents.js";
import { read, root } from "../../tools/setup.js";
import { app } from "./support.js";

/** The relative links of a text. @param {string} text */
const linksOf = (text) =>
  [...text.matchAll(/\]\((?!https?:)([^)#]*)(#[^)]*)?\)/g)].map(([, path, hash]) => ({ path, hash }));

/** The anchors of a document, as GitHub makes them of headings. @param {string} text */
const anchorsOf = (text) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(
    ([, heading]) =>
      `#${heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} -]/gu, "")
        .replaceAll(" ", "-")}`,
  );

test("links lead to files and headings of the repository", () => {
  const more = ["CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "src/README.md", "tests/bench/REPORT.md"];
  for (const document of [...packaged, ...more]) {
    for (const { path, hash } of linksOf(read(document))) {
      const target = join(dirname(document), path);
      assert.ok(existsSync(join(root, target)), `${document}: ${path}`);
      if (hash)
        assert.ok(anchorsOf(read(path ? target : document)).includes(hash), `${document}: ${path}${hash}`);
    }
  }
});

test("links of the package lead to its files", async () => {
  const home = join(await app(), "node_modules/evolink-video");
  for (const document of packaged)
    for (const { path } of linksOf(withoutRepository(read(document))))
      assert.ok(existsSync(join(home, dirname(document), path)), `${document}: ${path}`);
});

test("the README has at most 250 lines", () => {
  const lines = read("README.md").trimEnd().split("\n").length;
  assert.ok(lines <= 250, `${lines}`);
});
