// Shows the issues of `validate`, each next to its field.

import { create, prose } from "./elements.js";

/** @typedef {import("../pkg/index.js").Issue} Issue */

/**
 * The list that shows the issues of one path. It describes the control (`aria-describedby`).
 *
 * @typedef {object} IssueTarget
 * @property {Issue["path"]} path
 * @property {HTMLElement} list
 * @property {HTMLElement} [control]
 */

/**
 * @param {IssueTarget[]} targets
 * @param {Issue[]} issues
 * @param {HTMLElement} rest the list for all other issues
 */
export function showIssues(targets, issues, rest) {
  const remaining = new Set(issues);
  for (const { path, list, control } of targets) {
    const own = issues.filter((issue) => issue.path.join() === path.join());
    for (const issue of own) remaining.delete(issue);
    list.replaceChildren(...items(own));
    if (control) control.ariaInvalid = String(own.some(({ severity }) => severity === "error"));
  }
  rest.replaceChildren(...items([...remaining]));
}

/**
 * Shows equal messages once, since the prompt highlights every occurrence.
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
