// What will happen: the mode and its reason, the variant, the cost, and all issues with links to their places.

import { estimateCost, resolveModel } from "../package.js";
import { factsOf } from "../sources/file.js";
import { kinds } from "../sources/kinds.js";
import { button, create, prose, setText } from "../elements.js";
import { count, range } from "../format.js";
import { fixOf } from "./fixes.js";

/** @typedef {import("../../pkg/index.js").Issue} Issue */
/** @typedef {import("./draft.js").Snapshot} Snapshot */

/** The compiler fails if the package has another mode. @type {Record<import("../../pkg/index.js").Mode, string>} */
const modeNames = {
  "text-to-video": "Text to video",
  "image-to-video": "Image to video",
  "first-last-frame": "First and last frame",
  multimodal: "Multimodal",
};

export class Verdict {
  #mode = create("strong", { className: "mode" });
  #why = create("span", { className: "why" });
  #variant = create("code", { id: "variant" });
  #cost = create("strong", { id: "cost" });
  #costAbout = create("span", { className: "why" });
  #summary = create("p", { id: "summary", className: "summary" });
  #list = create("ul", { className: "issues", id: "issues" });
  #draft;
  #checking;
  #goTo;
  /** The issues that are shown, so that an unchanged list keeps the focus. */
  #shown = "";

  /**
   * @param {HTMLElement} element
   * @param {import("./draft.js").Draft} draft
   * @param {import("./checking.js").Checking} checking
   * @param {(issue: Issue) => void} goTo
   */
  constructor(element, draft, checking, goTo) {
    this.#draft = draft;
    this.#checking = checking;
    this.#goTo = goTo;
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

  /** @param {import("./checking.js").Checked} checked */
  show({ snapshot, request, mode, issues }) {
    setText(this.#mode, mode ? modeNames[mode] : "Unknown");
    setText(this.#why, reason(snapshot));
    setText(this.#variant, resolveModel(request));
    const cost = estimateCost(request, { inputVideoSeconds: videoSeconds(snapshot) });
    setText(this.#cost, cost.usd ? dollars(cost.usd) : "Unknown");
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

  /** Moves the focus to the first issue, which is an error if there is one. */
  focus() {
    this.#summary.scrollIntoView({ block: "nearest" });
    this.#list.querySelector("button")?.focus();
  }

  /** @param {Issue[]} issues @param {Snapshot} snapshot */
  #showIssues(issues, snapshot) {
    const fixes = issues.map((issue) => fixOf(issue, snapshot));
    const shown = JSON.stringify([issues.map(keyOf), fixes.map((fix) => fix?.label)]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#list.replaceChildren(...issues.map((issue, index) => this.#item(issue, fixes[index])));
  }

  /** @param {Issue} issue @param {import("./fixes.js").Fix | null} fix */
  #item(issue, fix) {
    const { severity, message, hint, path } = issue;
    const key = keyOf(issue);
    const place = button("", () => this.#now(key, (found) => this.#goTo(found)), {
      className: "issue-place",
    });
    place.append(
      create("span", { className: "severity" }, severity === "error" ? "Error" : "Warning"),
      " ",
      ...prose(message),
      ...(hint ? [" ", create("span", { className: "hint" }, ...prose(hint))] : []),
    );
    if (path.length === 0) place.disabled = true;
    const apply = () =>
      this.#now(key, (found) => this.#draft.change(fixOf(found, this.#draft.current)?.part ?? {}));
    const fixButton =
      fix &&
      button("Fix", apply, { className: "quiet fix", title: fix.label, ariaLabel: `Fix: ${fix.label}` });
    return create("li", { className: severity }, place, ...(fixButton ? [fixButton] : []));
  }

  /** Acts on an issue as it is in the current text, which may be newer than the list. @param {string} key @param {(issue: Issue) => void} act */
  #now(key, act) {
    const issue = this.#checking.finish().issues.find((other) => keyOf(other) === key);
    if (issue) act(issue);
  }
}

/** What an issue says. Its place moves with the text before it. @param {Issue} issue */
const keyOf = ({ code, path, message, hint }) => JSON.stringify([code, path, message, hint]);

/** The length of all input videos, if each is known. @param {Snapshot} snapshot */
function videoSeconds({ files: { video } }) {
  if (video.length === 0) return undefined;
  const sum = video.reduce((total, file) => {
    const { info } = factsOf(file);
    return total + (info && "durationMs" in info ? info.durationMs : NaN);
  }, 0);
  return Number.isNaN(sum) ? undefined : sum / 1000;
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

/** Dollars with two digits, where the lower end is rounded down and the upper end up. @param {readonly [number, number]} usd */
function dollars([low, high]) {
  const [least, most] = [Math.floor(low * 100) / 100, Math.ceil(high * 100) / 100].map((usd) =>
    usd.toFixed(2),
  );
  return least === most ? `$${least}` : `$${least}\u2009–\u2009${most}`;
}
