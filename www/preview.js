// What would be sent, as it would be sent, but for the key.

import { find } from "./elements.js";

const output = find("prepared", HTMLElement);

/** @param {import("../pkg/index.js").Prepared | null} prepared `null` if nothing would be sent */
export function showPreview(prepared) {
  if (!prepared) {
    output.textContent = "Nothing, until the errors are fixed.";
    return;
  }
  const headers = Object.entries(prepared.headers).map(([name, value]) => `${name}: ${value}`);
  const body = JSON.stringify(JSON.parse(prepared.body), null, 2);
  output.textContent = [`${prepared.method} ${prepared.url}`, ...headers, "", body].join("\n");
}
