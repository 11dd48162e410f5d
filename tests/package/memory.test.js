// The module's memory does not grow over many calls.
import assert from "node:assert/strict";
import { test } from "node:test";
import { importPackage, installPackage } from "../support/packed.js";

test("memory does not grow over 100,000 validations", async () => {
  /** @type {WebAssembly.Memory[]} */
  const memories = [];
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class extends Instance {
    /** @param {ConstructorParameters<typeof Instance>} args */
    constructor(...args) {
      super(...args);
      const exports = Object.values(this.exports);
      memories.push(...exports.filter((value) => value instanceof WebAssembly.Memory));
    }
  };
  const { validate } = await importPackage(await installPackage());
  const request = (/** @type {number} */ n) => ({
    model: "seedance-2.0",
    prompt: `@Image1 as first frame ${"and snow ".repeat(n % 50)}`,
    image_urls: Array.from({ length: n % 12 }, (_, file) => `https://example.com/${file}.jpg`),
    extra_note: "x".repeat(n % 1000),
  });
  const run = (/** @type {number} */ calls) => {
    for (let n = 0; n < calls; n++) validate(n % 10 ? { prompt: "A cat" } : request(n));
    return memories[0].buffer.byteLength;
  };
  const before = run(20_000);
  assert.equal(run(100_000), before);
  assert.equal(memories.length, 1);
});
