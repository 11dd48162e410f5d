// evolink-video/core without a module, and with one that cannot be fetched.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installPackage } from "../support/packed.js";

describe("evolink-video/core", () => {
  /** @type {typeof import("../../pkg-template/core.js")} */
  let core;
  before(async () => {
    const folder = await installPackage();
    core = await import(pathToFileURL(join(folder, "node_modules/evolink-video/core.js")).href);
  });

  test("throws ConfigurationError before the module is loaded", () => {
    assert.throws(
      () => core.validate({}),
      (error) =>
        error instanceof core.ConfigurationError &&
        error.code === "module_not_loaded" &&
        /load\(source\)/.test(error.message),
    );
  });

  test("`load` rejects with the status if the module cannot be fetched", async () => {
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
