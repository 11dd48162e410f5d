// Compares the declarations with the API's tables, which Rust prints, and with the sources.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { output, read } from "../../tools/setup.js";

const commented = read("pkg-template/index.d.ts");
const declarations = commented.replaceAll(/^ *\/\*\*[^]*?\*\/\n/gm, "");
const tables = JSON.parse(output("cargo", ["run", "--quiet", "--example", "tables"]) ?? "{}");

/** @param {string[]} one @param {string[]} other */
const assertSameStrings = (one, other) => assert.deepEqual([...one].sort(), [...other].sort());

test("VideoRequest has the fields of the table", () => {
  const [, body] = /export interface VideoRequest \{\n([^]*?)\n\}/.exec(declarations) ?? [];
  const fields = [...body.matchAll(/^  (\w+)\??:/gm)].map(([, field]) => field);
  assert.deepEqual(fields, tables.fields);
});

describe("the numbers in the comments are those of the code", () => {
  /** The comment of a member, in one line. @param {string} owner @param {string} member */
  const commentOf = (owner, member) => {
    const [, body] = new RegExp(`export (?:interface|class) ${owner}\\b([^]*?)\\n\\}`).exec(commented) ?? [];
    const [, comment] = new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\n  ${member}[?:(]`).exec(body) ?? [];
    return comment.replaceAll(/\s*\n\s*\*\s*/g, " ");
  };
  const rust = (/** @type {string} */ file, /** @type {string} */ name) => {
    const [, value] = new RegExp(`const ${name}: \\w+ = ([\\d_]+);`).exec(read(`src/${file}.rs`)) ?? [];
    return Number(value.replaceAll("_", ""));
  };
  const { prompt, images, videos, audios, duration, quality, aspectRatio, callbackUrl, idempotencyKey } =
    tables.limitsByModel[tables.models[0].id];
  const english = (/** @type {number} */ number) => number.toLocaleString("en");
  const formats = (/** @type {any} */ files) => files.formats.join(", ").replace(/, (\w+)$/, " or $1");
  const count = (/** @type {any} */ files) =>
    `at most ${files.maxCount}, each at most ${files.maxBytes / 1e6} MB`;
  const pixels = `${english(videos.minPixels)} to ${english(videos.maxPixels)} pixels`;
  const seconds = `${videos.minSeconds} to ${videos.maxSeconds} seconds`;
  const minute = rust("domain/retry", "MAX_RETRY_AFTER_MS");
  const attempt = rust("domain/config", "DEFAULT_REQUEST_TIMEOUT_MS");
  const wait = rust("domain/config", "DEFAULT_WAIT_MS");
  const batch = rust("domain/api/numbers", "BATCH_MAX");

  /** @type {[owner: string, member: string, parts: string[]][]} */
  const rows = [
    ["VideoRequest", "prompt", [`at most ${prompt.maxTokens} tokens`]],
    ["VideoRequest", "image_urls", [count(images), formats(images)]],
    ["VideoRequest", "video_urls", [count(videos), seconds, pixels, formats(videos)]],
    ["VideoRequest", "audio_urls", [count(audios), `${audios.maxTotalSeconds} seconds`, formats(audios)]],
    ["VideoRequest", "duration", [`${duration.min} to ${duration.max}`, `Default ${duration.default}`]],
    ["VideoRequest", "quality", [`Default \`"${quality.default}"\``]],
    ["VideoRequest", "aspect_ratio", [`Default \`"${aspectRatio.default}"\``]],
    ["VideoRequest", "callback_url", [`at most ${callbackUrl.maxLength} characters`]],
    ["ClientOptions", "requestTimeoutMs", [`Default ${attempt}`]],
    ["SubmitOptions", "maxSleepMs", [`Default ${minute}`]],
    ["SubmitOptions", "idempotencyKey", [`${idempotencyKey.minLength} to ${idempotencyKey.maxLength} char`]],
    ["WaitOptions", "timeoutMs", [`Default ${wait}`, `${wait / 60_000} minutes`]],
    ["VideoClient", "retrieveAll", [`${batch} with one call`]],
    [
      "VideoClient",
      "waitAll",
      [`${batch} tasks`, `at most ${rust("domain/watch/mod", "MAX_CONCURRENT_READS")} at`],
    ],
    ["VideoClient", "upload", [`at most ${rust("domain/api/numbers", "MAX_UPLOAD_BYTES") / 1e6} MB`]],
  ];
  for (const [owner, member, parts] of rows)
    test(`${owner}.${member}`, () => {
      for (const part of parts) assert.ok(commentOf(owner, member).includes(part), part);
    });
});

test("all error classes are declared", () => {
  const classes = [...declarations.matchAll(/export class (\w+Error) extends EvolinkError/g)];
  assertSameStrings(
    classes.map(([, name]) => name),
    tables.errors,
  );
});

test("the limits have the declared properties", () => {
  /** @param {string} name */
  const declared = (name) => {
    const [, body] = new RegExp(`export interface ${name} \\{\\n([^]*?)\\n\\}`).exec(declarations) ?? [];
    const properties = [...body.matchAll(/^  readonly (\w+)(\?)?:/gm)];
    return {
      all: properties.map(([, property]) => property),
      required: properties.filter(([, , optional]) => !optional).map(([, property]) => property),
    };
  };
  const [limits, files] = [declared("Limits"), declared("FileLimits")];
  const seen = new Set();
  const seenOfFiles = new Set();
  for (const [model, of] of /** @type {[string, any][]} */ (Object.entries(tables.limitsByModel))) {
    for (const name of Object.keys(of)) seen.add(name);
    for (const name of limits.required) assert.ok(name in of, `${model}: ${name}`);
    for (const kind of ["images", "videos", "audios"]) {
      const names = Object.keys(of[kind]);
      for (const name of names) seenOfFiles.add(name);
      for (const name of files.required) assert.ok(names.includes(name), `${model}: ${kind}.${name}`);
    }
  }
  assertSameStrings([...seen], limits.all);
  assertSameStrings([...seenOfFiles], files.all);
});

describe("ErrorCode", () => {
  const [, members] = /export type ErrorCode =([^;]*);/.exec(declarations) ?? [];
  const codes = [...members.matchAll(/"([^"]+)"/g)].map(([, code]) => code);
  /** @param {string} folder @param {string} ending */
  const sources = (folder, ending) =>
    readdirSync(new URL(`../../${folder}`, import.meta.url), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(ending) && !name.includes("testing"))
      // Unit tests use other codes.
      .map((name) => read(`${folder}/${name}`).split("#[cfg(test)]")[0]);
  const rust = sources("src", ".rs").join("\n");
  const scripts = sources("pkg-template", ".js").join("\n");

  test("has every code of the sources", () => {
    const used = [
      ...rust.matchAll(/(?:Error|Self)::new\(\s*ErrorKind::\w+,\s*"(\w+)"/g),
      ...rust.matchAll(/invalid_answer\(\s*&?answer,\s*"(\w+)"/g),
      ...scripts.matchAll(/\bcode: "(\w+)"/g),
    ].map(([, code]) => code);
    assert.ok(used.length > 15, `${used.length} codes found`);
    // The default codes of classes for the API's own errors.
    const vendors = ["unauthorized", "insufficient_quota", "model_access_denied", "http_404"];
    // Rust tells the scripts that a file must be uploaded first; nobody else sees it.
    const internal = "not_uploaded";
    const expected = [...vendors, "rate_limit_exceeded", "paid_outcome_unknown", internal, ...codes];
    assert.deepEqual(
      used.filter((code) => !expected.includes(code)),
      [],
    );
  });

  for (const code of codes) {
    test(`${code} is in the sources`, () => assert.ok(`${rust}${scripts}`.includes(`"${code}"`)));
  }
});
