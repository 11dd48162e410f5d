import * as library from "/node_modules/evolink-video/index.js";
import { collectFacts } from "/failures.mjs";

const frame = document.body.appendChild(document.createElement("iframe"));
const { Response: ForeignResponse } = /** @type {typeof globalThis} */ (
  /** @type {unknown} */ (frame.contentWindow)
);

/** @param {object} body */
const foreign = (body) => new ForeignResponse(JSON.stringify(body));

const urls = JSON.parse(String(new URLSearchParams(location.search).get("urls")));
console.log(JSON.stringify(await collectFacts(library, urls, foreign)));
