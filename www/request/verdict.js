// What will happen: the mode and why, the variant, the cost, and all issues with the way to their places.

import { estimateCost, resolveModel } from "../package.js";
import { kinds } from "../sources/kinds.js";
import { button, create, prose, setText } from "../elements.js";
import { capitalize, count, range, words } from "../format.js";
import { fixOf } from "./fixes.js";

/** @typedef {import("../../pkg/index.js").Issue} Issue */
/** @typedef {import("./draft.js").Snapshot} Snapshot */

/**
 * @typedef {object} Shown
 * @property {Snapshot} snapshot
 * @property {import("../../pkg/index.js").VideoRequest} request
 * @property {import("../../pkg/index.js").Mode | null} mode
 * @property {Issue[]} issues
 * @property {number | undefined} inputVideoSeconds
 */

export class Verdict {
  #mode = create("strong", { className: "mode" });
  #why = create("span", { className: "why" });
  #variant = create("code", { id: "variant" });
  #cost = create("strong", { id: "cost" });
  #costAbout = create("span", { className: "why" });
  #summary = create("p", { id: "summary", className: "summary" });
  #list = create("ul", { className: "issues", id: "issues" });
  #goTo;
  #apply;
  /** The issues that are shown, so that an unchanged list keeps the focus. */
  #shown = "";

  /**
   * @param {HTMLElement} element
   * @param {(issue: Issue) => void} goTo
   * @param {(fix: import("./fixes.js").Fix) => void} apply
   */
  constructor(element, goTo, apply) {
    this.#goTo = goTo;
    this.#apply = apply;
    element.append(
      create(
        "dl",
        { className: "facts" },
        ...fact("Mode", this.#mode, " ", this.#why),
        ...fact("Variant", this.#variant),
        ...fact("Cost", this.#cost, " ", this.#costAbout),
      ),
      this.#summary,
      this.#list,
    );
  }

  /** @param {Shown} shown */
  show({ snapshot, request, mode, issues, inputVideoSeconds }) {
    setText(this.#mode, mode ? capitalize(words(mode)) : "Unknown");
    setText(this.#why, reason(snapshot));
    setText(this.#variant, resolveModel(request));
    const cost = estimateCost(request, { inputVideoSeconds });
    setText(this.#cost, cost.usd ? `$${range(roundedUp(cost.usd))}` : "Not known");
    const credits = cost.credits ? `${range(cost.credits)} credits, ` : "";
    const list = `${cost.source}, ${cost.asOf}`;
    setText(this.#costAbout, cost.usd ? `${credits}${list}` : `not in the ${list}`);
    const errors = issues.filter(({ severity }) => severity === "error").length;
    const parts = [
      errors && count(errors, "error"),
      issues.length - errors && count(issues.length - errors, "warning"),
    ];
    setText(this.#summary, parts.filter(Boolean).join(", ") || "No issues");
    this.#summary.classList.toggle("error", errors > 0);
    this.#summary.classList.toggle("ok", issues.length === 0);
    this.#showIssues(issues, snapshot);
  }

  /** @param {Issue[]} issues @param {Snapshot} snapshot */
  #showIssues(issues, snapshot) {
    const fixes = issues.map((issue) => fixOf(issue, snapshot));
    const shown = JSON.stringify(issues.map(({ severity, message, hint }) => [severity, message, hint]));
    if (shown !== this.#shown)
      this.#list.replaceChildren(
        ...issues.map((issue, index) => this.#item(issue, fixes[index] !== null, index)),
      );
    this.#shown = shown;
    // The places and the fixes may differ although the words are the same.
    this.#current = { issues, fixes };
  }

  /** @type {{ issues: Issue[], fixes: (import("./fixes.js").Fix | null)[] }} */
  #current = { issues: [], fixes: [] };

  /** @param {Issue} issue @param {boolean} hasFix @param {number} index */
  #item({ severity, message, hint, path }, hasFix, index) {
    const place = button("", () => this.#goTo(this.#current.issues[index]), { className: "issue-place" });
    place.append(
      create("span", { className: "severity" }, severity === "error" ? "Error" : "Warning"),
      " ",
      ...prose(message),
      ...(hint ? [" ", create("span", { className: "hint" }, ...prose(hint))] : []),
    );
    if (path.length === 0) place.disabled = true;
    const fix = () => {
      const found = this.#current.fixes[index];
      if (found) this.#apply(found);
    };
    return create("li", { className: severity }, place, ...(hasFix ? [this.#fixButton(index, fix)] : []));
  }

  /** @param {number} index @param {() => void} fix */
  #fixButton(index, fix) {
    const label = "Fix";
    const element = button(label, fix, { className: "quiet fix" });
    element.addEventListener("focus", () => (element.title = this.#current.fixes[index]?.label ?? ""));
    element.addEventListener("pointerenter", () => (element.title = this.#current.fixes[index]?.label ?? ""));
    return element;
  }
}

/** @param {string} name @param {(Node | string)[]} value */
const fact = (name, ...value) => [create("dt", {}, name), create("dd", {}, ...value)];

/** Why a mode: the files. @param {Snapshot} snapshot */
function reason({ files }) {
  const parts = kinds
    .filter(({ kind }) => files[kind].length > 0)
    .map(({ kind, noun }) => count(files[kind].length, noun));
  return parts.length > 0 ? `because of ${parts.join(", ")}` : "because there are no files";
}

/** Dollars with two digits, where the lower end is not rounded up. @param {readonly [number, number]} usd */
const roundedUp = ([low, high]) =>
  /** @type {[number, number]} */ ([Math.floor(low * 100) / 100, Math.ceil(high * 100) / 100]);
