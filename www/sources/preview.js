// A file in a dialog: large, or with a player. The URL can be changed there.

import { button, create } from "../elements.js";
import { factsOf, shownUrl, urlFile } from "./file.js";

/** @typedef {import("./file.js").SourceFile} SourceFile */

export class Preview {
  #dialog = create("dialog", { className: "preview" });
  #draft;
  #inspection;

  /** @param {import("../request/draft.js").Draft} draft @param {import("./inspection.js").Inspection} inspection */
  constructor(draft, inspection) {
    this.#draft = draft;
    this.#inspection = inspection;
    document.body.append(this.#dialog);
    // A click outside of the content closes it.
    this.#dialog.addEventListener("click", ({ target }) => target === this.#dialog && this.#dialog.close());
    this.#dialog.addEventListener("close", () => this.#dialog.replaceChildren());
  }

  /** @param {SourceFile} file */
  open(file) {
    const url = shownUrl(file);
    this.#dialog.ariaLabel = file.name;
    this.#dialog.replaceChildren(
      create(
        "div",
        { className: "preview-content" },
        create("h2", {}, file.name),
        url ? media(file, url) : create("p", { className: "about" }, "The page has not loaded this URL yet."),
        ...(file.url === undefined ? [] : [this.#urlForm(file, file.url)]),
        button("Close", () => this.#dialog.close()),
      ),
    );
    this.#dialog.showModal();
  }

  /** @param {SourceFile} file @param {string} url */
  #urlForm(file, url) {
    const input = create("input", { type: "url", value: url, ariaLabel: "URL" });
    input.dataset.ownUndo = "";
    const use = () => {
      const list = this.#draft.current.files[file.kind];
      const changed = list.map((other) =>
        other.id === file.id ? urlFile(file.kind, input.value.trim(), true) : other,
      );
      this.#dialog.close();
      this.#draft.change({ files: { ...this.#draft.current.files, [file.kind]: changed } });
    };
    const load = () => {
      factsOf(file).read = true;
      this.#inspection.inspect(file);
      this.#inspection.dispatchEvent(new Event("change"));
      this.#dialog.close();
      this.open(file);
    };
    return create(
      "div",
      { className: "row" },
      input,
      button("Use this URL", use),
      ...(factsOf(file).read ? [] : [button("Load and check it", load)]),
    );
  }
}

/** @param {SourceFile} file @param {string} url */
function media({ kind, name }, url) {
  if (kind === "image") return create("img", { src: url, alt: name });
  const player = create(kind, { src: url, controls: true, preload: "metadata", ariaLabel: name });
  return player;
}
