// Compares the tables of the documents with the code.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { codeTables, packaged, readTable } from "../../tools/documents.js";
import { output, read } from "../../tools/setup.js";
import { bytes, gif, mp4, png, wav } from "../media/files.js";
import { pinnedVersion } from "../support/apps.js";
import { importPackage } from "../support/packed.js";
import { app } from "./support.js";

/**
 * The cells of the table under a heading.
 * @param {string} guide
 * @param {string} heading
 */
function table(guide, heading) {
  const section = read(`www/guides/${guide}.md`).split(`\n## ${heading}\n`)[1].split("\n## ")[0];
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe("table of issues: the example gives the issue", () => {
  const rows = table("requests", "Issues").map(([code, severity, , example]) => ({
    code: code.replaceAll("`", ""),
    severity,
    example: example.replace(/^`+ ?| ?`+$/g, ""),
  }));
  for (const { code, severity, example } of rows) {
    test(code, async () => {
      const { validate } = await importPackage(await app());
      const base = { model: "seedance-2.0", prompt: "A cat walks through snow" };
      const result = validate({ ...base, ...new Function(`return (${example})`)() });
      const found = [...(result.valid ? [] : result.errors), ...result.warnings];
      assert.equal(found.find((issue) => issue.code === code)?.severity, severity, JSON.stringify(found));
    });
  }

  test("every IssueCode has a row, here or in the table of files", () => {
    const [, union] = /export type IssueCode =([^;]*);/.exec(read("pkg/unions.d.cts")) ?? [];
    const declared = [...union.matchAll(/"(\w+)"/g)].map(([, code]) => code);
    const codes = [...rows.map(({ code }) => code), ...table("files", "Issues of files").map(codeOf)];
    assert.deepEqual([...new Set(codes)].sort(), declared.sort());
  });
});

/** @param {string[]} row */
const codeOf = ([code]) => code.replaceAll("`", "");

describe("table of issues of files", () => {
  const clip = { width: 1280, height: 720, seconds: 5 };
  const model = "seedance-2.0-reference-to-video";
  /** A request for each row. @type {Record<string, object>} */
  const requests = {
    unsupported_format: { image_urls: [wav({ seconds: 3 })] },
    too_large: { image_urls: [bytes(gif({ width: 640, height: 360 }), new Uint8Array(32e6))] },
    unreadable_file: { image_urls: [gif({ width: 640, height: 360 }).subarray(0, 12)] },
    duration_out_of_range: { video_urls: [mp4({ ...clip, seconds: 16 })] },
    total_duration: { audio_urls: [wav({ seconds: 9 }), wav({ seconds: 9 })] },
    pixels_out_of_range: { video_urls: [mp4({ ...clip, width: 1920, height: 1080 })] },
    side_out_of_range: { model, image_urls: [png({ width: 200, height: 200 })] },
    ratio_out_of_range: { model, image_urls: [png({ width: 3000, height: 1000 })] },
    frame_rate_out_of_range: { model, video_urls: [mp4({ ...clip, rate: 10 })] },
    ratio_mismatch: { image_urls: [png({ width: 720, height: 1280 })] },
    animated_image: { image_urls: [gif({ width: 640, height: 360, frames: 2 })] },
  };
  const rows = table("files", "Issues of files");
  test("every row has a request", () =>
    assert.deepEqual(rows.map(codeOf).sort(), Object.keys(requests).sort()));
  for (const row of rows) {
    test(codeOf(row), async () => {
      const home = join(await app(), "node_modules/evolink-video/media.js");
      const { checkFiles } = await import(pathToFileURL(home).href);
      const { issues } = await checkFiles({
        model: "seedance-2.0",
        prompt: "A cat",
        ...requests[codeOf(row)],
      });
      const found = issues.find((/** @type {{ code: string }} */ { code }) => code === codeOf(row));
      assert.equal(found?.severity, row[1], JSON.stringify(issues));
    });
  }
});

/** The members of an interface or class of the types, with their comments. @param {string} entry @param {string} name */
function membersOf(entry, name) {
  const declared = new RegExp(`^export (?:interface|class) ${name}\\b([^]*?)^\\}`, "m");
  const [, body] = declared.exec(read(`pkg-template/${entry}.d.ts`)) ?? [];
  const members = body.matchAll(/^  (?:\/\*\*((?:(?!\*\/)[^])*)\*\/\n  )?(\w+)(\??)[:(<]/gm);
  return [...members].map(([, comment, member, isOptional]) => ({
    comment,
    member,
    isOptional: !!isOptional,
  }));
}

/** The code spans of a cell or a text. @param {string} text */
const spansOf = (text) => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name);

test("table of the options of the handler: names, defaults and what `allow` has", () => {
  const rows = table("server", "Options").filter(([name]) => name.startsWith("`"));
  const options = membersOf("server", "ProxyOptions");
  assert.deepEqual(
    rows.flatMap(([name]) => spansOf(name)).sort(),
    options.map(({ member }) => member).sort(),
  );
  for (const [name, value] of rows) {
    const option = options.find(({ member }) => member === spansOf(name)[0]);
    assert.equal(value !== "required", option?.isOptional, name);
    if (/^(\d|`)/.test(value)) assert.match(String(option?.comment), new RegExp(`Default ${value}`), name);
  }
  const [, , allowed] = rows.find(([name]) => name === "`allow`") ?? [];
  assert.deepEqual(
    spansOf(allowed),
    membersOf("server", "ProxyAllow").map(({ member }) => member),
  );
});

test("table of the fields of errors", () => {
  const text = read("www/guides/errors.md").split("\n## ")[0];
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  const methods = ["constructor", "toJSON"];
  const fields = membersOf("index", "EvolinkError").map(({ member }) => member);
  assert.deepEqual(
    rows.flatMap((row) => spansOf(row.split("|")[1])).sort(),
    fields.filter((field) => !methods.includes(field)).sort(),
  );
});

test("table of errors: whether each class costs money is its default", async () => {
  const library = /** @type {any} */ (await importPackage(await app()));
  for (const [name, , charged] of table("errors", "Classes")) {
    const error = new library[name.replaceAll("`", "")]("A test");
    assert.equal(/^\w+/.exec(charged)?.[0], error.charged, name);
  }
});

test("every method of the client is in the README or a guide", () => {
  const text = packaged.map(read).join("\n");
  const methods = membersOf("index", "VideoClient").map(({ member }) => member);
  assert.ok(methods.length > 15);
  const missing = methods.filter((method) => !new RegExp(`(\`|client\\.)${method}[\`(]`).test(text));
  assert.deepEqual(missing, ["constructor"]);
});

test("table of imports: every entry of the package", () => {
  const { exports } = JSON.parse(read("pkg-template/package.json"));
  const rows = read("README.md")
    .split("\n")
    .filter((line) => line.startsWith("| `evolink-video"));
  const named = rows.flatMap((row) =>
    [...row.split("|")[1].matchAll(/`(?:evolink-video)?(\/?[\w-]*)`/g)].map(([, path]) => `.${path}`),
  );
  const scripts = Object.keys(exports).filter((path) => !/\.(wasm|json)$/.test(path));
  assert.deepEqual(named.sort(), scripts.sort());
});

test("table of errors: every class has a row", async () => {
  const library = await importPackage(await app());
  const classes = Object.keys(library).filter((name) => /Error$/.test(name) && name !== "EvolinkError");
  const rows = table("errors", "Classes").map(([name]) => name.replaceAll("`", ""));
  assert.deepEqual(rows.sort(), classes.sort());
});

describe("tables of error codes, which `npm run docs` writes", () => {
  const { codes } = JSON.parse(output("cargo", ["run", "--quiet", "--example", "tables"]) ?? "{}");
  for (const [name, table] of Object.entries(codeTables(codes)))
    test(name, () => assert.equal(readTable(name), table));
});

test("table of hosts: the versions are those that the apps pin", () => {
  const folders = readdirSync(new URL("../places", import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => existsSync(new URL(`../places/${name}/package.json`, import.meta.url)));
  const rows = new Map(
    table("hosts", "Tested hosts").map(([host, version]) => [host.toLowerCase(), version]),
  );
  /** @type {Record<string, [host: string, tool: string]>} */
  const named = {
    next: ["next.js", "next"],
    "react-router": ["react router", "react-router"],
    angular: ["angular", "@angular/core"],
  };
  for (const folder of folders) {
    const [host, tool] = named[folder] ?? [folder, folder];
    assert.equal(rows.get(host), pinnedVersion(folder, tool), folder);
  }
  assert.equal(rows.get("workerd"), JSON.parse(read("package.json")).devDependencies.workerd);
});
