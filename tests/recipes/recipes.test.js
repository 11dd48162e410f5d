// The recipes of www/guides/frameworks.md, with the real libraries, against the emulator.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transform } from "esbuild";
import { read } from "../../tools/setup.js";
import { importPackage, installLocked } from "../support/packed.js";

const request = { model: "seedance-2.0", prompt: "A cat walks through snow" };
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @type {(name: string) => Promise<any>} */
let load;
/** @type {(name: string) => Promise<any>} */
let recipe;
/** @type {any} */
let library;

before(async () => {
  const folder = await installLocked(fileURLToPath(new URL(".", import.meta.url)));
  library = await importPackage(folder);
  await writeFile(join(folder, "load.mjs"), "export const load = (name) => import(name);");
  ({ load } = await import(pathToFileURL(join(folder, "load.mjs")).href));
  recipe = async (name) => {
    const { code } = await transform(read(`tests/recipes/${name}`), { loader: "tsx", jsx: "automatic" });
    await writeFile(join(folder, `${name}.mjs`), code);
    return import(pathToFileURL(join(folder, `${name}.mjs`)).href);
  };
});

/** @param {object} [options] @param {object} [more] */
function setup(options, more) {
  const emulator = library.createEmulator({ speed: 20, estimatedTime: 4, taskTime: 4, ...options });
  return {
    emulator,
    client: new library.VideoClient({ apiKey: () => "any", fetch: emulator.fetch, maxRetries: 1, ...more }),
  };
}

/** @param {() => unknown} condition */
async function until(condition) {
  for (let tries = 0; !condition(); tries++) {
    assert.ok(tries < 500, String(condition));
    await pause(10);
  }
}

test("React: StrictMode and a retry button are one charge", async () => {
  const { Window } = await load("happy-dom");
  const window = new Window();
  Object.assign(globalThis, { window, document: window.document, navigator: window.navigator });
  const { StrictMode, createElement, useEffect } = await load("react");
  const { createRoot } = await load("react-dom/client");
  const { createVideoButton } = await recipe("react.tsx");
  const { emulator, client } = setup({
    faults: [{ on: "create", fault: "network", carriedOut: true, times: 2 }],
  });
  const VideoButton = createVideoButton(client, request);
  const place = window.document.createElement("div");
  const root = createRoot(place);
  root.render(createElement(StrictMode, null, createElement(VideoButton)));
  await until(() => place.querySelector("button"));
  window.document.body.append(place);
  place.querySelector("button").click();
  place.querySelector("button").click();
  await until(() => /Retry/.test(place.textContent));
  place.querySelector("button").click();
  await until(() => place.querySelector("video"));
  assert.equal(emulator.counts.charges, 1);

  // An effect, which StrictMode runs twice.
  const { createVideoStore } = await load("evolink-video/store");
  const video = createVideoStore(client, { name: "effect" });
  let effects = 0;
  const Effect = () => {
    useEffect(() => {
      effects++;
      video.generate(request);
      return video.stop;
    }, []);
    return null;
  };
  root.render(createElement(StrictMode, null, createElement(Effect)));
  await until(() => video.getSnapshot().status === "completed");
  assert.deepEqual([effects, emulator.counts.charges], [2, 2]);
  root.unmount();
});

for (const name of ["vue", "svelte"])
  test(`${name}: follows the store`, async () => {
    const { createVideoStore } = await load("evolink-video/store");
    const { emulator, client } = setup();
    const video = createVideoStore(client);
    const seen = new Set();
    if (name === "vue") {
      const { effectScope, watchEffect } = await load("vue");
      const { useVideo } = await recipe("vue.js");
      effectScope().run(() => {
        const snapshot = useVideo(video);
        watchEffect(() => seen.add(snapshot.value.status), { flush: "sync" });
      });
    } else
      (await recipe("svelte.js"))
        .toReadable(video)
        .subscribe((/** @type {any} */ { status }) => seen.add(status));
    await video.generate(request);
    assert.deepEqual([...seen], ["idle", "submitting", "waiting", "completed"]);
    assert.equal(emulator.counts.charges, 1);
  });

test("TanStack Query: poll, watch, and a mutation with `retry`", async () => {
  const { QueryClient, QueryObserver, MutationObserver } = await load("@tanstack/query-core");
  const { polled, streamed, generated } = await recipe("tanstack-query.js");
  const queryClient = new QueryClient();
  const { emulator, client } = setup();
  const { task } = await client.submit(request);
  const poll = new QueryObserver(queryClient, polled(client, queryClient, task.id));
  const end = poll.subscribe(() => {});
  await until(() => poll.getCurrentResult().data?.task?.status === "completed");
  end();
  queryClient.clear();
  const stream = new QueryObserver(queryClient, streamed(client, task.id));
  stream.subscribe(() => {});
  await until(() => stream.getCurrentResult().data?.status === "completed");

  const { createVideoStore } = await load("evolink-video/store");
  emulator.inject({ on: "create", fault: "network", carriedOut: true, times: 2 });
  const mutation = new MutationObserver(queryClient, generated(createVideoStore(client)));
  assert.equal((await mutation.mutate(request)).status, "completed");
  assert.equal(emulator.counts.charges, 2);
  queryClient.clear();
});

test("TanStack AI: makes a video by the adapter", async () => {
  const { generateVideo } = await load("@tanstack/ai");
  const { evolinkVideo } = await recipe("tanstack-ai.js");
  const { emulator, client } = setup();
  const adapter = evolinkVideo(client, request.model);
  let url;
  for await (const chunk of generateVideo({
    adapter,
    prompt: request.prompt,
    stream: true,
    pollingInterval: 50,
  }))
    url = JSON.stringify(chunk).match(/https:[^"]*\.mp4/)?.[0] ?? url;
  assert.ok(url);
  assert.equal(emulator.counts.charges, 1);
});

test("OpenTelemetry: a span for each attempt", async () => {
  const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = await load(
    "@opentelemetry/sdk-trace-base",
  );
  const { spansFrom } = await recipe("opentelemetry.js");
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const { client } = setup(
    { faults: [{ on: "create", nth: 1, fault: "network" }] },
    { onEvent: spansFrom(provider.getTracer("test")) },
  );
  await client.submit(request);
  const spans = exporter.getFinishedSpans();
  assert.deepEqual(
    spans.map((/** @type {any} */ { name, status, attributes }) => [
      name,
      status.code,
      attributes["http.response.status_code"],
    ]),
    [
      ["evolink submit", 2, undefined],
      ["evolink submit", 0, 200],
    ],
  );
});
