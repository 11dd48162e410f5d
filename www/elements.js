// Elements, found and made. Text only ever becomes text: nothing here parses HTML.

/**
 * The element of the page with an id.
 *
 * @template {HTMLElement} Type
 * @param {string} id
 * @param {new () => Type} type
 * @returns {Type}
 */
export function find(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new TypeError(`#${id} is no ${type.name}`);
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
 * A sentence of the library, in which code stands between backticks.
 *
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export const prose = (text) =>
  text.split("`").map((part, index) => (index % 2 ? create("code", {}, part) : part));

/**
 * A list of names and values; what is `undefined` is left out.
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
 * JSON that opens on demand.
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
