// Tables of numbers with named rows.
import { markdownTable } from "../../tools/documents.js";

/**
 * @typedef {object} Table
 * @property {string[]} head the columns with their units
 * @property {Record<string, (number | null)[]>} rows by name; `null` if not measured
 * @property {string[]} [problems] failed requirements
 */

/** @param {string} corner @param {Table} table */
export const toMarkdown = (corner, { head, rows }) =>
  markdownTable(
    [corner, ...head],
    Object.entries(rows).map(([name, values]) => [name, ...values.map(formatNumber)]),
  );

/** Measured values have three digits; integers are not rounded. @param {number | null} value */
function formatNumber(value) {
  if (value === null) return "";
  // A difference that is too small to measure can be negative.
  if (value < 0) return "≈ 0";
  if (value >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString("en");
  return value.toFixed(value >= 10 ? 1 : 2);
}

/**
 * Joins columns of several tables by the names of their rows.
 * @param {[table: Table, columns: number[], heads: string[]][]} parts
 * @param {string[]} names
 * @returns {Table}
 */
export const joinTables = (parts, names) => ({
  head: parts.flatMap(([, , heads]) => heads),
  rows: Object.fromEntries(
    names.map((name) => [
      name,
      parts.flatMap(([table, columns]) => columns.map((column) => table.rows[name]?.[column] ?? null)),
    ]),
  ),
});
