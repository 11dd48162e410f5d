// The form of the options.

import { announce, create } from "../elements.js";
import { issueItems } from "./issue-items.js";
import { controls } from "./option-controls.js";
import { limitsOf, options, valueOf, withOption } from "./options.js";

/** @typedef {import("./options.js").Option} Option */

export class OptionForm {
  #rows;
  #shown = "";

  /** @param {HTMLElement} element @param {import("./draft.js").Draft} draft */
  constructor(element, draft) {
    this.#rows = options.map((option) => {
      const id = `option-${option.field.replace(".", "-")}`;
      const control = controls[option.control](option, id, (value) => choose(draft, option, value));
      const isGroup = option.control === "segments" || option.control === "shapes";
      // A group has its own label.
      const label = isGroup
        ? create("span", { className: "label" }, option.label)
        : create("label", { htmlFor: id, className: "label" }, option.label);
      const list = create("ul", { className: "place-issues", id: `${id}-issues` });
      const row = create(
        "div",
        { className: `option option-${option.control}` },
        label,
        control.element,
        list,
      );
      const described = option.about ? `${id}-about ${list.id}` : list.id;
      row.querySelector(`#${id}`)?.setAttribute("aria-describedby", described);
      return { option, control, row, list };
    });
    element.replaceChildren(...this.#rows.map(({ row }) => row));
  }

  /** @param {import("./draft.js").Snapshot} snapshot @param {import("../../pkg/index.js").Issue[]} issues */
  show(snapshot, issues) {
    const own = issues.filter(({ path }) => path[0] !== "prompt");
    // Most changes affect only the prompt.
    const shown = JSON.stringify([snapshot.options, own.map(({ message, path }) => [message, path])]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const limits = limitsOf(snapshot);
    for (const { option, control, row, list } of this.#rows) {
      const isSet = snapshot.options[option.field] !== undefined;
      row.hidden = !isSet && option.shown?.(limits) === false;
      control.show(valueOf(snapshot, option), limits, snapshot);
      const own = issues.filter(({ path }) => path.join(".") === option.field);
      list.replaceChildren(...issueItems(own));
      row.classList.toggle(
        "has-error",
        own.some(({ severity }) => severity === "error"),
      );
      if (option.control !== "segments" && option.control !== "shapes")
        control.focusTarget.ariaInvalid = String(own.some(({ severity }) => severity === "error"));
    }
  }

  /** Moves the focus to an option. @param {string} field @returns {boolean} whether there is one */
  focus(field) {
    const row = this.#rows.find(({ option }) => option.field === field);
    row?.row.scrollIntoView({ block: "nearest" });
    row?.control.focusTarget.focus();
    return row !== undefined;
  }
}

/** @param {import("./draft.js").Draft} draft @param {Option} option @param {unknown} value */
function choose(draft, option, value) {
  const { options: next, dropped } = withOption(draft.current, option.field, value);
  const isTyped = option.control === "url" || option.control === "slider";
  draft.change({ options: next }, isTyped ? { typing: option.field } : {});
  for (const { label, ...rest } of dropped)
    announce(
      `${label} is now ${String(valueOf(draft.current, { label, ...rest }))}, because ${value} does not support the earlier value.`,
    );
}
