// What a marked part of the prompt is: the issue with its fix, or the file and the role of a tag. Shown at the pointer
// as a tooltip, and for the caret in a line below the editor.

import { button, create, prose } from "../elements.js";
import { namesOf } from "../sources/kinds.js";
import { shownUrl } from "../sources/file.js";
import { words } from "../format.js";
import { fixOf } from "../request/fixes.js";

/** @typedef {import("../request/draft.js").Snapshot} Snapshot */

/**
 * @param {import("./marks.js").Mark} mark
 * @param {Snapshot} snapshot
 * @param {() => void} fixIt
 * @param {string} [shortcut] of the fix
 * @returns {(Node | string)[]}
 */
export function explanation({ tag, issue }, snapshot, fixIt, shortcut) {
  if (issue) {
    const fix = fixOf(issue, snapshot);
    return [
      create(
        "span",
        { className: `severity ${issue.severity}` },
        issue.severity === "error" ? "Error" : "Warning",
      ),
      " ",
      create("span", {}, ...prose(issue.message), ...(issue.hint && !fix ? [" ", ...prose(issue.hint)] : [])),
      ...(fix ? [" ", button(fix.label, fixIt, { className: "quiet fix", title: shortcut ?? "" })] : []),
    ];
  }
  if (!tag) return [];
  const file = snapshot.files[tag.kind][tag.index - 1];
  const url = file && tag.kind === "image" ? shownUrl(file) : undefined;
  return [
    ...(url ? [create("img", { src: url, alt: "", className: "tiny" })] : []),
    create("span", { className: `tag ${tag.kind}` }, tag.text),
    ` ${file?.name ?? `no such ${namesOf(tag.kind).noun}`}`,
    create("span", { className: "why" }, tag.role ? ` · ${words(tag.role)}` : " · no role"),
  ];
}
