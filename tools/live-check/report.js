// The table of what is known, and the list of what to change.

/** @typedef {import("./finding.js").Finding} Finding */

/** @type {Record<import("./finding.js").Verdict, string>} */
const marks = { confirmed: "as assumed", new: "new", differs: "DIFFERS", open: "open" };

/**
 * Markdown, aligned for a terminal.
 * @param {Finding[]} findings
 */
export function report(findings) {
  const rows = [
    ["", "question", "answer", "meaning"],
    ...findings.map(({ verdict, question, answer, meaning }) => [marks[verdict], question, answer, meaning]),
  ].map((row) => row.map((cell) => cell.replaceAll("|", "\\|").replace(/\s+/g, " ")));
  const widths = rows[0].map((_, column) => Math.max(3, ...rows.map((row) => row[column].length)));
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
  const padded = rows.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column]))));
  const rule = line(widths.map((width) => "-".repeat(width)));
  return [padded[0], rule, ...padded.slice(1), "", ...changes(findings)].join("\n");
}

/** @param {Finding[]} findings */
function changes(findings) {
  const lines = findings.flatMap(({ changes }) => changes.map(({ file, what }) => `- ${file}: ${what}`));
  if (lines.length === 0) return ["Nothing to change."];
  return ["To change (each row with the source `LiveAnswer`):", "", ...new Set(lines)];
}
