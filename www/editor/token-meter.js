// The length of the prompt: tokens as a range against the limit of the model.

import { estimateTokens } from "../package.js";
import { create, setText } from "../elements.js";
import { number, range } from "../format.js";

export class TokenMeter {
  #text = create("span", { id: "tokens" });
  #sure = create("span", { className: "sure" });
  #possible = create("span", { className: "possible" });
  #element;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
    const bar = create("span", { className: "token-bar" }, this.#possible, this.#sure);
    bar.ariaHidden = "true";
    element.replaceChildren(bar, this.#text);
  }

  /** @param {string} prompt @param {import("../../pkg/index.js").Limits} limits */
  show(prompt, { prompt: { maxTokens } }) {
    const { low, estimate, high } = estimateTokens(prompt);
    setText(this.#text, `${range([low, high])} of ${number(maxTokens)} tokens`);
    this.#sure.style.width = `${Math.min(100, (low / maxTokens) * 100)}%`;
    this.#possible.style.width = `${Math.min(100, (high / maxTokens) * 100)}%`;
    this.#element.classList.toggle("over", low > maxTokens);
    this.#element.classList.toggle("near", low <= maxTokens && estimate > maxTokens);
  }
}
