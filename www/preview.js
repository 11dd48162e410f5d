// A preview of the HTTP request, without the key.

import { find } from "./elements.js";

const output = find("prepared", HTMLElement);

/** @param {import("../pkg/index.js").Prepared | null} prepared `null` if the request has errors */
export function showPreview(prepared) {
  if (!prepared) {
    output.textContent = "Fix the errors to see the request.";
    return;
  }
  const headers = Object.entries(prepared.headers).map(([name, value]) => `${name}: ${value}`);
  const body = JSON.stringify(JSON.parse(prepared.body), null, 2);
  output.textContent = [`${prepared.method} ${prepared.url}`, ...headers, "", body].join("\n");
}
