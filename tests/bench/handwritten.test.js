// The JavaScript that the bench measures beside ours must do the same work.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as library from "../../pkg/index.js";
import { read } from "../../tools/setup.js";
import * as handwritten from "./handwritten.js";
import { requests } from "./requests.js";

/** @param {any} result of either */
const codes = ({ errors = [], warnings }) =>
  [...errors, ...warnings].map(({ severity, code, path }) => `${severity} ${code} ${path.join(".")}`).sort();

describe("what the bench validates", () => {
  for (const [name, request] of Object.entries(requests)) {
    test(name, () => {
      const theirs = handwritten.validate(request);
      assert.deepEqual(theirs, library.validate(request));
      assert.deepEqual([theirs.valid, theirs.warnings], [true, []]);
      assert.deepEqual(handwritten.parseTags(request.prompt), library.parseTags(request.prompt));
    });
  }

  test("the long prompt is one of about 2000 tokens", () => {
    const { estimate } = library.estimateTokens(requests["a prompt of 2000 tokens"].prompt);
    assert.ok(estimate > 1900 && estimate <= 2000, String(estimate));
  });
});

test("the wordings of roles are those of the domain", async () => {
  const { wordings } = await import("./wordings.js");
  const rust = read("src/domain/tags/wordings.rs");
  for (const [, role, , words] of wordings) assert.ok(rust.includes(`"${words}"`), role);
});

describe("the issues of the README's examples", () => {
  const rows = [
    ...read("README.md").matchAll(/^\| `(\w+)` \| (?:error|warning) \| .* \| `+ ?(.*?) ?`+ \|$/gm),
  ];
  assert.ok(rows.length > 20);
  for (const [, code, example] of rows) {
    test(code, () => {
      const base = { model: "seedance-2.0", prompt: "A cat walks through snow" };
      const request = { ...base, ...new Function(`return (${example})`)() };
      assert.deepEqual(codes(handwritten.validate(request)), codes(library.validate(request)));
    });
  }
});
