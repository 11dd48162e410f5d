// The issues of a file or an option, at its place.

import { create, prose } from "../elements.js";
import { capitalize } from "../format.js";

/** @typedef {import("../../pkg/index.js").Issue} Issue */

/** @param {readonly Issue[]} issues */
export const issueItems = (issues) =>
  issues.map((issue) => create("li", { className: issue.severity }, ...prose(messageInPlace(issue))));

/** The message without the name of the place where it stands. @param {Issue} issue */
function messageInPlace({ path, message }) {
  const [first, ...rest] = path;
  const name = rest.reduce(
    (text, part) => text + (typeof part === "number" ? `[${part}]` : `.${part}`),
    first,
  );
  const prefix = `\`${name}\` `;
  return message.startsWith(prefix) ? capitalize(message.slice(prefix.length)) : message;
}
