// The controls of options. Each shows a value, and reports another when the user chooses it.

import { create } from "../elements.js";

/** @typedef {import("./options.js").Option} Option */
/** @typedef {import("../../pkg/index.js").Limits} Limits */

/**
 * @typedef {object} Control
 * @property {HTMLElement} element
 * @property {HTMLElement} focusTarget
 * @property {(value: any, limits: Limits, snapshot: import("./draft.js").Snapshot) => void} show
 */

/** @typedef {(value: unknown) => void} OnChoice */

/** @type {Record<Option["control"], (option: Option, id: string, onChoice: OnChoice) => Control>} */
export const controls = { select, slider, segments, shapes, switch: toggle, url };

/** @param {unknown} value */
const labelOf = (value) =>
  value === undefined ? "not set" : value === true ? "on" : value === false ? "off" : String(value);

/** @type {(option: Option, id: string, onChoice: OnChoice) => Control} */
function select({ values }, id, onChoice) {
  const element = create("select", { id });
  /** @type {unknown[]} */
  let choices = [];
  element.addEventListener("change", () => onChoice(choices[element.selectedIndex]));
  return {
    element,
    focusTarget: element,
    show(value, limits) {
      const offered = values?.(limits) ?? [];
      // A value from a link or an example that is not offered is kept, with its issue.
      const next = offered.includes(value) ? [...offered] : [...offered, value];
      if (next.join() !== choices.join() || choices.length === 0)
        element.replaceChildren(...next.map((choice) => create("option", {}, labelOf(choice))));
      choices = next;
      element.selectedIndex = choices.indexOf(value);
    },
  };
}

/** @type {(option: Option, id: string, onChoice: OnChoice) => Control} */
function slider({ bounds, unit = ["", ""] }, id, onChoice) {
  const input = create("input", { type: "range", step: "1", id });
  // Screen readers have it from the slider. An `output` would say it again.
  const output = create("span", { className: "slider-value", ariaHidden: "true" });
  const checkbox = create("input", { type: "checkbox" });
  const automatic = create("label", { className: "check" }, checkbox, "Let the model choose");
  let automaticValue = 0;
  input.addEventListener("input", () => onChoice(input.valueAsNumber));
  checkbox.addEventListener("change", () =>
    onChoice(checkbox.checked ? automaticValue : input.valueAsNumber),
  );
  return {
    element: create("div", { className: "slider" }, input, output, automatic),
    focusTarget: input,
    show(value, limits) {
      const range = bounds?.(limits) ?? { min: 0, max: 1 };
      input.min = String(range.min);
      input.max = String(range.max);
      automatic.hidden = range.automatic === undefined;
      automaticValue = range.automatic ?? 0;
      const isAutomatic = range.automatic !== undefined && value === range.automatic;
      checkbox.checked = isAutomatic;
      if (!isAutomatic) input.value = String(value);
      output.textContent = isAutomatic ? "auto" : `${value} ${unit[0]}`;
      input.ariaValueText = isAutomatic ? "chosen by the model" : `${value} ${unit[1]}`;
    },
  };
}

/** @type {(option: Option, id: string, onChoice: OnChoice) => Control} */
function segments(option, id, onChoice) {
  return radios(option, id, onChoice, "segments", (value) => [labelOf(value)]);
}

const shapeSize = 22;

/** Aspect ratios as shapes, and the pixels of the chosen one. @type {(option: Option, id: string, onChoice: OnChoice) => Control} */
function shapes(option, id, onChoice) {
  const group = radios(option, id, onChoice, "shapes", (value) => [shapeOf(String(value)), labelOf(value)]);
  const pixels = create("p", { className: "about pixels" });
  return {
    ...group,
    element: create("div", {}, group.element, pixels),
    show(value, limits, snapshot) {
      group.show(value, limits, snapshot);
      const quality = snapshot.options.quality ?? limits.quality.default;
      const sizes = /** @type {Record<string, Record<string, readonly number[]>>} */ (limits.outputPixels);
      const size = sizes[String(quality)]?.[value];
      pixels.textContent = size ? `${size[0]} × ${size[1]} pixels` : "The size follows the input.";
    },
  };
}

/** @param {string} ratio */
function shapeOf(ratio) {
  const [width, height] = ratio.split(":").map(Number);
  const shape = create("span", { className: "shape" });
  shape.ariaHidden = "true";
  const isRatio = width > 0 && height > 0;
  const scale = isRatio ? shapeSize / Math.max(width, height) : 0;
  shape.style.width = `${isRatio ? width * scale : shapeSize * 0.8}px`;
  shape.style.height = `${isRatio ? height * scale : shapeSize * 0.8}px`;
  if (!isRatio) shape.classList.add("any");
  return create("span", { className: "shape-frame" }, shape);
}

/**
 * @param {Option} option
 * @param {string} id
 * @param {OnChoice} onChoice
 * @param {string} className
 * @param {(value: unknown) => (Node | string)[]} content
 * @returns {Control}
 */
function radios({ values, label }, id, onChoice, className, content) {
  const element = create("div", { id, className, role: "radiogroup", ariaLabel: label });
  /** @type {unknown[]} */
  let choices = [];
  /** @type {HTMLInputElement[]} */
  let inputs = [];
  return {
    element,
    get focusTarget() {
      return inputs.find(({ checked }) => checked) ?? inputs[0];
    },
    show(value, limits) {
      const offered = values?.(limits) ?? [];
      const next = offered.includes(value) ? [...offered] : [...offered, value];
      if (next.join() !== choices.join()) {
        choices = next;
        inputs = choices.map((choice) => {
          const input = create("input", { type: "radio", name: id, value: String(choice) });
          input.addEventListener("change", () => onChoice(choice));
          return input;
        });
        element.replaceChildren(
          ...inputs.map((input, index) => create("label", {}, input, ...content(choices[index]))),
        );
      }
      inputs.forEach((input, index) => (input.checked = choices[index] === value));
    },
  };
}

/** @type {(option: Option, id: string, onChoice: OnChoice) => Control} */
function toggle({ about = "" }, id, onChoice) {
  const input = create("input", { type: "checkbox", id, role: "switch" });
  input.addEventListener("change", () => onChoice(input.checked));
  return {
    element: create(
      "span",
      { className: "check" },
      input,
      create("span", { className: "about", id: `${id}-about` }, about),
    ),
    focusTarget: input,
    show: (value) => void (input.checked = Boolean(value)),
  };
}

/** @type {(option: Option, id: string, onChoice: OnChoice) => Control} */
function url({ about = "" }, id, onChoice) {
  const input = create("input", { type: "url", id, placeholder: "https://…", spellcheck: false });
  input.addEventListener("input", () => onChoice(input.value || undefined));
  return {
    element: create(
      "span",
      { className: "url" },
      input,
      create("span", { className: "about", id: `${id}-about` }, about),
    ),
    focusTarget: input,
    show(value) {
      if (input.value !== (value ?? "")) input.value = value ?? "";
    },
  };
}
