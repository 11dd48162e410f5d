// Values that are passed to and returned from the module, tested with the installed package in Node.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import fc from "fast-check";
import { importPackage, installPackage } from "../support/packed.js";

/** @type {Awaited<ReturnType<typeof importPackage>>} */
let library;
before(async () => {
  library = await importPackage(await installPackage());
});

/**
 * Validates a request with a field that the API does not know.
 * @param {unknown} value
 * @returns {import("../../pkg-template/index.js").Validation & { request?: any }}
 */
const validate = (value) => library.validate({ model: "seedance-2.0", prompt: "A cat", extra_note: value });

/** The description of a value without a JSON form. @param {unknown} value */
function descriptionOf(value) {
  const { errors } = /** @type {any} */ (validate(value));
  return errors[0].params.value;
}

describe("input values", () => {
  test("are converted like `JSON.stringify`", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const validation = validate(value);
        assert.ok(validation.valid);
        assert.deepEqual(validation.request.extra_note, JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("of any kind give a validation result", () => {
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
          // Only plain objects.
          assert.deepEqual(structuredClone(validation), validation);
        }
      }),
    );
  });

  test("without a JSON form are described in the error", () => {
    const cycle = { self: {} };
    cycle.self = cycle;
    const { proxy: revoked, revoke } = Proxy.revocable({}, {});
    revoke();
    const thrower = () => {
      throw new Error("no");
    };
    const array = [() => {}];
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
      [array, "a function"],
      ["cut \ud83d", "a string with a lone surrogate, such as a truncated emoji"],
      [{ "cut \ud83d": 1 }, "an object with a lone surrogate in a property name"],
      [{ get odd() { return thrower(); } }, "a property that throws when it is read"], // prettier-ignore
      [new Proxy([1], { get: (_, key) => (key === "length" ? 1 : thrower()) }), "a property that throws when it is read"], // prettier-ignore
      [new Proxy({}, { ownKeys: thrower }), "an object that throws when it is read"],
      [revoked, "an object that throws when it is read"],
      [cycle, "an object that is nested too deeply or cyclic"],
      [Array(20_001).fill(1), "an object that is too large or endless"],
      [new Proxy([], { get: (_, key) => (key === "length" ? 2 ** 32 - 1 : 1) }), "an object that is too large or endless"], // prettier-ignore
    ])) {
      assert.equal(descriptionOf(value), what);
    }
  });

  test("are read once per property, omitting undefined ones", () => {
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

  test("can call the library from a getter", () => {
    const reentrant = { get a() { return validate("within").valid; } }; // prettier-ignore
    const validation = validate(reentrant);
    assert.deepEqual(validation.valid && validation.request.extra_note, { a: true });
  });
});

describe("options of functions", () => {
  test("are refused if they do not exist", () => {
    const untyped = /** @type {any} */ (library);
    const request = { model: "seedance-2.0", prompt: "A cat" };
    /** @type {[() => unknown, RegExp][]} */
    const calls = [
      [() => untyped.validate(request, { alow: [] }), /no option `alow`/],
      [() => untyped.validate(request, { allow: ["nope"] }), /`allow` must be an array of issue codes/],
      [() => untyped.estimateCost(request, { inputVideoSecond: 3 }), /no option `inputVideoSecond`/],
    ];
    for (const [call, message] of calls) assert.throws(call, { name: "ConfigurationError", message });
  });

  test("are not what `map` passes", () => {
    const untyped = /** @type {any} */ (library);
    assert.equal([{ model: "seedance-2.0", prompt: "A cat" }].map(untyped.validate)[0]?.valid, true);
  });
});

test("limits are frozen, and a line has those of its model for references", () => {
  const untyped = /** @type {any} */ (library);
  const limits = untyped.limitsFor("seedance-2.5");
  assert.equal(limits, untyped.limitsFor("seedance-2.5"));
  assert.deepEqual(limits, untyped.limitsFor("seedance-2.5-reference-to-video"));
  assert.throws(() => limits.images.formats.push("tga"), TypeError);
});

describe("strings of 10 MB", () => {
  // The promise is 50 ms. A busy machine gets five times that; without a limit on strings, it is seconds.
  const limitMs = 250;
  for (const [script, piece] of [
    ["ASCII", "a"],
    ["Chinese", "\u5f71"],
    ["mixed", "a\u5f71\u{1f3ac} "],
  ]) {
    const text = piece.repeat(10_000_000 / piece.length);
    for (const [where, fields] of /** @type {[string, object][]} */ ([
      ["prompt", { prompt: text }],
      ["model", { model: text }],
      ["prompt of an unknown model", { model: "kling-3", prompt: text }],
      ["URL", { image_urls: [`https://example.com/${text}`] }],
      ["data URL", { image_urls: [`data:image/png;base64,${text}`] }],
      ["callback URL", { callback_url: `https://example.com/${text}` }],
      ["quality", { quality: text }],
      ["unknown field", { note: [text, text, text, text] }],
      ["name of a field", { [text]: 1 }],
    ])) {
      test(`are refused within 50 ms: ${where}, ${script}`, () => {
        const request = { model: "seedance-2.0", prompt: "A cat", ...fields };
        let best = Infinity;
        for (let round = 0; round < 3; round++) {
          const start = performance.now();
          const validation = library.validate(request, {
            allow: ["too_long", "unknown_value", "invalid_url"],
          });
          best = Math.min(best, performance.now() - start);
          assert.ok(!validation.valid);
          assert.equal(validation.errors.at(-1)?.code, "invalid_type");
          assert.ok(JSON.stringify(validation).length < 200_000);
        }
        assert.ok(best < limitMs, `${best.toFixed(0)} ms`);
      });
    }
    test(`are refused by the functions of a prompt: ${script}`, () => {
      for (const call of [
        () => library.parseTags(text),
        () => library.estimateTokens(text),
        () => library.retag(text, "image", { remove: 1 }),
      ]) {
        assert.throws(call, (/** @type {any} */ error) => {
          assert.equal(error.name, "ValidationError");
          assert.match(error.message, /a string of at most 262144 bytes/);
          return error.message.length < 500;
        });
      }
    });
  }
});

describe("output values", () => {
  test("preserve what JSON can express, and describe the rest", () => {
    const odd = [NaN, -Infinity, () => {}, "NaN", "!", "", 0.1, 1e300, { "!a": "!b" }];
    const validation = library.validate({ model: "seedance-2.0", prompt: "A cat", duration: odd });
    assert.ok(!validation.valid);
    const expected = ["NaN", "-Infinity", "a function", ...odd.slice(3)];
    assert.deepEqual(validation.errors[0].actual, expected);
  });

  test("preserve fields such as __proto__", () => {
    const validation = validate(JSON.parse('{ "__proto__": { "a": 1 }, "constructor": 2 }'));
    assert.ok(validation.valid);
    assert.deepEqual(Object.keys(/** @type {object} */ (validation.request.extra_note)), [
      "__proto__",
      "constructor",
    ]);
  });
});
