// The draft to begin with: that of a link, else the last one of this browser, else an example. What was typed before the
// scripts were there stays.

import { examples } from "../examples.js";
import { fromRequest } from "./draft.js";
import { linkedDraft } from "./link.js";

/**
 * @param {import("./draft.js").Draft} draft
 * @param {import("./draft.js").Snapshot | null} saved
 * @param {string} typed
 */
export function beginWith(draft, saved, typed) {
  const linked = linkedDraft(location.hash);
  if (linked) history.replaceState(null, "", location.pathname + location.search);
  const first = typed
    ? { model: examples[0].request.model, prompt: typed }
    : examples[examples.length - 1].request;
  draft.restore(linked ?? saved ?? fromRequest(first));
  if (typed !== "" && typed !== draft.current.prompt)
    draft.change({ prompt: typed, selection: [typed.length, typed.length] });
  addEventListener("hashchange", () => {
    const next = linkedDraft(location.hash);
    if (next) draft.change(next);
  });
}
