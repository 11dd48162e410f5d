// What `validate` found, each at its field.

import { create, prose } from "./elements.js";

/** @typedef {import("../pkg/index.js").Issue} Issue */

/**
 * Where the issues of one path are shown. The list describes the control (`aria-describedby`).
 *
 * @typedef {object} Place
 * @property {Issue["path"]} path
 * @property {HTMLElement} list
 * @property {HTMLElement} [control]
 */

/**
 * @param {Place[]} places
 * @param {Issue[]} issues
 * @param {HTMLElement} rest the list of those that have no place of their own
 */
export function showIssues(places, issues, rest) {
  const left = new Set(issues);
  for (const { path, list, control } of places) {
    const own = issues.filter((issue) => issue.path.join() === path.join());
    for (const issue of own) left.delete(issue);
    list.replaceChildren(...items(own));
    if (control) control.ariaInvalid = String(own.some(({ severity }) => severity === "error"));
  }
  rest.replaceChildren(...items([...left]));
}

/**
 * A tag that is wrong in ten places is told once; the marks in the prompt show where.
 *
 * @param {Issue[]} issues
 */
export const items = (issues) => [...new Map(issues.map((issue) => [issue.message, item(issue)])).values()];

/** @param {Issue} issue */
const item = ({ severity, message, hint }) =>
  create(
    "li",
    { className: severity },
    create("strong", {}, severity === "error" ? "Error" : "Warning"),
    " ",
    ...prose(message),
    ...(hint ? [" ", create("span", { className: "hint" }, ...prose(hint))] : []),
  );

/**
 * @param {number} errors
 * @param {number} warnings
 */
export function summary(errors, warnings) {
  const parts = [count(errors, "error"), count(warnings, "warning")].filter(Boolean);
  return parts.join(", ");
}

/**
 * @param {number} number
 * @param {string} noun
 */
const count = (number, noun) => (number === 0 ? "" : `${number} ${noun}${number === 1 ? "" : "s"}`);
