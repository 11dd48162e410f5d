// A WebAssembly module as a string in a script.

/**
 * The module as a string with one character for each byte. Frequent bytes become ASCII characters, themselves where
 * possible; the others become characters that take two bytes of UTF-8. No character needs escaping, and none is
 * altered by tools. After brotli this is about as small as the module, where base64 adds a third
 * (tests/size/REPORT.md has the sizes).
 * @param {Uint8Array} bytes
 */
export function inlineModule(bytes) {
  const alphabet = chooseAlphabet(bytes);
  return `export const alphabet = ${JSON.stringify(alphabet.join(""))};
export const text = ${JSON.stringify(Array.from(bytes, (byte) => alphabet[byte]).join(""))};
`;
}

/**
 * A character for each of the 256 values of a byte.
 * @param {Uint8Array} bytes to write with them
 */
function chooseAlphabet(bytes) {
  const count = new Array(256).fill(0);
  for (const byte of bytes) count[byte]++;
  const ascii = range(0x20, 0x7f).filter((code) => !/["'`\\$<]/.test(String.fromCharCode(code)));
  // Latin Extended: letters that take two bytes of UTF-8, the first of which has few values.
  const wide = range(0x100, 0x200);
  const frequent = range(0, 256)
    .sort((a, b) => count[b] - count[a] || a - b)
    .slice(0, ascii.length);
  const same = frequent.filter((byte) => ascii.includes(byte));
  const left = ascii.filter((code) => !same.includes(code));
  return range(0, 256).map((byte) => {
    const code = same.includes(byte) ? byte : (frequent.includes(byte) ? left : wide).shift();
    return String.fromCharCode(/** @type {number} */ (code));
  });
}

/** @param {number} from @param {number} to excluded */
const range = (from, to) => Array.from({ length: to - from }, (_, index) => from + index);
