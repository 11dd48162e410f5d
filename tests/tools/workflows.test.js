// The workflows of .github, beyond what actionlint checks.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { read, root } from "../../tools/setup.js";
import { groups } from "../../tools/test.js";

const folder = ".github/workflows";
const workflows = readdirSync(join(root, folder)).map((name) => ({ name, text: read(join(folder, name)) }));

test("every action has the digest of one commit, and the same one in all workflows", () => {
  /** @type {Map<string, string>} */
  const pins = new Map();
  for (const { name, text } of workflows)
    for (const [, action, version] of text.matchAll(/uses: ([^@\s]+)@(.*)$/gm)) {
      assert.match(version, /^[0-9a-f]{40} # v\d+(\.\d+)*$/, `${name}: ${action}`);
      assert.equal(pins.get(action) ?? version, version, `${name}: ${action}`);
      pins.set(action, version);
    }
  assert.ok(pins.size >= 5);
});

test("the workflows together run every group of checks", () => {
  const text = workflows.map((workflow) => workflow.text).join("\n");
  for (const group of groups())
    assert.match(text, RegExp(`(--only|groups?:|run).*\\b${group}\\b`), `no job runs \`--only ${group}\``);
});
