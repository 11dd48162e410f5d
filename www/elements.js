// Finds and creates elements. Strings are always inserted as text, never parsed as HTML.

/**
 * Finds an element by id.
 *
 * @template {HTMLElement} Type
 * @param {string} id
 * @param {new () => Type} type
 * @returns {Type}
 */
export function find(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new TypeError(`#${id} is not a ${type.name}`);
  return element;
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Partial<HTMLElementTagNameMap[Name]>} [properties]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function create(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/**
 * Converts a message of the library, in which backticks mark code.
 *
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export const prose = (text) =>
  text.split("`").map((part, index) => (index % 2 ? create("code", {}, part) : part));

/**
 * A list of names and values. `undefined` values are omitted.
 *
 * @param {Record<string, Node | string | number | boolean | undefined>} facts
 */
export const factList = (facts) =>
  create(
    "dl",
    {},
    ...Object.entries(facts).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [create("dt", {}, name), create("dd", {}, value instanceof Node ? value : String(value))],
    ),
  );

/**
 * Collapsible JSON.
 *
 * @param {string} title
 * @param {unknown} value
 */
export function jsonDetails(title, value) {
  const text = create(
    "pre",
    { tabIndex: 0, role: "region", ariaLabel: title },
    JSON.stringify(value, null, 2),
  );
  return create("details", {}, create("summary", {}, title), text);
}
