// Decodes a module that tools/inline.js encoded as a string.

/**
 * @param {string} alphabet the character of each of the 256 byte values
 * @param {string} text a character for each byte, and words of other scripts unchanged
 */
export function decodeModule(alphabet, text) {
  // With another encoding, each character becomes two or more.
  if (alphabet.length !== 256) {
    throw new Error("The script of evolink-video is corrupted. Serve it as UTF-8.");
  }
  /** @type {Record<number, number>} */
  const values = {};
  for (let i = 0; i < 256; i++) values[alphabet.charCodeAt(i)] = i;
  const bytes = new Uint8Array(text.length * 3);
  let end = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const value = values[code];
    if (value !== undefined) {
      bytes[end++] = value;
      continue;
    }
    // UTF-8 of two or three bytes. Not by a TextEncoder, which some test environments lack.
    if (code < 0x800) {
      bytes[end++] = 0xc0 | (code >> 6);
    } else {
      bytes[end++] = 0xe0 | (code >> 12);
      bytes[end++] = 0x80 | ((code >> 6) & 0x3f);
    }
    bytes[end++] = 0x80 | (code & 0x3f);
  }
  return bytes.subarray(0, end);
}
