// Passes any value to the module as one text: reading a property from Rust would be a call for each.
// The text is JSON, with `!` before a string that describes what JSON has no form for: `[1,!"a function"]`.

/** Values in one tree. A request has a few dozen; an endless or cyclic one ends here. */
const mostValues = 20_000;
/** UTF-16 units of one string. A longer one is cut off behind them, and refused (MAX_STRING_BYTES in Rust). */
const longestString = 1_000_000;
/** UTF-16 units of all strings and names in one tree. */
const mostText = 2 * longestString;
/** Levels of one tree. */
const deepest = 64;
/** Half an emoji: JavaScript lets a string hold one, UTF-8 does not, and it would be sent as "�". */
const unpaired = /[\ud800-\udfff]/u;

const descriptions = /** @type {Record<string, string>} */ ({
  function: "a function",
  bigint: "a BigInt",
  symbol: "a symbol",
});

/**
 * Reads a value, whatever it is, each property once: proxies, getters that throw, cycles, endless lists.
 * Never throws, always ends.
 * @param {unknown} value
 */
export const encode = (value) => new Encoder().value(value, deepest);

/** What JSON has no form for, as it stands in a message: "but it is …". @param {string} what */
const foreign = (what) => `!${JSON.stringify(what)}`;

const thrown = foreign("a property that throws when it is read");
const endless = foreign("an object too large, or without an end");

class Encoder {
  #valuesLeft = mostValues;
  #textLeft = mostText;

  /**
   * @param {unknown} value
   * @param {number} levels how many there may be below
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
        if (levels === 0) return foreign("an object nested too deep, or within itself");
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
    const isCut = text.length > longestString;
    const passed = isCut ? `${text.slice(0, longestString)}…` : text;
    this.#textLeft -= passed.length;
    return !isCut && unpaired.test(passed)
      ? foreign("broken text, with half a surrogate pair such as a cut-off emoji")
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

  /** @param {object} object @param {number} levels */
  #object(object, levels) {
    const brand = Object.prototype.toString.call(object).slice("[object ".length, -1).slice(0, 60);
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
      if (unpaired.test(key)) return foreign("an object with half a surrogate pair in a field's name");
      entries += `${entries && ","}${JSON.stringify(key)}:${value}`;
    }
    return `{${entries}}`;
  }
}
