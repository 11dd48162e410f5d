// Numbers and times as text.

/** @param {number} value */
export const number = (value) => value.toLocaleString("en", { maximumFractionDigits: 2 });

/** @param {number} bytes */
export function fileSize(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${Math.round(bytes / 1000)} KB`;
  return `${number(Math.round(bytes / 1e5) / 10)} MB`;
}

/** @param {number} ms */
export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** A length of time such as `0:07` or `23:59:01`. @param {number} ms */
export function clock(ms) {
  const total = Math.max(0, Math.floor(ms / 1000));
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(total / 3600), Math.floor(total / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}

/** A range, or one number if both ends are the same. @param {readonly [number, number]} range */
export const range = ([low, high]) =>
  low === high ? number(low) : `${number(low)}\u2009–\u2009${number(high)}`;

/** @param {number} amount @param {string} noun */
export const count = (amount, noun) => `${amount} ${noun}${amount === 1 ? "" : "s"}`;

/** @param {string} word */
export const capitalize = (word) => word.charAt(0).toUpperCase() + word.slice(1);

/** A word of the API such as `first-frame`, for people. @param {string} word */
export const words = (word) => word.replaceAll(/[-_]/g, " ");
