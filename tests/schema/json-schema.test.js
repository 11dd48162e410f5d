// Compares the JSON Schema with the validator: both reject the same fields of the same requests.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { knownModels, limits, limitsFor, validate, videoRequestSchema } from "../../pkg/index.js";

/** @typedef {import("../../pkg/index.js").Issue} Issue */
/** @typedef {import("../../pkg/index.js").IssueCode} IssueCode */

/**
 * A rule that the schema cannot express.
 * @typedef {object} CodeOnly
 * @property {string} what
 * @property {Record<string, unknown>} example fields with which only the validator rejects the request
 * @property {(issue: Issue, seen: any) => boolean} [when] limits the rule to some issues of the code; `seen` is the
 *   value at the issue's path
 */

const good = { model: "seedance-2.0", prompt: "A paper boat on a river" };
/** @type {(count: number, ending: string) => string[]} */
const urls = (count, ending) => Array.from({ length: count }, (_, n) => `https://a.example/${n}.${ending}`);

/** @type {Partial<Record<IssueCode, CodeOnly>>} */
const codeOnly = {
  too_long: {
    what: "a prompt of too many tokens",
    when: ({ path }) => path[0] === "prompt",
    example: { prompt: "word ".repeat(2001) },
  },
  too_many: {
    what: "too many files in total",
    when: ({ path }) => path.length === 0,
    example: { image_urls: urls(7, "jpg"), video_urls: urls(3, "mp4"), audio_urls: urls(3, "mp3") },
  },
  tag_without_asset: { what: "a tag without its file", example: { prompt: "@Image1 comes alive" } },
  tag_out_of_range: { what: "a tag with a number above every limit", example: { prompt: "@Image12 dances" } },
  misspelled_field: { what: "a misspelled field name", example: { imageUrls: [] } },
  invalid_type: {
    what: "a lone surrogate, or an integer without an exact float",
    when: (_issue, seen) =>
      Number.isInteger(seen) ? !Number.isSafeInteger(seen) : /\\ud[89a-f]/.test(JSON.stringify(seen)),
    example: { prompt: "A film \ud83c" },
  },
  invalid_url: {
    what: "an invalid host, or several URLs",
    when: (_issue, seen) => !URL.canParse(seen) || /,https?:/.test(seen),
    example: { image_urls: ["https://256.0.0.1/a.jpg"] },
  },
  unreachable_url: {
    what: "a host that is not on the internet",
    example: { callback_url: "https://0x7f.1/done" },
  },
  unsupported_format: {
    what: "a format that the API does not support",
    example: { video_urls: ["https://a.example/a.avi"] },
  },
};

/** The validator's codes of the issues that both find. @type {IssueCode[]} */
const both = [
  "blank",
  "insecure_url",
  "invalid_type",
  "invalid_url",
  "model_input",
  "out_of_range",
  "required",
  "too_long",
  "too_many",
  "unknown_value",
];

/** @type {any} */
const schema = videoRequestSchema.jsonSchema;
const accepts = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

/**
 * @param {Issue} issue
 * @param {unknown} request
 */
function isCodeOnly(issue, request) {
  const known = codeOnly[issue.code];
  const seen = issue.path.reduce((holder, key) => holder?.[key], /** @type {any} */ (request));
  return known !== undefined && (known.when?.(issue, seen) ?? true);
}

/**
 * The locations of the schema's errors: "duration", "image_urls/1", "" for the whole request, or "files" for a number
 * of files that the model does not accept.
 * @param {unknown} request
 */
function schemaErrors(request) {
  if (accepts(request)) return [];
  // ajv also reports the condition itself.
  const errors = (accepts.errors ?? []).filter(({ keyword }) => keyword !== "if");
  const locations = errors.map(({ instancePath, keyword, schemaPath, params }) => {
    const isCount = counts.has(keyword) && instancePath !== "/duration";
    if (schemaPath.startsWith("#/dependentSchemas") && isCount) return "files";
    return params.missingProperty ?? instancePath.slice(1);
  });
  return [...new Set(locations)].sort();
}

/** The number of entries that the validator always checks. @type {Record<string, number>} */
const checkedEntries = {
  image_urls: limits.images.maxCount,
  video_urls: limits.videos.maxCount,
  audio_urls: limits.audios.maxCount,
};

/** Keywords about the number of files. */
const counts = new Set(["anyOf", "maxItems", "minItems", "required"]);

/** The location of a validator's issue. @type {(issue: Issue) => string} */
const locationOf = ({ code, path }) =>
  code === "model_input" || (code === "too_many" && path.length > 0) ? "files" : path.join("/");

test("compiles in ajv's strict mode as draft 2020-12", () => {
  assert.equal(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
  assert.equal(accepts(good), true);
});

test("has no top-level keywords that APIs reject in tool schemas", () => {
  assert.equal(schema.type, "object");
  for (const keyword of ["allOf", "anyOf", "oneOf", "not", "enum", "if"]) assert.ok(!(keyword in schema));
});

test("accepts exactly the limits of each model", () => {
  for (const { id } of knownModels) {
    const { duration, quality, images, videos, audios, assumed } = limitsFor(id);
    const base = {
      model: id,
      prompt: "A paper boat on a river",
      ...(images.minCount > 0 && { image_urls: urls(images.minCount, "jpg") }),
    };
    const companion = images.maxCount > 0 ? { image_urls: urls(1, "jpg") } : {};
    for (const [fields, accepted] of /** @type {[object, boolean][]} */ ([
      [{}, true],
      [{ duration: duration.min }, true],
      [{ duration: duration.min - 1 }, false],
      [{ duration: duration.max }, true],
      [{ duration: duration.max + 1 }, false],
      [{ duration: -1 }, duration.automatic === -1],
      [{ quality: quality.values.at(-1) }, true],
      [{ quality: "no-such-quality" }, assumed],
      [{ image_urls: urls(images.maxCount, "jpg") }, true],
      [{ image_urls: urls(images.maxCount + 1, "jpg") }, false],
      [{ ...companion, video_urls: urls(videos.maxCount, "mp4") }, true],
      [{ ...companion, video_urls: urls(videos.maxCount + 1, "mp4") }, false],
      [{ ...companion, audio_urls: urls(audios.maxCount, "mp3") }, true],
      [{ ...companion, audio_urls: urls(audios.maxCount + 1, "mp3") }, false],
      [{ callback_url: `https://a.example/${"a".repeat(limits.callbackUrl.maxLength)}` }, false],
    ])) {
      const request = { ...base, ...fields };
      const what = JSON.stringify(request).slice(0, 200);
      assert.equal(accepts(request), accepted, what);
      assert.equal(validate(request).valid, accepted, what);
    }
  }
});

test("accepts any limits of an unknown model", () => {
  const request = {
    model: "kling-3",
    prompt: "",
    duration: 60,
    quality: "4k",
    image_urls: urls(20, "heic"),
    callback_url: "x",
  };
  assert.equal(accepts(request), true);
  assert.equal(validate(request).valid, true);
  assert.equal(accepts({ ...request, duration: "60" }), false);
});

describe("only the validator rejects", () => {
  for (const [code, { what, example }] of Object.entries(codeOnly)) {
    test(`${what}: ${code}`, () => {
      const request = { ...good, ...example };
      assert.equal(accepts(request), true, JSON.stringify(accepts.errors));
      const validation = validate(request);
      const errors = validation.valid ? [] : validation.errors;
      assert.deepEqual(
        errors.map((issue) => [issue.code, isCodeOnly(issue, request)]),
        [[code, true]],
      );
    });
  }
});

test("otherwise, schema and validator reject the same fields", () => {
  const runs = 6000;
  let accepted = 0;
  /** @type {Set<IssueCode>} */
  const seenInCodeOnly = new Set();
  /** @type {Set<IssueCode>} */
  const seenInBoth = new Set();

  const property = fc.property(requests(), (request) => {
    const validation = validate(request);
    // For an unknown model the schema has no limits, but the validator has those of the reference's model.
    const isKnown = knownModels.some(({ id }) => id === /** @type {any} */ (request)?.model);
    const errors = (validation.valid ? [] : validation.errors).filter(
      ({ code, path }) => isKnown || code === "invalid_type" || code === "required" || path[0] === "model",
    );
    let bySchema = schemaErrors(request);
    // If a field is not an array, the validator does not compare the kinds of files.
    const counted = (/** @type {string} */ location) => validation.mode !== null || location !== "files";
    const hasFiles = bySchema.includes("files");
    // The validator does not check entries beyond the limit.
    const checked = (/** @type {string} */ location) => {
      const [field, index] = location.split("/");
      return Number(index ?? 0) < (checkedEntries[field] ?? Infinity) || !hasFiles;
    };
    bySchema = bySchema.filter((location) => counted(location) && checked(location));
    /** @type {(issue: Issue) => boolean} */
    const own = (issue) => !bySchema.includes(locationOf(issue)) && isCodeOnly(issue, request);
    const shared = errors.filter(
      (issue) => !own(issue) && counted(locationOf(issue)) && checked(locationOf(issue)),
    );
    assert.deepEqual(bySchema, [...new Set(shared.map(locationOf))].sort());
    for (const issue of errors) {
      if (own(issue)) seenInCodeOnly.add(issue.code);
      else if (!isCodeOnly(issue, request)) seenInBoth.add(issue.code);
    }
    if (errors.length === 0) accepted++;
  });
  // On failure, fast-check prints the seed and the smallest counterexample.
  fc.assert(property, { seed: 20_261_123, numRuns: runs });

  assert.deepEqual([...seenInCodeOnly].sort(), Object.keys(codeOnly).sort());
  assert.deepEqual([...seenInBoth].sort(), both);
  assert.ok(accepted > runs / 8 && accepted < (runs * 7) / 8, `${accepted} of ${runs} were accepted`);
});

/** Mostly valid requests, and a few other values. */
function requests() {
  const pick = /** @type {typeof fc.constantFrom} */ (fc.constantFrom);
  const { quality, aspectRatio, duration, callbackUrl } = limits;
  /** @type {(usual: fc.Arbitrary<unknown>, odd: fc.Arbitrary<unknown>) => fc.Arbitrary<unknown>} */
  const mostly = (usual, odd) => {
    const other = fc.oneof(odd, fc.jsonValue(), pick(undefined, null, "", 0, true, [], {}));
    return fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: other });
  };
  const blank = pick("", " ", "\t\r\n", "\u0085", "\u00a0\u3000", "\u2003\u2028", "\ufeff", "\u200b", "\0");

  const model = mostly(
    fc.oneof({ weight: 4, arbitrary: pick("seedance-2.0") }, pick(...knownModels.map(({ id }) => id))),
    fc.oneof(blank, pick("seedance-3.0-text-to-video", " seedance-2.0", "\udc00")),
  );
  const tag = pick("@Image1", "@Image2", "@Image9", "@Video1", "@Audio3", "@Image10", "@Audio0", "@image1");
  const words = fc.array(fc.oneof({ weight: 9, arbitrary: pick("a", "boat", "河", "🎬") }, tag));
  const prompt = mostly(
    words.map((words) => `A ${words.join(" ")}`),
    fc.oneof(blank, pick("word ".repeat(2001), "word ".repeat(1900), "🎬".slice(0, 1))),
  );

  const oddUrl = fc
    .tuple(
      pick(
        "https://",
        "http://",
        "HTTPS://",
        "hTTp://",
        "https:/",
        "https:",
        "//",
        "",
        "ftp://",
        "data:",
        " https://",
      ),
      pick(
        ...[
          "a.example",
          "A.Example.",
          "例え.jp",
          "🎬.example",
          "%61.example",
          "a_b.example",
          "a.example\ufeff",
        ],
        ...[
          "8.8.8.8",
          "256.0.0.1",
          "1.2.3.4.5",
          "0x7f.1",
          "[2606:4700::1111]",
          "[::1]",
          "[::g]",
          "[::1",
          "::1",
        ],
        ...[
          "localhost",
          "printer.local",
          "me@a.example",
          "me:pw@a.example",
          "@",
          "",
          "a\\b",
          "a%2fb.example",
        ],
        ...[
          "a b.example",
          "a<b.example",
          "a\u3000b.example",
          "a\u00a0b.example",
          "a\0.example",
          "a\ud83d.example",
        ],
      ),
      pick("", ":", ":443", ":65536", ":x", ":-1", ":٣"),
      pick(
        ...[
          "",
          "/",
          "/a",
          "/a.jpg",
          "/A.MP4",
          "/a.mp3",
          "/a.heic",
          "/a.jpg?b=.avi",
          "/a,https://b.example/",
          "?a",
          "#a",
          "/a@b.png",
        ],
        ...[
          "/a b.jpg",
          "/a\n",
          "\n",
          "/a\0",
          "/a\u0085",
          "/a\u3000",
          "/a\ufeff",
          "/a\u200b",
          "/a\\b",
          "/[a]",
          "/例",
        ],
      ),
    )
    .map((parts) => parts.join(""));
  /** @type {(max: number, ...endings: string[]) => fc.Arbitrary<unknown>} */
  const files = (max, ...endings) => {
    const url = pick(...endings).map((ending) => `https://a.example/${ending}`);
    const urls = mostly(url, oddUrl);
    return mostly(
      fc.oneof(
        fc.array(url, { maxLength: max, size: "max" }),
        fc.array(url, { maxLength: 2 }),
        fc.array(urls, { maxLength: 2 }),
      ),
      fc.oneof(
        fc.array(url, { minLength: max, maxLength: max + 1 }),
        fc.array(oddUrl, { minLength: 1, maxLength: 2 }),
        url,
      ),
    );
  };

  const longUrl = fc
    .tuple(pick("a", "🎬"), fc.integer({ min: -1, max: 1 }), pick("https://a.example/", "http://a.example/"))
    .map(([letter, over, start]) => start + letter.repeat(callbackUrl.maxLength - start.length + over));
  const seconds = fc.oneof(
    fc.integer({ min: duration.min - 2, max: duration.max + 2 }),
    pick(4.5, 15.000001, -5, -0, 1e21, NaN, Infinity, "5", "5s"),
  );

  const fields = {
    model,
    prompt,
    image_urls: files(limits.images.maxCount, "a.jpg", "b.PNG", "c", "d.webp?e"),
    video_urls: files(limits.videos.maxCount, "a.mp4", "b.mov"),
    audio_urls: files(limits.audios.maxCount, "a.mp3", "b.wav"),
    duration: mostly(fc.integer(duration), seconds),
    quality: mostly(pick(...quality.values), pick("1080P", "4k", " 720p", 720)),
    aspect_ratio: mostly(pick(...aspectRatio.values), pick("16/9", "Adaptive", 1)),
    generate_audio: mostly(fc.boolean(), pick("true", 1)),
    callback_url: mostly(pick("https://a.example/done", "HTTPS://A.example?b"), fc.oneof(oddUrl, longUrl)),
    x_label: fc.jsonValue(),
    model_params: fc.jsonValue(),
    metadata: fc.jsonValue(),
  };
  const request = fc
    .tuple(
      fc.record(fields, { requiredKeys: ["model", "prompt"] }),
      mostly(fc.constant({}), pick({ imageUrls: [] }, { promt: "a" }, { resolution: "4k" }, { Duration: 5 })),
    )
    .map(([request, more]) => ({ ...request, .../** @type {any} */ (more) }));
  return fc.oneof(
    { weight: 99, arbitrary: request },
    { weight: 1, arbitrary: fc.oneof(fc.jsonValue(), pick(undefined, NaN)) },
  );
}
