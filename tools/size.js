// Prints what a module consists of: bytes by section, by crate and by function, largest first.
// `npm run size -- rules` prints one module, `--top 100` more functions. `npm run size -- --record` builds the package
// and records its sizes.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "./build.js";
import { compile, modules, optimize, workFolder } from "./module.js";
import { putTable } from "./documents.js";
import { Problem, isMain, main, root, setup } from "./setup.js";
import { measureSizes, sizeTable } from "./sizes.js";

const section = { import: 2, code: 10, data: 11, custom: 0 };

/**
 * The functions of a module with their names, and the sizes of its sections.
 * @param {Uint8Array} bytes of a module with function names
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

/** Reads the numbers and strings of the binary format. */
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

/** @param {Reader} reader at the content of the name section */
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

/** The number of imported functions. Their indices come before those of the module. @param {Reader} reader */
function functionImports(reader) {
  let functions = 0;
  for (let count = reader.number(); count > 0; count--) {
    reader.text();
    reader.text();
    const kind = reader.byte();
    if (kind !== 0)
      throw new Error(`The module has an import of kind ${kind}; only functions are supported.`);
    reader.number();
    functions++;
  }
  return functions;
}

/** A function's name without the hashes of crates and functions. @param {string} name */
const plainName = (name) => name.replace(/\[[0-9a-f]{16}\]|::h[0-9a-f]{16}$/g, "");

/**
 * The crate of a function by its name, with the module for functions of this crate. For an implementation of a trait
 * it is the crate of the type: `<evolink_video::domain::task::Task as core::fmt::Display>::fmt`.
 * @param {string} name
 */
export function origin(name) {
  const [crate, ...modules] = /[a-z]\w*(?:::\w+)*/.exec(name)?.[0].split("::") ?? [];
  if (crate === "evolink_video") {
    return [crate, ...modules.slice(0, ["npm", "text", "web"].includes(modules[0]) ? 1 : 2)].join("::");
  }
  if (!name.includes("::")) return "exports and shims";
  // Generic and primitive types, such as `<u32 as core::fmt::Display>`.
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

/** @param {string} module @param {number} top the number of functions to list */
async function printModule(module, top) {
  await compile(module);
  const named = join(workFolder(module), "named.wasm");
  optimize(module, named, { names: true });
  const { sections, functions } = dissect(readFileSync(named));
  print(`${module}: bytes by section`, Object.entries(sections));
  print(
    `${module}: code by crate`,
    grouped(functions, origin).map(([name, { size, count }]) => [name, size, `(${count} functions)`]),
  );
  const largest = functions.sort((a, b) => b.size - a.size).slice(0, top);
  print(
    `${module}: the ${top} largest functions`,
    largest.map(({ name, size }) => [name, size]),
  );
}

/** Records the sizes of the build, which later builds are compared with, and writes them into tests/bench/REPORT.md. */
async function record() {
  const measured = await measureSizes(join(root, "pkg"));
  writeFileSync(join(root, "tests/size/recorded.json"), `${JSON.stringify(measured, null, 2)}\n`);
  putTable("sizes", sizeTable(measured));
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const { values, positionals } = parseArgs({
      options: { top: { type: "string", default: "40" }, record: { type: "boolean", default: false } },
      allowPositionals: true,
    });
    const unknown = positionals.find((name) => !modules.includes(name));
    if (unknown) throw new Problem(`Unknown module "${unknown}". Available: ${modules.join(", ")}.`);
    setup();
    if (values.record) {
      await build();
      await record();
      return;
    }
    for (const module of positionals.length > 0 ? positionals : modules)
      await printModule(module, Number(values.top));
  });
}
