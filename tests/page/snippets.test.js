// Runs the snippets that the page offers to copy, against the emulator on a port.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, symlink, mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { createEmulator } from "../../pkg/testing.js";
import { startServer } from "../../tools/server.js";
import { output, root } from "../../tools/setup.js";
import { examples } from "../../www/examples.js";
import { snippets } from "../../www/request/snippets.js";

const run = promisify(execFile);

/** Contains every character that is hard to quote. */
const hard = {
  ...examples[examples.length - 1].request,
  prompt: `@Image1 says: "it's $HOME \\n, \`date\` and \\\\" ${"猫👩‍🚀"}\nin two lines, @Video1, @Audio1`,
  generate_audio: true,
  content_filter: false,
};

describe("the copied request", { timeout: 60_000 }, () => {
  const emulator = createEmulator({ apiKeys: ["sk-test"], estimatedTime: 1, taskTime: 1 });
  /** The bodies of the orders. @type {unknown[]} */
  const bodies = [];
  emulator.inject({ on: "create", when: ({ body }) => (bodies.push(body), false), delayMs: 0 });
  /** @type {Awaited<ReturnType<typeof startServer>>} */
  let server;
  /** @type {string} */
  let folder;
  const env = { ...process.env, EVOLINK_API_KEY: "sk-test", no_proxy: "127.0.0.1", NO_PROXY: "127.0.0.1" };

  before(async () => {
    server = await startServer({ emulator });
    folder = await mkdtemp(join(tmpdir(), "snippets-"));
    await mkdir(join(folder, "node_modules"));
    await symlink(join(root, "pkg"), join(folder, "node_modules/evolink-video"));
  });
  after(() => server?.close());

  const write = (/** @type {string} */ id) =>
    /** @type {import("../../www/request/snippets.js").Snippet} */ (
      snippets.find((snippet) => snippet.id === id)
    ).write(hard, server.url);

  /** @param {string} program @param {string[]} args */
  const start = async (program, args) => (await run(program, args, { cwd: folder, env })).stdout;

  test("JSON is the request", () => assert.deepEqual(JSON.parse(write("json")), hard));

  const without = (/** @type {string} */ program) =>
    process.env.CI || output("which", [program]) ? false : `there is no ${program} on this machine`;

  test("cURL orders the video", { skip: without("curl") }, async () => {
    await writeFile(join(folder, "order.sh"), write("curl"));
    assert.equal(JSON.parse(await start("sh", ["order.sh"])).status, "pending");
    assert.deepEqual(bodies.at(-1), hard);
  });

  test("JavaScript generates the video", async () => {
    await writeFile(join(folder, "generate.mjs"), write("javascript"));
    assert.match(await start(process.execPath, ["generate.mjs"]), /^http.*\.mp4\n$/);
    assert.deepEqual(bodies.at(-1), hard);
  });

  test("Python generates the video", { skip: without("python3") }, async () => {
    await writeFile(join(folder, "generate.py"), write("python"));
    assert.match(await start("python3", ["generate.py"]), /^http.*\.mp4\n$/);
    assert.deepEqual(bodies.at(-1), hard);
  });
});
