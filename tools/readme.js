// The tables of the README that tools write: each stands below a mark `<!-- table: its name -->`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem, read, root } from "./setup.js";

/**
 * A table in Markdown.
 * @param {string[]} head
 * @param {string[][]} rows
 */
export const markdownTable = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** The table as the README has it. @param {string} name */
export function readmeTable(name) {
  const [, , table] = place(name).exec(read("README.md")) ?? [];
  if (!table) throw new Problem(`The README has no table below \`<!-- table: ${name} -->\`.`);
  return table.trimEnd();
}

/**
 * Puts a table in the place of the one that the README has.
 * @param {string} name
 * @param {string} table
 */
export function putTable(name, table) {
  readmeTable(name);
  const readme = read("README.md").replace(place(name), (_, mark) => `${mark}${table}\n`);
  writeFileSync(join(root, "README.md"), readme);
}

/** @param {string} name */
const place = (name) => new RegExp(`(<!-- table: ${name} -->\n\n)((?:\\|.*\n)+)`);
