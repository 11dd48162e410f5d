// The chart of the report, in colors that are readable on white and on black.

/** @typedef {import("./table.js").Table} Table */

const width = 720;
const rowHeight = 20;
const labelWidth = 170;
const panelWidth = 255;
const gap = 20;
const ink = "#7d8590";
const accent = "#e5702a";

/** @param {Record<string, Table>} tables */
export function chart({ bytes, "cold-start": coldStart }) {
  const names = Object.keys(bytes.rows);
  const height = 30 + names.length * rowHeight;
  const panels = [
    panel("to download, KB brotli", names, (name) => Number(bytes.rows[name][1]) / 1000),
    panel("cold start in Node, ms over a bare one", names, (name) => Number(coldStart.rows[name][0])),
  ];
  const labels = names.map(
    (name, row) =>
      `<text x="${labelWidth - 8}" y="${baseline(row)}" text-anchor="end"${row === 0 ? ' font-weight="bold"' : ""}>${name}</text>`,
  );
  const placed = panels.map(
    (bars, index) => `<g transform="translate(${labelWidth + index * (panelWidth + gap)} 0)">\n${bars}\n</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="${ink}">
<title>Bytes to download and cold start in Node: evolink-video beside its peers</title>
${[...labels, ...placed].join("\n")}
</svg>
`;
}

/** @param {number} row */
const baseline = (row) => 30 + row * rowHeight + 14;

/**
 * @param {string} title
 * @param {string[]} names
 * @param {(name: string) => number} valueOf
 */
function panel(title, names, valueOf) {
  const values = names.map((name) => Math.max(0, valueOf(name)));
  const most = Math.max(...values);
  const bars = values.map((value, row) => {
    const length = Math.max(1, Math.round((value / most) * (panelWidth - 45)));
    const color = row === 0 ? accent : ink;
    return `<rect x="0" y="${30 + row * rowHeight + 3}" width="${length}" height="${rowHeight - 6}" fill="${color}"/><text x="${length + 5}" y="${baseline(row)}">${value.toFixed(value < 10 ? 1 : 0)}</text>`;
  });
  return [`<text x="0" y="16">${title}</text>`, ...bars].join("\n");
}
