// The exact request, in several languages, as tabs.

import { announce, button, create } from "../elements.js";
import { snippets } from "./snippets.js";

/** Stands for a local file until it is uploaded, as in the package's `prepare`. @param {Blob} blob */
const placeholder = (blob) =>
  `https://upload.invalid/${encodeURIComponent(blob instanceof File ? blob.name : "file")}`;

/**
 * The JSON of a request.
 *
 * @param {import("../../pkg/index.js").VideoRequest} request
 * @returns {import("./snippets.js").Body}
 */
export const bodyOf = (request) =>
  JSON.parse(JSON.stringify(request, (_, value) => (value instanceof Blob ? placeholder(value) : value)));

export class Views {
  #code = create("code");
  #pre = create("pre", { tabIndex: 0, role: "tabpanel", id: "request-code" }, this.#code);
  #tabs;
  #chosen = snippets[0];
  /** @type {[request: import("../../pkg/index.js").VideoRequest, baseUrl: string] | undefined} */
  #shown;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#tabs = snippets.map((snippet) => {
      const tab = button(snippet.label, () => this.#choose(snippet), {
        role: "tab",
        id: `tab-${snippet.id}`,
      });
      tab.setAttribute("aria-controls", this.#pre.id);
      return tab;
    });
    const list = create(
      "div",
      { role: "tablist", ariaLabel: "Request as", className: "tabs" },
      ...this.#tabs,
    );
    list.addEventListener("keydown", (event) => {
      const { length } = snippets;
      const current = snippets.indexOf(this.#chosen);
      /** @type {Record<string, number>} */
      const targets = { ArrowRight: current + 1, ArrowLeft: current - 1 + length, Home: 0, End: length - 1 };
      if (!(event.key in targets)) return;
      event.preventDefault();
      const index = targets[event.key] % length;
      this.#choose(snippets[index]);
      this.#tabs[index].focus();
    });
    const copy = button("Copy", async () => {
      await navigator.clipboard.writeText(this.#code.textContent ?? "");
      copy.textContent = "Copied";
      announce("Copied the request.");
      setTimeout(() => (copy.textContent = "Copy"), 1500);
    });
    copy.className = "quiet copy";
    element.append(create("div", { className: "tab-row" }, list, copy), this.#pre);
    this.#choose(this.#chosen);
  }

  /** @param {import("../../pkg/index.js").VideoRequest} request @param {string} baseUrl */
  show(request, baseUrl) {
    this.#shown = [request, baseUrl];
    this.#render();
  }

  /** @param {import("./snippets.js").Snippet} snippet */
  #choose(snippet) {
    this.#chosen = snippet;
    this.#tabs.forEach((tab, index) => {
      const isChosen = snippets[index] === snippet;
      tab.ariaSelected = String(isChosen);
      tab.tabIndex = isChosen ? 0 : -1;
    });
    this.#pre.setAttribute("aria-labelledby", `tab-${snippet.id}`);
    this.#render();
  }

  #render() {
    if (this.#shown) this.#code.textContent = this.#chosen.write(bodyOf(this.#shown[0]), this.#shown[1]);
  }
}
