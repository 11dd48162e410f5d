// A request as a link. It is in the fragment, which browsers do not send to servers, and has no local file and no key.

import { fromRequest } from "./draft.js";

const prefix = "#request=";

/** @param {import("../../pkg/index.js").VideoRequest} request */
export function linkTo(request) {
  const shared = Object.fromEntries(
    Object.entries(request).map(([field, value]) => [
      field,
      Array.isArray(value) ? value.filter((source) => typeof source === "string") : value,
    ]),
  );
  const bytes = new TextEncoder().encode(JSON.stringify(shared));
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return `${location.href.split("#", 1)[0]}${prefix}${base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/** The draft that a fragment describes, or `null` if it is of something else. @param {string} fragment */
export function linkedDraft(fragment) {
  if (!fragment.startsWith(prefix)) return null;
  try {
    const binary = atob(fragment.slice(prefix.length).replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const request = JSON.parse(new TextDecoder().decode(bytes));
    return typeof request?.prompt === "string" ? fromRequest(request) : null;
  } catch {
    return null;
  }
}
