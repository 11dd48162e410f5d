// Encodes a WebAssembly module as a string in a script.

/**
 * Encodes the module as a string with one character per byte. Frequent bytes become ASCII characters, where possible
 * unchanged; the others become characters of two bytes in UTF-8. No character needs escaping, and tools do not change
 * any. Words in scripts other than Latin are kept, because brotli knows many of them. After brotli, the string
 * is about as small as the module; base64 would add a third (see tests/size/REPORT.md).
 * @param {Uint8Array} bytes
 * @param {Uint8Array} like the module whose frequencies choose the characters
 */
export function inlineModule(bytes, like) {
  const alphabet = chooseAlphabet(like);
  const text = Array.from(withWords(bytes), (character) => alphabet[character.charCodeAt(0)] ?? character);
  return `export const alphabet = ${JSON.stringify(alphabet.join(""))};
export const text = ${JSON.stringify(text.join(""))};
`;
}

/**
 * The bytes as a string: text with words of other scripts as text, everything else as a character with the byte's
 * value.
 * @param {Uint8Array} bytes
 */
function withWords(bytes) {
  // ASCII, and characters of two and three bytes in UTF-8, of which none is a character of the alphabet. Instructions
  // look like that too, but not for as long.
  const words =
    /(?:[\x20-\x7e]|[\xd0-\xdf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]){12,}/g;
  return Buffer.from(bytes)
    .toString("latin1")
    .replace(words, (text) => Buffer.from(text, "latin1").toString());
}

/** With more of them, the string has fewer bytes but compresses worse: see tests/size/REPORT.md. */
const frequentBytes = 85;

/**
 * Chooses a character for each of the 256 byte values.
 * @param {Uint8Array} bytes the bytes to encode
 */
function chooseAlphabet(bytes) {
  const count = new Array(256).fill(0);
  for (const character of withWords(bytes)) count[character.charCodeAt(0)]++;
  const ascii = range(0x20, 0x7f).filter((code) => !/["'`\\$<]/.test(String.fromCharCode(code)));
  // Latin Extended: letters of two bytes in UTF-8, whose first byte has few values.
  const wide = range(0x100, 0x200);
  const frequent = range(0, 256)
    .sort((a, b) => count[b] - count[a] || a - b)
    .slice(0, frequentBytes);
  const unchanged = frequent.filter((byte) => ascii.includes(byte));
  const remaining = ascii.filter((code) => !unchanged.includes(code));
  return range(0, 256).map((byte) => {
    const code = unchanged.includes(byte) ? byte : (frequent.includes(byte) ? remaining : wide).shift();
    return String.fromCharCode(/** @type {number} */ (code));
  });
}

/** @param {number} from @param {number} to exclusive */
const range = (from, to) => Array.from({ length: to - from }, (_, index) => from + index);
