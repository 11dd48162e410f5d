// Passes any value to the module as one string, because Rust would need a call for each property.
// The string is JSON, in which `!` and a description replace values without a JSON form: `[1,!"a function"]`, and
// `!` and an object describe a file: `[!{"name":"a.jpg","mediaType":"image/jpeg","bytes":7}]`. A URL becomes a string.

/** The maximum number of values. A request has a few dozen. */
const maxValues = 20_000;
/** The maximum UTF-16 length of a string. A longer one is truncated, and then rejected by MAX_STRING_BYTES in Rust. */
const maxStringLength = 262_144;
/** The maximum UTF-16 length of all strings and names together. */
const maxTextLength = 2 * maxStringLength;
/** The maximum depth. */
const maxDepth = 64;
/** A lone surrogate. JavaScript's strings can contain one, but UTF-8 cannot, so it would be sent as "�". */
const unpaired = /[\ud800-\udfff]/u;

const descriptions = /** @type {Record<string, string>} */ ({
  function: "a function",
  bigint: "a BigInt",
  symbol: "a symbol",
});

/**
 * Encodes any value, reading each property once. It never throws and always returns, even for proxies, throwing
 * getters, cycles and endless arrays.
 * @param {unknown} value
 */
export const encode = (value) => new Encoder().value(value, maxDepth);

/** The description of a value without a JSON form, worded for messages: "but it is …". @param {string} what */
const foreign = (what) => `!${JSON.stringify(what)}`;

const thrown = foreign("a property that throws when it is read");
const endless = foreign("an object that is too large or endless");

/**
 * Whether an object is of a class of the host. Before September 2024, workerd gave its classes no brands.
 * @param {string} name
 * @param {unknown} object
 */
const isA = (name, object) => {
  const { [name]: Class } = /** @type {any} */ (globalThis);
  return typeof Class === "function" && object instanceof Class;
};

class Encoder {
  #valuesLeft = maxValues;
  #textLeft = maxTextLength;

  /**
   * @param {unknown} value
   * @param {number} levels the remaining depth
   * @returns {string}
   */
  value(value, levels) {
    switch (typeof value) {
      case "string":
        return this.#string(value);
      case "number":
        return Number.isFinite(value) ? String(value) : foreign(String(value));
      case "boolean":
        return String(value);
      case "object":
        if (value === null) return "null";
        if (levels === 0) return foreign("an object that is nested too deeply or cyclic");
        try {
          return Array.isArray(value) ? this.#array(value, levels - 1) : this.#object(value, levels - 1);
        } catch {
          return foreign("an object that throws when it is read");
        }
      default:
        return foreign(descriptions[typeof value] ?? "undefined");
    }
  }

  /** @param {string} text */
  #string(text) {
    const isCut = text.length > maxStringLength;
    const passed = isCut ? `${text.slice(0, maxStringLength)}…` : text;
    this.#textLeft -= passed.length;
    return !isCut && unpaired.test(passed)
      ? foreign("a string with a lone surrogate, such as a truncated emoji")
      : JSON.stringify(passed);
  }

  get #isFull() {
    return this.#valuesLeft === 0 || this.#textLeft < 0;
  }

  /** @param {unknown[]} array @param {number} levels */
  #array(array, levels) {
    const { length } = array;
    let items = "";
    for (let index = 0; index < length; index++) {
      if (this.#isFull) return endless;
      this.#valuesLeft--;
      if (index > 0) items += ",";
      try {
        items += this.value(array[index], levels);
      } catch {
        items += thrown;
      }
    }
    return `[${items}]`;
  }

  /** @param {File} file or a Blob, which has no name @param {string} brand */
  #file({ name = "", type, size }, brand) {
    if (!Number.isSafeInteger(size)) return foreign(`an instance of ${brand}`);
    const text = (/** @type {unknown} */ value) => this.#string(String(value).slice(0, 1000));
    return `!{"name":${text(name)},"mediaType":${text(type)},"bytes":${size}}`;
  }

  /** @param {object} object @param {number} levels */
  #object(object, levels) {
    const brand = Object.prototype.toString.call(object).slice("[object ".length, -1).slice(0, 60);
    if (brand === "Blob" || brand === "File" || isA("Blob", object))
      return this.#file(/** @type {File} */ (object), brand);
    if (brand === "URL" || isA("URL", object)) return this.#string(String(/** @type {URL} */ (object).href));
    if (brand !== "Object") return foreign(`an instance of ${brand}`);
    let entries = "";
    for (const key of Object.keys(object)) {
      this.#textLeft -= key.length;
      if (this.#isFull) return endless;
      this.#valuesLeft--;
      let value = thrown;
      try {
        const property = /** @type {Record<string, unknown>} */ (object)[key];
        if (property === undefined) continue;
        value = this.value(property, levels);
      } catch {}
      if (unpaired.test(key)) return foreign("an object with a lone surrogate in a property name");
      entries += `${entries && ","}${JSON.stringify(key)}:${value}`;
    }
    return `{${entries}}`;
  }
}
