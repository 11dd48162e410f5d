// Removes the code that only panics use. A panic ends in a trap, and its message is never shown: std formats it, passes
// it to its hook, and drops it. std is precompiled, so `panic = "abort"` alone does not remove that code.
import { readFileSync, writeFileSync } from "node:fs";
import { Problem } from "./setup.js";

/** The functions of std that start a panic, by the last part of their names. None of them returns. */
const starts = /^(panic_\w+|unwrap_failed|expect_failed|slice_\w+_fail|handle_error|handle_alloc_error)$/;

/** The machinery that they call. `panic_count` is also read without a panic. */
const machinery = /^(__rustc::rust_|<?(core|std)::panicking::(?!panic_count))/;

/** A function of std by its path, or an associated function of a type of std. The last group is the function's name. */
const ofStd = /^(?:(?:core|std|alloc)::(?:\w+::)*|<(?:core|std|alloc)::(?:(?! as ).)*>::)(\w+)$/;

/**
 * Whether a function belongs to std and only runs in a panic. Functions of this crate never match, whatever their name,
 * because replacing one with a trap would go unnoticed.
 * @param {string} name as returned by {@link plainName}
 */
export function isPanic(name) {
  return machinery.test(name) || starts.test(ofStd.exec(name)?.[1] ?? "");
}

/** Whether a function formats as `format!` does. This crate uses `template!` instead, so that only panics format. */
const isFormatting = (/** @type {string} */ name) => /\bcore::fmt::/.test(name);

/** One function of each kind. If one is missing, {@link isPanic} no longer matches the names that the compiler writes. */
const expected = [
  "core::panicking::panic_fmt",
  "core::cell::panic_already_borrowed",
  "__rustc::rust_begin_unwind",
];

/**
 * @param {string} file the module, with the names of its functions
 * @param {() => string} callGraph the call graph of the file, as wasm-opt prints it
 */
export async function cutPanics(file, callGraph) {
  const cut = await trapInstead(file, isPanic);
  const missing = expected.filter((name) => !cut.includes(name));
  if (missing.length > 0)
    throw new Problem(`The module does not contain ${missing.join(", ")}. Update tools/panics.js.`);
  for (const [, from, to] of callGraph().matchAll(/^\s*"(.+)" -> "(.+)"/gm)) {
    const [caller, called] = [plainName(from), plainName(to)];
    if (isFormatting(called) && !isFormatting(caller))
      throw new Problem(`${caller} calls ${called}: use \`template!\` instead of formatting.`);
  }
  await trapInstead(file, isFormatting);
}

/**
 * A function's name without the hashes of crates and functions.
 * @param {string} name
 */
export const plainName = (name) => name.replace(/\[[0-9a-f]{16}\]|::h[0-9a-f]{16}$/g, "");

/**
 * Replaces the bodies of functions with a trap. wasm-opt then removes the functions that only they call.
 * @param {string} file
 * @param {(plainName: string) => boolean} chosen
 * @returns {Promise<string[]>} the plain names of the replaced functions
 */
async function trapInstead(file, chosen) {
  const { default: binaryen } = await import("binaryen");
  // The types declare this on modules, but it exists on the namespace only.
  const { setBody } = /** @type {{ Function: import("binaryen").default.Module["Function"] }} */ (
    /** @type {unknown} */ (binaryen)
  ).Function;
  const module = binaryen.readBinary(readFileSync(file));
  const cut = [];
  for (let index = 0; index < module.getNumFunctions(); index++) {
    const { name, module: imported } = binaryen.getFunctionInfo(module.getFunctionByIndex(index));
    if (imported || !chosen(plainName(name))) continue;
    setBody(module.getFunction(name), module.unreachable());
    cut.push(plainName(name));
  }
  binaryen.setDebugInfo(true);
  writeFileSync(file, module.emitBinary());
  module.dispose();
  return cut;
}
