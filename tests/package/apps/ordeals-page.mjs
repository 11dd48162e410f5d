import * as library from "/node_modules/evolink-video/index.js";
import { undergo } from "/ordeals.mjs";

const frame = document.body.appendChild(document.createElement("iframe"));
const { Response: ForeignResponse } = /** @type {typeof globalThis} */ (
  /** @type {unknown} */ (frame.contentWindow)
);

/** @param {object} answer */
const foreign = (answer) => new ForeignResponse(JSON.stringify(answer));

const urls = JSON.parse(String(new URLSearchParams(location.search).get("urls")));
console.log(JSON.stringify(await undergo(library, urls, foreign)));
