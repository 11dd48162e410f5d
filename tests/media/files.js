// Small files of each format, made byte by byte.

/** @param {(number | string | Uint8Array | number[])[]} parts numbers are bytes, strings ASCII */
export function bytes(...parts) {
  const encoder = new TextEncoder();
  const chunks = parts.map((part) =>
    typeof part === "number" ? [part] : typeof part === "string" ? [...encoder.encode(part)] : part,
  );
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** @param {number} value @param {number} size */
const big = (value, size) =>
  Array.from({ length: size }, (_, index) => Math.floor(value / 2 ** (8 * (size - 1 - index))) & 255);

/** @param {number} value @param {number} size */
const little = (value, size) => big(value, size).reverse();

/** @param {{ width: number, height: number, frames?: number }} options */
export function gif({ width, height, frames = 1 }) {
  const frame = bytes(0x2c, little(0, 4), little(width, 2), little(height, 2), 0, 2, 1, 0x44, 0);
  return bytes(
    "GIF89a",
    little(width, 2),
    little(height, 2),
    0,
    0,
    0,
    ...Array.from({ length: frames }, () => frame),
    0x3b,
  );
}

/** @param {{ width: number, height: number }} options */
export function png({ width, height }) {
  const chunk = (/** @type {string} */ type, /** @type {number[]} */ data) =>
    bytes(big(data.length, 4), type, data, big(0, 4));
  const header = [...big(width, 4), ...big(height, 4), 8, 6, 0, 0, 0];
  return bytes([0x89], "PNG\r\n\x1a\n", chunk("IHDR", header), chunk("IDAT", []), chunk("IEND", []));
}

/** @param {string} type @param {(number | string | Uint8Array | number[])[]} content */
function box(type, ...content) {
  const inner = bytes(...content);
  return bytes(big(inner.length + 8, 4), type, inner);
}

/**
 * A video whose index is behind its pictures, or in front of them.
 * @param {{ width: number, height: number, seconds: number, rate?: number, mdat?: number, rotated?: boolean,
 *   indexFirst?: boolean }} options
 */
export function mp4({
  width,
  height,
  seconds,
  rate = 30,
  mdat = 1_000,
  rotated = false,
  indexFirst = false,
}) {
  const scale = 1_000;
  const duration = seconds * scale;
  const frames = seconds * rate;
  const unit = [0, 1, 0, 0];
  const minus = [255, 255, 0, 0];
  const none = [0, 0, 0, 0];
  const matrix = rotated
    ? [...none, ...unit, ...none, ...minus, ...none, ...none, ...none, ...none, 0x40, 0, 0, 0]
    : [...unit, ...none, ...none, ...none, ...unit, ...none, ...none, ...none, 0x40, 0, 0, 0];
  const zeros = (/** @type {number} */ count) => new Uint8Array(count);
  const header = box("mvhd", zeros(12), big(scale, 4), big(duration, 4), zeros(80));
  const track = box(
    "tkhd",
    [0, 0, 0, 7],
    zeros(8),
    big(1, 4),
    zeros(4),
    big(duration, 4),
    zeros(16),
    matrix,
    big(width, 2),
    zeros(2),
    big(height, 2),
    zeros(2),
  );
  const media = box("mdhd", zeros(12), big(scale, 4), big(duration, 4), zeros(4));
  const handler = box("hdlr", zeros(8), "vide", zeros(13));
  const entry = box("avc1", zeros(24), big(width, 2), big(height, 2), zeros(50));
  const table = box(
    "stbl",
    box("stsd", zeros(4), big(1, 4), entry),
    box("stts", zeros(4), big(1, 4), big(frames, 4), big(duration / frames, 4)),
    box("stsz", zeros(4), big(100, 4), big(frames, 4)),
  );
  const pictures = box("mdat", zeros(mdat));
  const index = box("moov", header, box("trak", track, box("mdia", media, handler, box("minf", table))));
  return bytes(
    box("ftyp", "isom", big(512, 4), "isommp42"),
    ...(indexFirst ? [index, pictures] : [pictures, index]),
  );
}

/** @param {{ seconds: number, rate?: number }} options */
export function wav({ seconds, rate = 8_000 }) {
  const length = seconds * rate;
  const format = bytes(
    "fmt ",
    little(16, 4),
    little(1, 2),
    little(1, 2),
    little(rate, 4),
    little(rate, 4),
    little(1, 2),
    little(8, 2),
  );
  return bytes(
    "RIFF",
    little(36 + length, 4),
    "WAVE",
    format,
    "data",
    little(length, 4),
    new Uint8Array(length),
  );
}
