// Cuts what only a panic would do out of the module. A panic ends in a trap, and what it would have said
// goes nowhere: the message is formatted, handed to std's hook, and dropped. std comes compiled, and
// `panic = "abort"` alone leaves all of that in.
import { readFileSync, writeFileSync } from "node:fs";
import { Problem } from "./setup.js";

/** The ways into a panic; none of them returns. */
const panics =
  /^<?(core|std)::panicking::(?!panic_count)|^__rustc::rust_|::(panic_\w+|unwrap_failed|expect_failed|slice_\w+_fail|handle_error|handle_alloc_error)$/;

/** Writing by `format!` and its like. This crate has `template!` for that, so that only panics format. */
const formats = /\bcore::fmt::/;

/** Where in the sources a panic was, as it would have said: of std, of other crates, of this one. */
const places = /(\/rustc|cargo\/registry\/src|src\/(domain|client|npm|text|web))\/[\w./-]+?\.rs/g;

/** Without these the patterns above no longer fit what the compiler calls its functions. */
const expected = ["core::panicking::panic_fmt", "core::panicking::panic", "__rustc::rust_begin_unwind"];

/**
 * @param {string} file the module, with the names of its functions
 * @param {() => string} callGraph of the file as it stands, in the form of wasm-opt
 */
export async function cutPanics(file, callGraph) {
  const cut = await trapInstead(file, panics);
  const missing = expected.filter((name) => !cut.includes(name));
  if (missing.length > 0) throw new Problem(`The module has no ${missing.join(", ")} to cut out.`);
  for (const [, from, to] of callGraph().matchAll(/^\s*"(.+)" -> "(.+)"/gm)) {
    if (formats.test(plainName(to)) && !formats.test(plainName(from))) {
      throw new Problem(`${plainName(from)} calls ${plainName(to)}: let it use \`text!\`.`);
    }
  }
  await trapInstead(file, formats);
  await blankPlaces(file);
}

/**
 * Puts zeros, which wasm-opt leaves out, in the place of constants that nothing reads any more: the names of
 * sources, and what tells a panic where it was (the address and the length of such a name, the line, the column).
 * @param {string} file
 */
async function blankPlaces(file) {
  const bytes = readFileSync(file);
  const segments = await constants(bytes);
  /** @type {Map<number, number>} */
  const lengths = new Map();
  for (const { address, data } of segments) {
    for (const { 0: place, index } of data.toString("latin1").matchAll(places)) {
      lengths.set(address + index, place.length);
      data.fill(0, index, index + place.length);
    }
  }
  let blanked = 0;
  for (const { data } of segments) {
    for (let at = 0; at + 16 <= data.length; at += 4) {
      if (data.readUInt32LE(at + 4) !== lengths.get(data.readUInt32LE(at))) continue;
      data.fill(0, at, at + 16);
      blanked++;
    }
  }
  if (blanked === 0) throw new Problem("The module has no places of panics to blank.");
  writeFileSync(file, bytes);
}

/**
 * The constants of a module: parts of its bytes, and their address in its memory.
 * @param {Buffer} bytes
 */
async function constants(bytes) {
  const { default: binaryen } = await import("binaryen");
  const module = binaryen.readBinary(bytes);
  // Its types have these under other names.
  const { getNumDataSegments, getDataSegmentByIndex, getDataSegmentInfo } =
    /** @type {Record<string, (of?: unknown) => any>} */ (/** @type {unknown} */ (module));
  let end = 0;
  const segments = Array.from({ length: getNumDataSegments() }, (_, index) => {
    const { offset: address, data } = getDataSegmentInfo(getDataSegmentByIndex(index));
    // In their order, the long one of constants first.
    const at = bytes.indexOf(Buffer.from(data), end);
    if (at < 0 || address % 4 !== 0)
      throw new Problem("The module's constants are not where they should be.");
    end = at + data.byteLength;
    return { address, data: bytes.subarray(at, end) };
  });
  module.dispose();
  return segments;
}

/**
 * A function's name without the hashes of crates and functions.
 * @param {string} name
 */
export const plainName = (name) => name.replace(/\[[0-9a-f]{16}\]|::h[0-9a-f]{16}$/g, "");

/**
 * Lets functions trap at once; what only they call is then for wasm-opt to remove.
 * @param {string} file
 * @param {RegExp} pattern of their names
 */
async function trapInstead(file, pattern) {
  const { default: binaryen } = await import("binaryen");
  // Its types have this as a part of each module, where it is not.
  const { setBody } = /** @type {{ Function: import("binaryen").default.Module["Function"] }} */ (
    /** @type {unknown} */ (binaryen)
  ).Function;
  const module = binaryen.readBinary(readFileSync(file));
  const cut = [];
  for (let index = 0; index < module.getNumFunctions(); index++) {
    const { name, module: imported } = binaryen.getFunctionInfo(module.getFunctionByIndex(index));
    if (imported || !pattern.test(plainName(name))) continue;
    setBody(module.getFunction(name), module.unreachable());
    cut.push(plainName(name));
  }
  binaryen.setDebugInfo(true);
  writeFileSync(file, module.emitBinary());
  module.dispose();
  return cut;
}
