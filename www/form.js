// The form: a request and its issues.

import { knownModels, limits } from "../pkg/index.js";
import { Assets } from "./assets.js";
import { create, find } from "./elements.js";
import { showIssues, summary } from "./issues.js";
import { Prompt } from "./prompt.js";

/** @typedef {import("../pkg/index.js").VideoRequest} VideoRequest */
/** @typedef {import("../pkg/index.js").Quality} Quality */
/** @typedef {import("../pkg/index.js").AspectRatio} AspectRatio */

export class Form {
  element = find("form", HTMLFormElement);
  #prompt = new Prompt();
  #model = find("model", HTMLSelectElement);
  #duration = find("duration", HTMLInputElement);
  #seconds = find("seconds", HTMLOutputElement);
  #quality = find("quality", HTMLFieldSetElement);
  #aspectRatio = find("aspect-ratio", HTMLSelectElement);
  #generateAudio = find("generate-audio", HTMLInputElement);
  #mode = find("mode", HTMLElement);
  #summary = find("summary", HTMLElement);
  #issues = find("issues", HTMLElement);
  #assets = [
    new Assets("image", "image_urls", limits.images, (order) => this.#prompt.retag("image", order)),
    new Assets("video", "video_urls", limits.videos, (order) => this.#prompt.retag("video", order)),
    new Assets("audio", "audio_urls", limits.audios, (order) => this.#prompt.retag("audio", order)),
  ];

  /** @param {VideoRequest} request */
  constructor(request) {
    this.#model.append(...knownModels.map(({ id }) => create("option", {}, id)));
    this.#duration.min = String(limits.duration.min);
    this.#duration.max = String(limits.duration.max);
    this.#aspectRatio.append(...limits.aspectRatio.values.map((value) => create("option", {}, value)));
    find("qualities", HTMLElement).append(
      ...limits.quality.values.map((value) =>
        create("label", {}, create("input", { type: "radio", name: "quality", value }), value),
      ),
    );
    // Pressing Enter in a field must not start a paid generation.
    this.element.addEventListener("submit", (event) => event.preventDefault());
    this.request = request;
  }

  /** @returns {VideoRequest} */
  get request() {
    const files = this.#assets.filter(({ urls }) => urls.length > 0).map(({ field, urls }) => [field, urls]);
    return {
      model: this.#model.value,
      prompt: this.#prompt.text,
      ...Object.fromEntries(files),
      duration: this.#duration.valueAsNumber,
      quality: /** @type {Quality} */ (new FormData(this.element).get("quality")),
      aspect_ratio: /** @type {AspectRatio} */ (this.#aspectRatio.value),
      generate_audio: this.#generateAudio.checked,
    };
  }

  /** Omitted fields get the API's defaults. */
  set request(request) {
    this.#model.value = request.model;
    this.#prompt.text = request.prompt;
    for (const assets of this.#assets) assets.urls = (request[assets.field] ?? []).map(String);
    this.#duration.value = String(request.duration ?? limits.duration.default);
    const quality = request.quality ?? limits.quality.default;
    for (const radio of this.#quality.querySelectorAll("input")) radio.checked = radio.value === quality;
    this.#aspectRatio.value = request.aspect_ratio ?? limits.aspectRatio.default;
    this.#generateAudio.checked = request.generate_audio ?? limits.generateAudio.default;
  }

  /** @param {import("../pkg/index.js").Validation} validation */
  show(validation) {
    const errors = validation.valid ? [] : validation.errors;
    const issues = [...errors, ...validation.warnings];
    showIssues(this.#issueTargets(), issues, this.#issues);
    this.#prompt.show(validation.tags, issues);
    setText(this.#mode, validation.mode?.replaceAll("-", " ") ?? "");
    setText(this.#summary, summary(errors.length, validation.warnings.length));
    this.#seconds.value = this.#duration.ariaValueText = `${this.#duration.value} s`;
  }

  /** @returns {import("./issues.js").IssueTarget[]} */
  #issueTargets() {
    const fixed = { model: this.#model, duration: this.#duration, quality: this.#quality };
    const named = { ...fixed, aspect_ratio: this.#aspectRatio, generate_audio: this.#generateAudio };
    return [
      this.#prompt.target,
      ...this.#assets.flatMap(({ targets }) => targets),
      ...Object.entries(named).map(([field, control]) => ({
        path: [field],
        list: find(`${control.id}-issues`, HTMLElement),
        // A fieldset has no `aria-invalid` state.
        ...(control instanceof HTMLFieldSetElement ? {} : { control }),
      })),
    ];
  }
}

/**
 * Sets the text only if it changed, because live regions are announced whenever it is set.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
