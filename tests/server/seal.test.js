// Seals, compared with another implementation of HMAC.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createSealer } from "../../pkg-template/server/seal.js";

const secret = "a secret of at least 32 characters";
const newSecret = "another secret of 32 characters or more";

/** @param {string} key @param {string[]} parts */
const hmac = (key, parts) => createHmac("sha256", key).update(JSON.stringify(parts)).digest();

describe("createSealer", () => {
  for (const [name, wrong] of /** @type {[string, unknown][]} */ ([
    ["no secret", undefined],
    ["an empty array", []],
    ["a secret of 31 characters", "s3cr3t-".repeat(5).slice(0, 31)],
    ["an array with a short secret", [secret, "s3cr3t-"]],
    ["an array with a hole", [secret, undefined]],
    ["an object", { secret }],
  ]))
    test(`rejects ${name}, and does not show it`, () => {
      assert.throws(
        () => createSealer(/** @type {string} */ (wrong)),
        (/** @type {Error} */ error) => {
          assert.equal(error.name, "ConfigurationError");
          assert.match(error.message, /^The option `secret` must /);
          assert.doesNotMatch(error.message, /s3cr3t/);
          assert.ok(error.message.length < 160);
          return true;
        },
      );
    });

  test("seals with the first secret: 16 bytes of HMAC-SHA-256 in 22 letters", async () => {
    const sealer = createSealer([newSecret, secret]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 }), async (parts) => {
        const expected = hmac(newSecret, parts);
        assert.equal(await sealer.seal(...parts), expected.subarray(0, 16).toString("base64url"));
      }),
    );
  });

  test("verifies a seal of the same parts only", async () => {
    const sealer = createSealer(secret);
    const parts = fc.array(fc.string({ maxLength: 3 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(parts, parts, async (sealed, other) => {
        const isSame = JSON.stringify(sealed) === JSON.stringify(other);
        assert.equal(await sealer.verifies(await sealer.seal(...sealed), ...other), isSame);
        assert.equal(await sealer.verifies(await sealer.seal(...sealed), ...sealed), true);
      }),
    );
  });

  test("keeps parts apart that have the same letters together", async () => {
    const sealer = createSealer(secret);
    assert.equal(await sealer.verifies(await sealer.seal("a", "bc"), "ab", "c"), false);
    assert.equal(await sealer.verifies(await sealer.seal("a", "b"), 'a","b'), false);
  });

  test("refuses a seal with any other letter at any place", async () => {
    const sealer = createSealer(secret);
    const seal = await sealer.seal("task", "ann", "task-1");
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (let index = 0; index < seal.length; index++)
      for (const letter of letters) {
        const changed = seal.slice(0, index) + letter + seal.slice(index + 1);
        assert.equal(await sealer.verifies(changed, "task", "ann", "task-1"), changed === seal, changed);
      }
    for (const wrong of ["", seal.slice(1), `${seal}A`, seal + seal, `${seal}\0`])
      assert.equal(await sealer.verifies(wrong, "task", "ann", "task-1"), false, wrong);
  });

  test("signs what it sealed or verified once, and what is forged each time", async (t) => {
    const sealer = createSealer([newSecret, secret]);
    const sealed = await sealer.seal("task", "ann", "task-1");
    const earlier = await createSealer(secret).seal("task", "ann", "task-2");
    const forged = (sealed.startsWith("A") ? "B" : "A") + sealed.slice(1);
    const sign = t.mock.method(crypto.subtle, "sign");
    const signed = async (/** @type {() => Promise<unknown>} */ work) => {
      const before = sign.mock.callCount();
      await work();
      return sign.mock.callCount() - before;
    };
    for (let count = 0; count < 3; count++)
      assert.equal(await signed(() => sealer.verifies(sealed, "task", "ann", "task-1")), 0);
    assert.equal(await signed(() => sealer.verifies(earlier, "task", "ann", "task-2")), 2);
    assert.equal(await signed(() => sealer.verifies(earlier, "task", "ann", "task-2")), 0);
    for (const [seal, ...parts] of [
      [forged, "task", "ann", "task-1"],
      [sealed, "task", "bob", "task-1"],
      [sealed, "task", "ann", "task-2"],
      ["", "task", "ann", "task-3"],
      [forged, "task", "ann", "task-1"],
    ])
      assert.equal(
        await signed(async () => assert.equal(await sealer.verifies(seal, ...parts), false)),
        2,
        parts.join(),
      );
  });

  test("remembers the seals of the last thousand", async (t) => {
    const sealer = createSealer(secret);
    for (let count = 0; count <= 1_000; count++) await sealer.seal("task", "ann", String(count));
    const ids = ["1000", "1", "0"];
    const seals = await Promise.all(ids.map((id) => createSealer(secret).seal("task", "ann", id)));
    const sign = t.mock.method(crypto.subtle, "sign");
    for (const [index, id] of ids.entries())
      assert.equal(await sealer.verifies(seals[index], "task", "ann", id), true);
    assert.equal(sign.mock.callCount(), 1, "of the oldest");
  });

  test("verifies seals of all its secrets, and of no other", async () => {
    const seal = await createSealer(secret).seal("task", "ann");
    assert.equal(await createSealer([newSecret, secret]).verifies(seal, "task", "ann"), true);
    assert.equal(await createSealer(newSecret).verifies(seal, "task", "ann"), false);
  });
});
