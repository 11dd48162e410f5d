// Compares the declarations with the API's tables, which Rust prints, and with the sources.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { output, read } from "../../tools/setup.js";

const declarations = read("pkg-template/index.d.ts").replaceAll(/^ *\/\*\*[^]*?\*\/\n/gm, "");
const tables = JSON.parse(output("cargo", ["run", "--quiet", "--example", "tables"]) ?? "{}");

/** @param {string[]} one @param {string[]} other */
const assertSameStrings = (one, other) => assert.deepEqual([...one].sort(), [...other].sort());

test("VideoRequest has the fields of the table", () => {
  const [, body] = /export interface VideoRequest \{\n([^]*?)\n\}/.exec(declarations) ?? [];
  const fields = [...body.matchAll(/^  (\w+)\??:/gm)].map(([, field]) => field);
  assert.deepEqual(fields, tables.fields);
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
