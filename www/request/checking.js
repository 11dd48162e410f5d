// Checks the draft after each change: first what marks the change in place, and after the next frame what sums it up.

import { AfterFrame } from "../after-frame.js";
import { validate } from "../package.js";
import { factsOf } from "../sources/file.js";
import { kinds } from "../sources/kinds.js";
import { toRequest } from "./draft.js";
import { modelOf } from "./options.js";

/** @typedef {import("../../pkg/index.js").Issue} Issue */
/** @typedef {import("./draft.js").Snapshot} Snapshot */

/**
 * @typedef {object} Checked
 * @property {Snapshot} snapshot
 * @property {import("../../pkg/index.js").VideoRequest} request
 * @property {import("../../pkg/index.js").Mode | null} mode
 * @property {import("../../pkg/index.js").Tag[]} tags
 * @property {Issue[]} issues errors first
 * @property {boolean} isValid
 */

/** Emits `check` after each check, and `conclude` a frame later, when what depends on the whole request can be shown. */
export class Checking extends EventTarget {
  #draft;
  #inspection;
  #checking = new AfterFrame(() => this.#check());
  #concluding = new AfterFrame(() => this.dispatchEvent(new Event("conclude")));
  /** The issues of the files, which are found out later than the others. @type {Issue[]} */
  #fileIssues = [];
  /** The files, and what they must fit, when they were checked last. */
  #checkedFiles = "";
  #fileChecks = 0;
  /** @type {Checked} */
  #last;

  /** @param {import("./draft.js").Draft} draft @param {import("../sources/inspection.js").Inspection} inspection */
  constructor(draft, inspection) {
    super();
    this.#draft = draft;
    this.#inspection = inspection;
    const { current } = draft;
    this.#last = {
      ...{ snapshot: current, request: requestOf(current), mode: null, tags: [], issues: [] },
      isValid: false,
    };
    draft.addEventListener("change", (event) => {
      const isTyped = /** @type {CustomEvent<boolean>} */ (event).detail;
      // A keystroke goes to the screen first.
      if (isTyped) this.#checking.start();
      else this.#check();
    });
    inspection.addEventListener("change", () => this.#checking.start());
  }

  /** The last check. After a keystroke it is that of the text before. */
  get last() {
    return this.#last;
  }

  /** Checks what waits for the next frame now, for what needs the current text. */
  finish() {
    this.#checking.finish();
    this.#concluding.finish();
    return this.#last;
  }

  /** Concludes again after something else than the draft changed. */
  concludeSoon() {
    this.#concluding.start();
  }

  #check() {
    this.#checking.cancel();
    const snapshot = this.#draft.current;
    const request = requestOf(snapshot);
    const validation = validate(request);
    const errors = validation.valid ? [] : validation.errors;
    const issues = [...errors, ...this.#fileIssues, ...validation.warnings].sort(
      (a, b) => Number(b.severity === "error") - Number(a.severity === "error"),
    );
    const isValid = !issues.some(({ severity }) => severity === "error");
    this.#last = { snapshot, request, mode: validation.mode, tags: validation.tags, issues, isValid };
    this.dispatchEvent(new Event("check"));
    this.#concluding.start();
    void this.#checkFiles(this.#last);
  }

  /** Checks the files if they or what they must fit have changed. @param {Checked} checked */
  async #checkFiles({ snapshot, request }) {
    const files = kinds.flatMap(({ kind }) =>
      snapshot.files[kind].map((file) => `${file.id} ${factsOf(file).read}`),
    );
    const key = JSON.stringify([files, snapshot.options.model, snapshot.options.aspect_ratio]);
    if (key === this.#checkedFiles) return;
    this.#checkedFiles = key;
    const current = ++this.#fileChecks;
    const hadIssues = this.#fileIssues.length > 0;
    this.#fileIssues = [];
    const issues = await this.#inspection.check(snapshot, request).catch(() => []);
    if (current !== this.#fileChecks) return;
    this.#fileIssues = issues;
    if (issues.length > 0 || hadIssues) this.#check();
  }
}

/** @param {Snapshot} snapshot */
const requestOf = (snapshot) => ({ ...toRequest(snapshot), model: modelOf(snapshot) });
