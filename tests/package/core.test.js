// evolink-video/core before it has a module, and with one that cannot be had.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installed } from "../support/packed.js";

describe("the core of the package", () => {
  /** @type {typeof import("../../pkg-template/core.js")} */
  let core;
  before(async () => {
    const folder = await installed();
    core = await import(pathToFileURL(join(folder, "node_modules/evolink-video/core.js")).href);
  });

  test("without a module: an error of the classes that it exports, which says what to call", () => {
    assert.throws(
      () => core.validate({}),
      (error) =>
        error instanceof core.ConfigurationError &&
        error.code === "module_not_loaded" &&
        /load\(source\)/.test(error.message),
    );
  });

  test("a module that is not there: the status, and that it may be there later", async () => {
    await assert.rejects(
      core.load(new Response("", { status: 404 })),
      (error) =>
        error instanceof core.ConfigurationError &&
        error.code === "module_not_found" &&
        error.status === 404 &&
        error.retryable,
    );
  });
});
