// The page: connects the draft with the elements that show it.

import { Chooser } from "./backends/chooser.js";
import { Editor } from "./editor/editor.js";
import { announce, button, find } from "./elements.js";
import { examples } from "./examples.js";
import { ready } from "./package.js";
import { Checking } from "./request/checking.js";
import { Draft, fromRequest } from "./request/draft.js";
import { beginWith } from "./request/first-draft.js";
import { linkTo } from "./request/link.js";
import { OptionForm } from "./request/option-form.js";
import { repeated } from "./request/repeat.js";
import { keepDraft, loadDraft } from "./request/saved.js";
import { Verdict } from "./request/verdict.js";
import { Views } from "./request/views.js";
import { listenToShortcuts } from "./shortcuts.js";
import { Inspection } from "./sources/inspection.js";
import { acceptDropsAndPastes } from "./sources/intake.js";
import { FileList } from "./sources/list.js";
import { noteUpload } from "./sources/upload.js";
import { Gallery } from "./videos/gallery.js";
import { Jobs } from "./videos/jobs.js";
import { offerNotifications } from "./videos/notifications.js";

const generate = find("generate", HTMLButtonElement);
const undo = find("undo", HTMLButtonElement);
const redo = find("redo", HTMLButtonElement);

// Compiles the module off the main thread.
const [saved] = await Promise.all([loadDraft(), ready()]);

/** Lets the browser paint and react between the parts of the start. */
const pause = () => new Promise((resolve) => setTimeout(resolve));

await pause();
const draft = new Draft();
const inspection = new Inspection();
const checking = new Checking(draft, inspection);
const chooser = new Chooser(find("backend-panel", HTMLElement));
const editor = new Editor(draft, checking);
await pause();
const files = new FileList(find("files", HTMLElement), draft, inspection);
await pause();
const form = new OptionForm(find("options", HTMLElement), draft);
const verdict = new Verdict(find("verdict", HTMLElement), draft, checking, goTo);
const views = new Views(find("views", HTMLElement));
await pause();
const jobs = new Jobs(({ request }, progress) => {
  if (noteUpload(draft.current, request, progress)) inspection.dispatchEvent(new Event("change"));
});
new Gallery(find("videos", HTMLElement), jobs, {
  async repeat({ request }) {
    draft.change(await repeated(request));
    editor.focus();
  },
  link: ({ request }) => copyLink(request),
});

/** @param {import("../pkg/index.js").Issue} issue */
function goTo({ path, span }) {
  const [field, index] = path;
  if (field === "prompt") editor.focus(span);
  else if (!files.focus(String(field), typeof index === "number" ? index : undefined))
    form.focus(path.join("."));
}

/** @param {import("../pkg/index.js").VideoRequest} request */
async function copyLink(request) {
  await navigator.clipboard.writeText(linkTo(request));
  announce("Copied a link to the request.");
}

function order() {
  const { isValid, request } = checking.finish();
  if (!isValid) {
    announce("The request has errors.");
    return verdict.focus();
  }
  if (!chooser.backend.isReady()) return find("key", HTMLInputElement).focus();
  announce("Sending the order.");
  void jobs.order({ ...request }, chooser.backend.id);
}

checking.addEventListener("check", () => {
  const { snapshot, tags, issues, isValid } = checking.last;
  editor.show(snapshot, tags, issues);
  files.show(snapshot, issues);
  form.show(snapshot, issues);
  generate.setAttribute("aria-disabled", String(!isValid));
  undo.disabled = !draft.canUndo;
  redo.disabled = !draft.canRedo;
});
checking.addEventListener("conclude", () => {
  verdict.show(checking.last);
  views.show(checking.last.request, chooser.backend.baseUrl);
});
chooser.addEventListener("change", () => checking.concludeSoon());
generate.addEventListener("click", order);
undo.addEventListener("click", () => draft.undo());
redo.addEventListener("click", () => draft.redo());
find("share", HTMLButtonElement).addEventListener("click", () => copyLink(checking.finish().request));
offerNotifications(find("notify", HTMLButtonElement));
listenToShortcuts({ undo: () => draft.undo(), redo: () => draft.redo(), generate: order });
find("examples", HTMLElement).append(
  ...examples.map(({ title, request }) => button(title, () => draft.change(fromRequest(request)))),
);
acceptDropsAndPastes(draft);
beginWith(draft, saved, find("prompt", HTMLTextAreaElement).value);
await pause();
keepDraft(draft);
await Promise.all([chooser.start(), jobs.start()]);
checking.finish();
document.documentElement.dataset.ready = "";
