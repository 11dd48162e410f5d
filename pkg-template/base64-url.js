/** Bytes as letters that keys, paths and file names may have, without padding. @param {Uint8Array} bytes */
export const base64Url = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (letter) => ({ "+": "-", "/": "_" })[letter] ?? "");
