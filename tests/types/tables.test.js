// Compares the unions of the declarations with the API's tables, which Rust prints, and with the sources.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { output, read } from "../../tools/setup.js";

const declarations = read("pkg-template/index.d.ts").replaceAll(/^ *\/\*\*[^]*?\*\/\n/gm, "");
const tables = JSON.parse(output("cargo", ["run", "--quiet", "--example", "tables"]) ?? "{}");

/** The strings of a union in the declarations. @param {string} name */
function union(name) {
  const [, members] = new RegExp(`export type ${name} =([^;]*);`).exec(declarations) ?? [];
  assert.ok(members, `index.d.ts has no union ${name}`);
  return strings(members);
}

/** @param {string} code */
const strings = (code) => [...code.matchAll(/"([^"]+)"/g)].map(([, string]) => string);

/** @param {string[]} one @param {string[]} other */
const assertSameStrings = (one, other) => assert.deepEqual([...one].sort(), [...other].sort());

describe("unions have the strings of their tables", () => {
  for (const [name, table] of [
    ["IssueCode", "issueCodes"],
    ["Quality", "qualities"],
    ["AspectRatio", "aspectRatios"],
    ["Role", "roles"],
    ["Mode", "modes"],
  ]) {
    test(name, () => assertSameStrings(union(name), tables[table]));
  }

  test("Model", () =>
    assertSameStrings(
      union("Model"),
      tables.models.map((/** @type {{ id: string }} */ { id }) => id),
    ));

  test("the family of a model", () => {
    const [, members] = /readonly family: ([^;]*);/.exec(declarations) ?? [];
    const families = tables.models.map((/** @type {{ family: string }} */ { family }) => family);
    assertSameStrings(strings(members), [...new Set(/** @type {string[]} */ (families))]);
  });

  for (const [property, table] of [
    ["kind", "kinds"],
    ["severity", "severities"],
  ]) {
    test(property, () => {
      const [, members] = new RegExp(`^  ${property}: ([^;]*);`, "m").exec(declarations) ?? [];
      assertSameStrings(strings(members), tables[table]);
    });
  }
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
  for (const [model, of] of /** @type {[string, any][]} */ (Object.entries(tables.limitsByModel))) {
    assertSameStrings(Object.keys(of), limits.all);
    for (const kind of ["images", "videos", "audios"]) {
      const names = Object.keys(of[kind]);
      for (const name of names) seen.add(name);
      for (const name of files.required) assert.ok(names.includes(name), `${model}: ${kind}.${name}`);
    }
  }
  assertSameStrings([...seen], files.all);
});

describe("ErrorCode", () => {
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
    const expected = [...vendors, "rate_limit_exceeded", "paid_outcome_unknown", ...union("ErrorCode")];
    assert.deepEqual(
      used.filter((code) => !expected.includes(code)),
      [],
    );
  });

  for (const code of union("ErrorCode")) {
    test(`${code} is in the sources`, () => assert.ok(`${rust}${scripts}`.includes(`"${code}"`)));
  }
});
