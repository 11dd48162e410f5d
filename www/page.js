// The page: connects the form, the preview and the generation.

import { VideoClient, ready, validate } from "../pkg/index.js";
import { create, find } from "./elements.js";
import { examples } from "./examples.js";
import { Form } from "./form.js";
import { Generation } from "./generation.js";
import { showPreview } from "./preview.js";
import { showFrame, showsVideo } from "./stage.js";

// A real page gets a short-lived token from its own server here. The emulator accepts any key.
const client = new VideoClient({ baseUrl: location.origin, apiKey: async () => "demo-key" });

// Optional: compiles the module off the main thread.
await ready();

const form = new Form(examples[examples.length - 1].request);
const button = find("generate", HTMLButtonElement);
let busy = false;

const generation = new Generation(client, (now) => {
  busy = now;
  update();
});

form.element.addEventListener("input", update);
button.addEventListener("click", () => generation.start(form.request));
find("examples", HTMLElement).append(
  ...examples.map(({ title, request }) => {
    const choice = create("button", { type: "button" }, title);
    choice.addEventListener("click", () => {
      form.request = request;
      update();
    });
    return choice;
  }),
);
update();

function update() {
  const { request } = form;
  const validation = validate(request);
  form.show(validation);
  showPreview(validation.valid ? client.prepare(request) : null);
  button.disabled = busy || !validation.valid;
  if (!busy && !showsVideo()) showFrame(request);
}
