// Tables of numbers, with a name for each row.
import { markdownTable } from "../../tools/readme.js";

/**
 * @typedef {object} Table
 * @property {string[]} head what the columns are, with their units
 * @property {Record<string, (number | null)[]>} rows by name; `null` where there is nothing to measure
 * @property {string[]} [problems] what is not as it must be
 */

/** @param {string} corner @param {Table} table */
export const inMarkdown = (corner, { head, rows }) =>
  markdownTable(
    [corner, ...head],
    Object.entries(rows).map(([name, values]) => [name, ...values.map(inWords)]),
  );

/** Three digits tell enough of what is measured; counts of bytes stay whole. @param {number | null} value */
function inWords(value) {
  if (value === null) return "";
  // Less than nothing is what chance makes of a difference that is too small to measure.
  if (value < 0) return "≈ 0";
  if (value >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString("en");
  return value.toFixed(value >= 10 ? 1 : 2);
}

/**
 * Some columns of several tables beside each other, as rows of the same names.
 * @param {[table: Table, columns: number[], heads: string[]][]} parts
 * @param {string[]} names
 * @returns {Table}
 */
export const beside = (parts, names) => ({
  head: parts.flatMap(([, , heads]) => heads),
  rows: Object.fromEntries(
    names.map((name) => [
      name,
      parts.flatMap(([table, columns]) => columns.map((column) => table.rows[name]?.[column] ?? null)),
    ]),
  ),
});
