// Requests, options and clients as other libraries pass them: reactive proxies, frozen objects, drafts, copies.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { MessageChannel } from "node:worker_threads";
import { importPackage, installLocked } from "../support/packed.js";

/** A picture of 640 by 480 pixels. */
const picture = Buffer.from("R0lGODlhgALgAYAAAAAAAP///ywAAAAAgALgAQACAkQBADs=", "base64");
const file = () => new Blob([picture]);

/** @type {any} */
let library;
/** @type {any} */
let store;
/** @type {Record<string, (value: any) => any>} by name; the names in tests below must exist */
const wraps = {};

before(async () => {
  const folder = await installLocked(fileURLToPath(new URL(".", import.meta.url)));
  library = await importPackage(folder);
  const load = async (/** @type {string} */ name) =>
    import(pathToFileURL(join(folder, "node_modules", name)).href);
  store = await load("evolink-video/store.js");
  await writeFile(
    join(folder, "load.mjs"),
    `export * as vue from "vue";
     export * as immer from "immer";
     export * as compiler from "svelte/compiler";`,
  );
  const { vue, immer, compiler } = await import(pathToFileURL(join(folder, "load.mjs")).href);
  const source = "export const state = (value) => { const proxy = $state(value); return proxy; };";
  const { js } = compiler.compileModule(source, { generate: "client", filename: "state.svelte.js" });
  await writeFile(join(folder, "state.mjs"), js.code);
  const { state } = await import(pathToFileURL(join(folder, "state.mjs")).href);
  Object.assign(wraps, {
    "Vue reactive": vue.reactive,
    "Vue readonly": vue.readonly,
    "Vue ref": (/** @type {object} */ value) => vue.ref(value).value,
    "Svelte $state": state,
    frozen,
    "Immer draft": immer.createDraft,
    "Immer result": (/** @type {object} */ value) => immer.produce(value, () => {}),
    "object without a prototype": (/** @type {object} */ value) => Object.assign(Object.create(null), value),
  });
});

/** @param {any} value @returns {any} */
function frozen(value) {
  if (Array.isArray(value) || Object.getPrototypeOf(value ?? 0) === Object.prototype)
    Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

function setup() {
  const emulator = library.createEmulator({ taskTime: 0.1, estimatedTime: 0.1 });
  return { emulator, client: new library.VideoClient({ apiKey: () => "any", fetch: emulator.fetch }) };
}

/** @param {unknown} image */
const requestWith = (image) => ({
  model: "seedance-2.0",
  prompt: "@Image1 turns around",
  image_urls: [image],
  duration: 5,
});
const link = "https://a.example/1.jpg";

for (const name of [
  "Vue reactive",
  "Vue readonly",
  "Vue ref",
  "Svelte $state",
  "frozen",
  "Immer draft",
  "Immer result",
  "object without a prototype",
])
  describe(name, () => {
    const wrap = (/** @type {object} */ value) => wraps[name](value);

    test("requests, with URLs and with files", async () => {
      for (const image of [link, file()]) {
        const { client, emulator } = setup();
        const request = wrap(requestWith(image));
        if (image === link) assert.equal(library.validate(request).valid, true);
        assert.equal((await client.generate(request)).status, "completed");
        assert.equal((await store.createVideoStore(client).generate(request)).status, "completed");
        assert.equal(emulator.counts.charges, 2);
      }
    });

    test("options, poll states and files", async () => {
      const { client } = setup();
      const options = wrap({ idempotencyKey: "key-of-the-wrapped-options", headers: { "x-a": "b" } });
      const submission = await client.submit(requestWith(link), options);
      assert.equal(submission.idempotencyKey, "key-of-the-wrapped-options");
      const { task } = await client.poll(wrap({ ...submission.state }));
      assert.equal(task.id, submission.task.id);
      assert.equal(
        (await client.upload(wrap({ file: file() }).file, { name: "a.gif" })).bytes,
        picture.length,
      );
    });
  });

for (const name of ["Vue reactive", "Vue readonly", "Vue ref", "Svelte $state"])
  test(`${name}: clients and stores within`, async () => {
    const { client } = setup();
    const { inside, video } = wraps[name]({ inside: client, video: store.createVideoStore(client) });
    for (const image of [link, file()])
      assert.equal((await inside.generate(requestWith(image))).status, "completed");
    assert.equal(inside.prepare(requestWith(link)).method, "POST");
    for await (const { status } of inside.watch((await inside.submit(requestWith(link))).task.id))
      assert.ok(status);
    assert.equal((await video.generate(requestWith(link))).status, "completed");
    assert.equal(video.getSnapshot().status, "completed");
  });

test("a method that is called without its client rejects with advice", async () => {
  const { submit, retrieve, upload } = setup().client;
  for (const call of [() => submit(requestWith(link)), () => retrieve("a"), () => upload(file())])
    await assert.rejects(call(), (/** @type {any} */ error) => {
      assert.ok(error instanceof library.ConfigurationError);
      assert.match(error.message, /client\.submit\(\)/);
      return true;
    });
});

/** What `postMessage` delivers. @param {unknown} value @returns {Promise<any>} */
const posted = (value) =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port2.once("message", (received) => {
      port1.close();
      resolve(received);
    });
    port1.postMessage(value);
  });

test("postMessage delivers requests with files, poll states, tasks and errors", async () => {
  const { client } = setup();
  const request = await posted(requestWith(file()));
  const submission = await client.submit(request);
  const state = await posted(submission.state);
  const task = await client.wait(state);
  assert.deepEqual(await posted(task), { ...task });
  const { error } = await client
    .submit({ ...request, duration: 99 })
    .catch((/** @type {any} */ error) => ({ error }));
  const restored = library.EvolinkError.from(await posted(error.toJSON()));
  assert.ok(restored instanceof library.ValidationError);
  assert.deepEqual([restored.charged, restored.issues.length], ["no", error.issues.length]);
  assert.match(restored.message, /duration/);
});
