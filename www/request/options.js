// The options of a request. A row here is all that the page needs for an option: the form, the request, links, undo and
// fixes follow. What an option accepts comes from the limits of the model.

import { knownModels, limitsFor } from "../package.js";

/** @typedef {import("../../pkg/index.js").Limits} Limits */
/** @typedef {import("./draft.js").Snapshot} Snapshot */

/**
 * @typedef {object} Option
 * @property {string} field its name in the request; of a field of an object, both with a dot between
 * @property {string} label
 * @property {"select" | "slider" | "segments" | "shapes" | "switch" | "url"} control
 * @property {string} [about] a sentence for people
 * @property {(limits: Limits) => readonly unknown[]} [values] what can be chosen; `undefined` leaves the field out
 * @property {(limits: Limits) => unknown} [initial] what the API takes if the field is absent
 * @property {(limits: Limits) => { min: number, max: number, automatic?: number }} [bounds] of a slider
 * @property {readonly [sign: string, noun: string]} [unit] of a slider, as it is shown and as it is said
 * @property {(limits: Limits) => boolean} [shown] default: always
 */

/** @type {readonly Option[]} */
export const options = [
  {
    field: "model",
    label: "Model",
    control: "select",
    values: () => knownModels.map(({ id }) => id),
    initial: () => knownModels[0].id,
  },
  {
    field: "duration",
    label: "Duration",
    control: "slider",
    bounds: ({ duration }) => duration,
    unit: ["s", "seconds"],
    initial: ({ duration }) => duration.default ?? duration.automatic,
  },
  {
    field: "quality",
    label: "Quality",
    control: "segments",
    values: ({ quality }) => quality.values,
    initial: ({ quality }) => quality.default,
  },
  {
    field: "generate_audio",
    label: "Sound",
    control: "switch",
    about: "Speech, effects and music",
    initial: ({ generateAudio }) => generateAudio.default,
  },
  {
    field: "aspect_ratio",
    label: "Aspect ratio",
    control: "shapes",
    values: ({ aspectRatio }) => aspectRatio.values,
    initial: ({ aspectRatio }) => aspectRatio.default,
  },
  {
    field: "model_params.web_search",
    label: "Web search",
    control: "switch",
    about: "The model may search the web",
    initial: () => false,
    shown: ({ webSearch }) => webSearch,
  },
  {
    field: "content_filter",
    label: "Content filter",
    control: "select",
    values: () => [undefined, true, false],
  },
  {
    field: "callback_url",
    label: "Callback URL",
    control: "url",
    about: "Receives the finished task",
  },
];

/** The model of a draft. @param {Snapshot} snapshot */
export const modelOf = ({ options: { model } }) => String(model ?? knownModels[0].id);

/** @param {Snapshot} snapshot */
export const limitsOf = (snapshot) => limitsFor(modelOf(snapshot));

/** The value of an option, or what the API takes without it. @param {Snapshot} snapshot @param {Option} option */
export const valueOf = (snapshot, { field, initial }) =>
  snapshot.options[field] ?? initial?.(limitsOf(snapshot));

/**
 * Sets an option; `undefined` removes it. With a new model, choices that it does not support are removed too.
 *
 * @param {Snapshot} snapshot
 * @param {string} field
 * @param {unknown} value
 * @returns {{ options: Snapshot["options"], dropped: Option[] }}
 */
export function withOption(snapshot, field, value) {
  const { [field]: _, ...rest } = snapshot.options;
  const changed = ordered(value === undefined ? rest : { ...rest, [field]: value });
  const dropped =
    field === "model"
      ? options.filter((option) => !isOffered({ ...snapshot, options: changed }, option))
      : [];
  const gone = new Set(dropped.map((option) => option.field));
  return {
    options: Object.fromEntries(Object.entries(changed).filter(([name]) => !gone.has(name))),
    dropped,
  };
}

/** @param {Snapshot} snapshot @param {Option} option */
function isOffered(snapshot, { field, values }) {
  const value = snapshot.options[field];
  if (field === "model" || value === undefined || !values) return true;
  // The page does not change a value that the earlier model did not support either.
  return values(limitsOf(snapshot)).includes(value);
}

/** The fields in the order of the table, so that the request does not depend on the order of clicks. @param {Snapshot["options"]} changed */
function ordered(changed) {
  const known = options.map(({ field }) => field).filter((field) => field in changed);
  const others = Object.keys(changed).filter((field) => !known.includes(field));
  return Object.fromEntries([...known, ...others].map((field) => [field, changed[field]]));
}
