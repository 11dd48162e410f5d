// The main path of the page in Firefox and in WebKitGTK, as packaged by Debian.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startServer } from "../../tools/server.js";
import { root } from "../../tools/setup.js";
import { firefox, webkit } from "../support/drivers.js";

describe("the page in", { timeout: 240_000 }, () => {
  /** @type {Awaited<ReturnType<typeof startServer>>} */
  let server;
  before(async () => {
    const statics = {
      "/": join(root, "www"),
      "/pkg": join(root, "pkg"),
      "/drive": join(root, "tests/page/drive"),
    };
    server = await startServer({ statics });
  });
  after(() => server?.close());

  for (const [name, readIn] of /** @type {const} */ ([
    ["Firefox ESR", firefox],
    ["WebKitGTK", webkit],
  ]))
    test(`${name} marks, fixes, undoes, and generates over a reload`, async () => {
      const { facts } = await readIn(`${server.url}/drive/index.html`);
      assert.deepEqual(facts, {
        marks: ["@Image1", "@Image7"],
        fixed: "@Image1 as first frame, @Image1 too",
        undone: "@Image1 as first frame, @Image7 too",
        kept: "@Image1 as first frame, @Image1 too",
        orders: 1,
        hasVideo: true,
        errors: [],
      });
    });
});
