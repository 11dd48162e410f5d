// `npm start` without Rust, with a package that was built from the same sources.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/setup.js";
import { isBuilt } from "../../tools/sources.js";

const skip = !process.env.CI && !isBuilt() && "pkg/ was built from other sources: run `npm run build`";

test("needs no Rust if pkg/ was built from the same sources", { skip }, async (context) => {
  assert.ok(isBuilt());
  // No command can be found: neither cargo nor rustup.
  const env = { ...process.env, PATH: "" };
  const child = spawn(process.execPath, [join(root, "tools/start.js"), "--port", "0"], { cwd: root, env });
  context.after(() => child.kill());
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (printed += text));
  const ended = once(child, "exit");
  while (!/The page: http/.test(printed)) {
    assert.equal(child.exitCode, null, printed);
    await Promise.race([once(child.stdout, "data"), ended]);
  }
  assert.match(printed, /1 of 1 completed/);
  assert.doesNotMatch(printed, /compiling/);
});
