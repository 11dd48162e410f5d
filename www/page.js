// The page: connects the draft with what shows it.

import { Chooser } from "./backends/chooser.js";
import { Editor } from "./editor/editor.js";
import { AfterFrame } from "./after-frame.js";
import { announce, button, find } from "./elements.js";
import { examples } from "./examples.js";
import { FileList } from "./sources/list.js";
import { acceptDropsAndPastes } from "./sources/intake.js";
import { factsOf, localFile } from "./sources/file.js";
import { Inspection } from "./sources/inspection.js";
import { kinds } from "./sources/kinds.js";
import { ready, validate } from "./package.js";
import { Draft, fromRequest, toRequest } from "./request/draft.js";
import { linkTo, linkedDraft } from "./request/link.js";
import { OptionForm } from "./request/option-form.js";
import { modelOf } from "./request/options.js";
import { keepDraft, loadDraft } from "./request/saved.js";
import { Verdict } from "./request/verdict.js";
import { Views } from "./request/views.js";
import { Gallery } from "./videos/gallery.js";
import { Jobs } from "./videos/jobs.js";

/** @typedef {import("../pkg/index.js").Issue} Issue */

const input = find("prompt", HTMLTextAreaElement);
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
const chooser = new Chooser(find("backend-panel", HTMLElement));
const editor = new Editor(draft);
await pause();
const files = new FileList(find("files", HTMLElement), draft, inspection);
await pause();
const form = new OptionForm(find("options", HTMLElement), draft);
const verdict = new Verdict(find("verdict", HTMLElement), goTo, (fix) => draft.change(fix.part));
const views = new Views(find("views", HTMLElement));
await pause();
const jobs = new Jobs((job, { path: [field, index], ...progress }) =>
  showUpload(job, field, index, progress),
);
new Gallery(find("videos", HTMLElement), jobs, {
  async repeat(job) {
    draft.change(await fromJob(job.request));
    editor.focus();
  },
  async link({ request }) {
    await navigator.clipboard.writeText(linkTo(request));
    announce("Copied a link to the request.");
  },
});

/** The issues of the files, which are found out later than the others. @type {Issue[]} */
let fileIssues = [];
let isValid = false;

function update() {
  pending.cancel();
  const snapshot = draft.current;
  const request = requestOf(snapshot);
  const validation = validate(request);
  const issues = [...(validation.valid ? [] : validation.errors), ...fileIssues, ...validation.warnings].sort(
    (a, b) => Number(b.severity === "error") - Number(a.severity === "error"),
  );
  isValid = !issues.some(({ severity }) => severity === "error");
  editor.show(snapshot, validation.tags, issues);
  files.show(snapshot, issues);
  form.show(snapshot, issues);
  conclusion = { snapshot, request, mode: validation.mode, issues };
  concluding.start();
  generate.setAttribute("aria-disabled", String(!isValid));
  undo.disabled = !draft.canUndo;
  redo.disabled = !draft.canRedo;
  void checkFiles();
}

/** What the verdict will show. @type {Omit<import("./request/verdict.js").Shown, "inputVideoSeconds"> | undefined} */
let conclusion;

function conclude() {
  if (!conclusion) return;
  verdict.show({ ...conclusion, inputVideoSeconds: videoSeconds(conclusion.snapshot) });
  views.show(conclusion.request, chooser.backend.baseUrl);
}

/** The update after a keystroke, which waits until the keystroke is on the screen. */
const pending = new AfterFrame(update);
const concluding = new AfterFrame(conclude);

/** @param {import("./request/draft.js").Snapshot} snapshot */
function requestOf(snapshot) {
  return { ...toRequest(snapshot), model: modelOf(snapshot) };
}

let checked = "";
let checks = 0;

/** Checks the files if they or what they must fit to have changed. */
async function checkFiles() {
  const snapshot = draft.current;
  const all = kinds.flatMap(({ kind }) =>
    snapshot.files[kind].map((file) => `${file.id} ${factsOf(file).read}`),
  );
  const key = JSON.stringify([all, snapshot.options.model, snapshot.options.aspect_ratio]);
  if (key === checked) return;
  checked = key;
  const current = ++checks;
  const hadIssues = fileIssues.length > 0;
  fileIssues = [];
  const issues = await inspection.check(snapshot, requestOf(snapshot)).catch(() => []);
  if (current !== checks) return;
  fileIssues = issues;
  if (issues.length > 0 || hadIssues) update();
}

/** The length of all input videos, if each is known. @param {import("./request/draft.js").Snapshot} snapshot */
function videoSeconds({ files: { video } }) {
  if (video.length === 0) return undefined;
  const lengths = video.map((file) => factsOf(file).info);
  const sum = lengths.reduce(
    (total, info) => total + (info && "durationMs" in info ? info.durationMs : NaN),
    0,
  );
  return Number.isNaN(sum) ? undefined : sum / 1000;
}

/** @param {Issue} issue */
function goTo({ path, span }) {
  const [field, index] = path;
  if (field === "prompt") editor.focus(span);
  else if (!files.focus(String(field), typeof index === "number" ? index : undefined))
    form.focus(path.join("."));
}

/** @param {import("./videos/job.js").Job} job @param {string} field @param {number} index @param {{ sentBytes: number, totalBytes: number }} progress */
function showUpload(job, field, index, progress) {
  const source = job.request[/** @type {"image_urls"} */ (field)]?.[index];
  const file = kinds
    .flatMap(({ kind }) => draft.current.files[kind])
    .find(({ blob }) => blob && blob === source);
  if (!file) return;
  factsOf(file).upload = { ...progress, done: progress.sentBytes >= progress.totalBytes };
  inspection.dispatchEvent(new Event("change"));
}

/** The draft of a request that may have local files. @param {import("../pkg/index.js").VideoRequest} request */
async function fromJob(request) {
  const snapshot = fromRequest(request);
  const files = { ...snapshot.files };
  for (const { kind, field } of kinds)
    files[kind] = await Promise.all(
      (request[field] ?? []).map((source, index) =>
        source instanceof Blob ? localFile(kind, source) : files[kind][index],
      ),
    );
  return { ...snapshot, files };
}

function order() {
  pending.finish();
  if (!isValid) {
    announce("The request has errors.");
    find("summary", HTMLElement).scrollIntoView({ block: "nearest" });
    return;
  }
  if (!chooser.backend.isReady()) return find("key", HTMLInputElement).focus();
  announce("Sending the order.");
  void jobs.order({ ...requestOf(draft.current) }, chooser.backend.id);
}

draft.addEventListener("change", (event) => {
  if (!(/** @type {CustomEvent<boolean>} */ (event).detail)) return update();
  editor.type(draft.current);
  pending.start();
});
inspection.addEventListener("change", () => pending.start());
chooser.addEventListener("change", () => concluding.start());
generate.addEventListener("click", order);
undo.addEventListener("click", () => draft.undo());
redo.addEventListener("click", () => draft.redo());
find("share", HTMLButtonElement).addEventListener("click", async () => {
  await navigator.clipboard.writeText(linkTo(requestOf(draft.current)));
  announce("Copied a link to the request.");
});
const notify = find("notify", HTMLButtonElement);
notify.hidden = !("Notification" in globalThis) || Notification.permission !== "default";
notify.addEventListener("click", async () => {
  await Notification.requestPermission();
  notify.hidden = true;
});
document.addEventListener("keydown", (event) => {
  if (event.isComposing || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === "enter") {
    order();
    event.preventDefault();
  } else if (key === "z" || key === "y") {
    // Fields that are not of the request have their own history.
    if (event.target instanceof HTMLElement && event.target.dataset.ownUndo !== undefined) return;
    if (key === "y" || event.shiftKey) draft.redo();
    else draft.undo();
    event.preventDefault();
  }
});
find("examples", HTMLElement).append(
  ...examples.map(({ title, request }) => button(title, () => draft.change(fromRequest(request)))),
);
acceptDropsAndPastes(draft);
addEventListener("hashchange", () => {
  const linked = linkedDraft(location.hash);
  if (linked) draft.change(linked);
});

const linked = linkedDraft(location.hash);
if (linked) history.replaceState(null, "", location.pathname + location.search);
// What was typed before the scripts were there stays.
const typed = input.value;
const first = typed
  ? { model: examples[0].request.model, prompt: typed }
  : examples[examples.length - 1].request;
draft.restore(linked ?? saved ?? fromRequest(first));
await pause();
if (typed !== "" && typed !== draft.current.prompt)
  draft.change({ prompt: typed, selection: [typed.length, typed.length] });
keepDraft(draft);
await Promise.all([chooser.start(), jobs.start()]);
concluding.finish();
document.documentElement.dataset.ready = "";
