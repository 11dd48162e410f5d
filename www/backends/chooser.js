// The choice of the backend, with the settings of the emulator and the field for a key.

import { create } from "../elements.js";
import { read, write } from "../storage.js";
import { backendOf, backends, firstBackend, useKey } from "./backends.js";
import { changeSettings, faults, settings, speeds } from "./emulator.js";

const choiceKey = "evolink-video:backend";

/** Emits `change`. */
export class Chooser extends EventTarget {
  backend = backendOf(undefined);
  #select = create("select", { id: "backend" });
  #about = create("p", { className: "about" });
  #emulator = create("div", { className: "row" });
  #key = create("form", { className: "row" });

  /** @param {HTMLElement} element */
  constructor(element) {
    super();
    this.#select.append(...backends.map(({ id, label }) => create("option", { value: id }, label)));
    this.#select.addEventListener("change", () => {
      write(localStorage, choiceKey, this.#select.value);
      this.#use(backendOf(this.#select.value));
    });
    const speed = choice("Task takes", "speed", speeds, settings.speed);
    const fault = choice("Simulated fault", "fault", faults, settings.fault);
    this.#emulator.append(speed, fault);
    const input = create("input", { type: "password", id: "key", autocomplete: "off", spellcheck: false });
    input.dataset.ownUndo = "";
    input.addEventListener("input", () => {
      useKey(input.value);
      this.dispatchEvent(new Event("change"));
    });
    // Enter in the field does nothing.
    this.#key.addEventListener("submit", (event) => event.preventDefault());
    this.#key.append(
      create("label", { className: "field" }, create("span", { className: "label" }, "API key"), input),
    );
    element.append(
      create(
        "label",
        { className: "field" },
        create("span", { className: "label" }, "Generate with"),
        this.#select,
      ),
      this.#about,
      this.#emulator,
      this.#key,
    );
    this.#use(this.backend);
  }

  async start() {
    this.#use(await firstBackend(read(localStorage, choiceKey)));
  }

  /** @param {import("./backends.js").Backend} backend */
  #use(backend) {
    this.backend = backend;
    this.#select.value = backend.id;
    this.#about.textContent = backend.about;
    this.#emulator.hidden = backend.id !== "emulator";
    this.#key.hidden = backend.id !== "live";
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {string} label @param {"speed" | "fault"} name @param {{ id: string, label: string }[]} choices @param {string} value */
function choice(label, name, choices, value) {
  const select = create("select", { id: name });
  select.append(...choices.map((option) => create("option", { value: option.id }, option.label)));
  select.value = value;
  select.addEventListener("change", () => changeSettings({ [name]: select.value }));
  return create("label", { className: "field" }, create("span", { className: "label" }, label), select);
}
