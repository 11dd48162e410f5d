// Decodes a module that tools/inline.js encoded as a string.

/**
 * @param {string} alphabet the character of each of the 256 byte values
 * @param {string} text a character for each byte
 */
export function decodeModule(alphabet, text) {
  /** @type {Record<number, number>} */
  const values = {};
  for (let i = 0; i < 256; i++) values[alphabet.charCodeAt(i)] = i;
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) {
    const value = values[text.charCodeAt(i)];
    if (value === undefined) {
      throw new Error("The script of evolink-video is corrupted. Serve it as UTF-8.");
    }
    bytes[i] = value;
  }
  return bytes;
}
