// What becomes of the values that come in and go out, on the installed package in Node.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import fc from "fast-check";
import { imported, installed } from "../support/packed.js";

/** @type {Awaited<ReturnType<typeof imported>>} */
let library;
before(async () => {
  library = await imported(await installed());
});

/**
 * Validates a request with a field that the API does not know.
 * @param {unknown} value
 * @returns {import("../../pkg-template/index.js").Validation & { request?: any }}
 */
const validate = (value) => library.validate({ model: "seedance-2.0", prompt: "A cat", extra_note: value });

/** The description of a value that cannot be sent. @param {unknown} value */
function described(value) {
  const { errors } = /** @type {any} */ (validate(value));
  return errors[0].params.value;
}

describe("a value that comes in", () => {
  test("is sent as JSON would have it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const validation = validate(value);
        assert.ok(validation.valid);
        assert.deepEqual(validation.request.extra_note, JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("is answered for, whatever it is", () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        for (const request of [value, { model: "seedance-2.0", prompt: "A cat", duration: value }]) {
          const validation = library.validate(request);
          assert.equal(typeof validation.valid, "boolean");
          // Plain all through.
          assert.deepEqual(structuredClone(validation), validation);
        }
      }),
    );
  });

  test("is described where JSON has no form for it", () => {
    const cycle = { self: {} };
    cycle.self = cycle;
    const { proxy: revoked, revoke } = Proxy.revocable({}, {});
    revoke();
    const thrower = () => {
      throw new Error("no");
    };
    const list = [() => {}];
    for (const [value, what] of /** @type {[unknown, string][]} */ ([
      [() => {}, "a function"],
      [10n, "a BigInt"],
      [Symbol("s"), "a symbol"],
      [[undefined], "undefined"],
      [NaN, "NaN"],
      [-Infinity, "-Infinity"],
      [new Map(), "an instance of Map"],
      [new Date(), "an instance of Date"],
      [{ [Symbol.toStringTag]: "Odd" }, "an instance of Odd"],
      [list, "a function"],
      ["cut \ud83d", "broken text, with half a surrogate pair such as a cut-off emoji"],
      [{ "cut \ud83d": 1 }, "an object with half a surrogate pair in a field's name"],
      [{ get odd() { return thrower(); } }, "a property that throws when it is read"], // prettier-ignore
      [new Proxy([1], { get: (_, key) => (key === "length" ? 1 : thrower()) }), "a property that throws when it is read"], // prettier-ignore
      [new Proxy({}, { ownKeys: thrower }), "an object that throws when it is read"],
      [revoked, "an object that throws when it is read"],
      [cycle, "an object nested too deep, or within itself"],
      [Array(20_001).fill(1), "an object too large, or without an end"],
      [new Proxy([], { get: (_, key) => (key === "length" ? 2 ** 32 - 1 : 1) }), "an object too large, or without an end"], // prettier-ignore
    ])) {
      assert.equal(described(value), what);
    }
  });

  test("is read once, property by property, without those that are undefined", () => {
    /** @type {PropertyKey[]} */
    const reads = [];
    const watched = new Proxy(
      { a: 1, b: undefined, c: "x" },
      { get: (target, key) => (reads.push(key), Reflect.get(target, key)) },
    );
    const validation = validate(watched);
    assert.deepEqual(validation.valid && validation.request.extra_note, { a: 1, c: "x" });
    assert.deepEqual(reads, [Symbol.toStringTag, "a", "b", "c"]);
  });

  test("may ask the library while it is read", () => {
    const asking = { get a() { return validate("within").valid; } }; // prettier-ignore
    const validation = validate(asking);
    assert.deepEqual(validation.valid && validation.request.extra_note, { a: true });
  });
});

describe("a value that goes out", () => {
  test("keeps numbers that JSON has no form for, and texts that look like them", () => {
    const odd = [NaN, Infinity, -Infinity, "NaN", "=", "", 0.1, { "=a": "=b" }];
    const validation = library.validate({ model: "seedance-2.0", prompt: "A cat", duration: odd });
    assert.ok(!validation.valid);
    assert.deepEqual(validation.errors[0].actual, odd);
  });

  test("keeps each field its own", () => {
    const validation = validate(JSON.parse('{ "__proto__": { "a": 1 }, "constructor": 2 }'));
    assert.ok(validation.valid);
    assert.deepEqual(Object.keys(/** @type {object} */ (validation.request.extra_note)), [
      "__proto__",
      "constructor",
    ]);
  });
});
