// Finds, creates and updates elements. Strings are always inserted as text, never parsed as HTML.

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
 * @param {string} text
 * @param {() => unknown} onClick
 * @param {Partial<HTMLButtonElement>} [properties]
 */
export function button(text, onClick, properties = {}) {
  const element = create("button", { type: "button", ...properties }, text);
  element.addEventListener("click", onClick);
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
 * Sets the text only if it changed, because live regions are announced whenever it is set.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Puts children into an order. Elements that keep their place are not moved, because a move takes the focus away.
 *
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} children
 */
export function arrange(parent, children) {
  const kept = new Set(children);
  for (const child of [...parent.children]) if (!kept.has(/** @type {HTMLElement} */ (child))) child.remove();
  children.forEach((child, index) => {
    const current = parent.children[index];
    if (current !== child) parent.insertBefore(child, current ?? null);
  });
}

const announcer = () => find("announcer", HTMLElement);

/** Says something once to users of screen readers. @param {string} text */
export function announce(text) {
  const element = announcer();
  // The same text again is no change, so it would not be said.
  element.textContent = element.textContent === text ? `${text}\u00a0` : text;
}
