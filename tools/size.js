// Prints what the module is made of: bytes by crate, by function and of constants, largest first.
// `npm run size -- --top 100` prints more of the functions. `npm run size -- --record` builds,
// and puts the sizes of the build on record.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build, compile, optimize, sizes, sizeTable, work } from "./build.js";
import { plainName } from "./panics.js";
import { putTable } from "./readme.js";
import { isMain, main, root, setup } from "./setup.js";

const section = { import: 2, code: 10, data: 11, custom: 0 };

/**
 * A module's functions with their names, and the sizes of its sections.
 * @param {Uint8Array} bytes of a module with its names
 */
export function dissect(bytes) {
  const reader = new Reader(bytes, 8);
  /** @type {Map<number, string>} */
  let names = new Map();
  /** @type {number[]} */
  const bodies = [];
  /** @type {Record<string, number>} */
  const sections = {};
  let imported = 0;
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const end = reader.number() + reader.at;
    const size = end - reader.at;
    if (id === section.custom) {
      if (reader.text() === "name") names = functionNames(new Reader(bytes.subarray(0, end), reader.at));
    } else {
      if (id === section.import) imported = functionImports(new Reader(bytes, reader.at));
      if (id === section.code) {
        for (let count = reader.number(); count > 0; count--) {
          const body = reader.number();
          bodies.push(body);
          reader.at += body;
        }
      }
      const name = id === section.code ? "code" : id === section.data ? "constants" : "the rest";
      sections[name] = (sections[name] ?? 0) + size;
    }
    reader.at = end;
  }
  const functions = bodies.map((size, index) => ({
    name: plainName(names.get(imported + index) ?? "?"),
    size,
  }));
  return { sections, functions };
}

/** Reads the numbers and texts of the binary format. */
class Reader {
  /**
   * @param {Uint8Array} bytes
   * @param {number} at
   */
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  text() {
    const length = this.number();
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }
}

/** @param {Reader} reader at the content of the section of names */
function functionNames(reader) {
  /** @type {Map<number, string>} */
  const names = new Map();
  while (reader.at < reader.bytes.length) {
    const kind = reader.byte();
    const end = reader.number() + reader.at;
    if (kind === 1) {
      for (let count = reader.number(); count > 0; count--) names.set(reader.number(), reader.text());
    }
    reader.at = end;
  }
  return names;
}

/** How many of the imports are functions, which are numbered before the module's own. @param {Reader} reader */
function functionImports(reader) {
  let functions = 0;
  for (let count = reader.number(); count > 0; count--) {
    reader.text();
    reader.text();
    const kind = reader.byte();
    if (kind !== 0) throw new Error(`The module imports more than functions (${kind}).`);
    reader.number();
    functions++;
  }
  return functions;
}

/**
 * The crate that a function's name begins with; of this one, the module too. Of a trait's implementation it is
 * the type's: `<evolink_video::domain::task::Task as core::fmt::Display>::fmt`.
 * @param {string} name
 */
export function origin(name) {
  const [crate, ...modules] = /[a-z]\w*(?:::\w+)*/.exec(name)?.[0].split("::") ?? [];
  if (crate === "evolink_video") {
    return [crate, ...modules.slice(0, ["npm", "text", "web"].includes(modules[0]) ? 1 : 2)].join("::");
  }
  if (!name.includes("::")) return "exports and shims";
  // Of `<u32 as core::fmt::Display>`, and of generic and primitive types.
  return modules.length > 0 ? crate : "core";
}

/**
 * @param {{ name: string, size: number }[]} functions
 * @param {(name: string) => string} key
 */
function grouped(functions, key) {
  /** @type {Map<string, { size: number, count: number }>} */
  const groups = new Map();
  for (const { name, size } of functions) {
    const group = groups.get(key(name)) ?? { size: 0, count: 0 };
    groups.set(key(name), { size: group.size + size, count: group.count + 1 });
  }
  return [...groups].sort(([, a], [, b]) => b.size - a.size);
}

/** @param {string} title @param {[string, number, string?][]} rows */
function print(title, rows) {
  console.log(`\n${title}`);
  for (const [what, bytes, more = ""] of rows) console.log(`${String(bytes).padStart(8)}  ${what} ${more}`);
}

/** @param {number} top how many functions are listed */
async function size(top) {
  await compile();
  const named = join(work, "named.wasm");
  optimize(named, { names: true });
  const bytes = readFileSync(named);
  const { sections, functions } = dissect(bytes);
  print("bytes by part", Object.entries(sections));
  print(
    "code by crate",
    grouped(functions, origin).map(([name, { size, count }]) => [name, size, `(${count} functions)`]),
  );
  const largest = functions.sort((a, b) => b.size - a.size).slice(0, top);
  print(
    `the ${top} largest functions`,
    largest.map(({ name, size }) => [name, size]),
  );
}

/** Takes the sizes of the build for the ones that it is held against, in the README too. */
async function record() {
  const measured = await sizes();
  writeFileSync(join(root, "tests/size/recorded.json"), `${JSON.stringify(measured, null, 2)}\n`);
  putTable("sizes", sizeTable(measured));
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const { values } = parseArgs({
      options: { top: { type: "string", default: "40" }, record: { type: "boolean", default: false } },
    });
    setup();
    if (values.record) {
      await build();
      await record();
    } else await size(Number(values.top));
  });
}
