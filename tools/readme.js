// The generated tables of the README. Each follows a marker `<!-- table: name -->`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem, read, root } from "./setup.js";

/**
 * Formats a table in Markdown.
 * @param {string[]} head
 * @param {string[][]} rows
 */
export const markdownTable = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** Reads a table of the README. @param {string} name */
export function readmeTable(name) {
  const [, , table] = pattern(name).exec(read("README.md")) ?? [];
  if (!table) throw new Problem(`The README has no table below \`<!-- table: ${name} -->\`.`);
  return table.trimEnd();
}

/**
 * Replaces a table of the README.
 * @param {string} name
 * @param {string} table
 */
export function putTable(name, table) {
  readmeTable(name);
  const readme = read("README.md").replace(pattern(name), (_, marker) => `${marker}${table}\n`);
  writeFileSync(join(root, "README.md"), readme);
}

/** @param {string} name */
const pattern = (name) => new RegExp(`(<!-- table: ${name} -->\n\n)((?:\\|.*\n)+)`);
