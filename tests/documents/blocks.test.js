// Runs the code blocks of the README and the guides.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Miniflare } from "miniflare";
import { createEmulator } from "../../pkg-template/testing.js";
import { codeBlocks, packaged } from "../../tools/documents.js";
import { read, root } from "../../tools/setup.js";
import { startServer } from "../../tools/server.js";
import { skipWithoutChromium, startChromium } from "../support/browser.js";
import { bundleWorker, newestCompatibilityDate, startWorkerd } from "../support/workerd.js";
import { app, blocksNamed, runInNode } from "./support.js";

test("every block of JavaScript or HTML is run, or has the contents of a file that is run", () => {
  for (const document of packaged) {
    const fences = [...read(document).matchAll(/^```(js|tsx|ts|html)$/gm)].length;
    assert.equal(fences, codeBlocks().filter((block) => block.document === document).length, document);
  }
});

for (const { document, name, code } of codeBlocks().filter(({ kind }) => kind === "file"))
  test(`${document} has ${name}`, () => assert.equal(code, read(name)));

describe("blocks", { concurrency: true }, () => {
  const [setup] = blocksNamed("setup");
  const examples = blocksNamed("generate");
  test("has the five examples of the API reference", () => assert.equal(examples.length, 5));
  for (const [index, example] of examples.entries()) {
    test(`example ${index + 1}`, async () => {
      assert.match(await runInNode(`example-${index}`, setup + example), /CHARGES 1$/m);
    });
  }

  /** The expected output of the blocks with the name `alone`, by a part of their code. @type {Record<string, RegExp>} */
  const expectedOutput = {
    "A luxury watch rotating": /^https:\/\/.*\.mp4$/m,
    "} = validate(": /^false tag_without_asset 0\n@Image1 walks$/m,
    "result = validate(": /^prompt .*`@Image2`.*Did you mean `@Image1`\?.*\nduration .*"8"/m,
    "client.waitAll": /^\[ 'completed', 'completed' \] 0$/m,
    "client.poll(state)": /^completed$/m,
    "client.resume": /^task-unified-\S+ completed\n0$/m,
    "emulator.counts.submissions": /^2 1$/m,
    "inspect(": /^gif 640 480 false\nwarning `image_urls\[0\]` could not be read/m,
    "createCallbacks(": /^OutcomeUnknownError$/m,
    "createBudget(": /^false\ntrue$/m,
    openAsBlob: /^image_urls\.0 0 of 35\nimage_urls\.0 35 of 35\nhttps:\/\/.*\.mp4$/m,
  };
  test("every block with the name `alone` has an expected output", () =>
    assert.equal(blocksNamed("alone").length, Object.keys(expectedOutput).length));
  for (const [part, expected] of Object.entries(expectedOutput)) {
    test(`block with ${part}`, async () => {
      const snippet = blocksNamed("alone").find((code) => code.includes(part));
      const name = part.replaceAll(/\W/g, "");
      assert.match(await runInNode(name, String(snippet)), expected);
    });
  }

  test("the callback of a lost submission arrives", async () => {
    const snippet = blocksNamed("alone").find((code) => code.includes("createCallbacks("));
    assert.match(await runInNode("lost", String(snippet)), /^order 7 completed$/m);
  });

  test("the proxy", async () => {
    const cwd = await app();
    const session = 'export const userOf = (request) => ({ user: request.headers.get("x-user") });';
    await writeFile(join(cwd, "session.js"), session);
    await writeFile(join(cwd, "proxy.mjs"), blocksNamed("proxy")[0]);
    const printed = await runInNode(
      "page",
      `import { VideoClient } from "evolink-video";
      process.env.EVOLINK_SECRET = "a secret of at least 32 characters";
      const { proxy } = await import("./proxy.mjs");
      const client = new VideoClient({
        baseUrl: "https://app.example/evolink",
        headers: { "x-user": "ann" },
        fetch: (url, init) => proxy(new Request(url, init)),
      });
      const request = { model: "seedance-2.0", prompt: "A cat walks through snow" };
      console.log((await client.generate(request)).status);`,
    );
    assert.match(printed, /^completed$/m);
    assert.match(printed, /CHARGES 1$/m);
  });

  test("waiting", async () => {
    const [code] = blocksNamed("waiting");
    const printed = await runInNode("waiting", code);
    assert.match(printed, /^completed 100$/m);
    assert.match(printed, /CHARGES 2$/m);
  });

  test("errors", async () => {
    const setup = `import { emulator } from "./preload.mjs";
      import { VideoClient } from "evolink-video";
      const client = new VideoClient({ apiKey: "any" });
      const request = { model: "seedance-2.0", prompt: "A cat walks" };
      for (const nth of [1, 2, 3]) emulator.inject({ on: "create", nth, fault: "network", carriedOut: true });`;
    const printed = await runInNode("errors", `${setup}\n${blocksNamed("errors")[0]}`);
    assert.match(printed, /CHARGES 1$/m);
  });

  test("serve", async () => {
    assert.match(await runInNode("serve", blocksNamed("serve")[0], []), /^1$/m);
  });

  test("testing", async () => {
    const first = blocksNamed("alone").find((code) => code.includes("A luxury watch"));
    const printed = await runInNode("testing", `${first}\n${blocksNamed("testing")[0]}`);
    assert.match(printed, /^3 2$/m);
  });

  test("the AI SDK", async () => {
    await symlink(join(root, "node_modules/ai"), join(await app(), "node_modules/ai"), "junction");
    // The SDK does not download by the global `fetch`.
    const download = 'download: async () => ({ data: new Uint8Array(1), mediaType: "video/mp4" }),';
    const [code] = blocksNamed("ai-sdk");
    const printed = await runInNode("ai-sdk", code.replace("  prompt:", `  ${download}\n  prompt:`));
    assert.match(printed, /^video\/mp4 https:\S+\.mp4$/m);
    assert.match(printed, /CHARGES 1$/m);
  });

  test("a store in a page", async () => {
    const setup = `import { VideoClient } from "evolink-video";
      const { fetch } = globalThis;
      // The user's server, which adds the key.
      globalThis.fetch = (url, init) => {
        const headers = new Headers(init.headers);
        headers.set("authorization", "Bearer sk-test");
        return fetch(url.replace("https://app.example/evolink", "https://app.example"), { ...init, headers });
      };
      // What makes a page of the host.
      globalThis.window = globalThis;
      globalThis.location = { origin: "https://app.example" };
      globalThis.document = { addEventListener() {}, removeEventListener() {} };
      const items = new Map();
      globalThis.localStorage = {
        getItem: (key) => items.get(key) ?? null,
        setItem: (key, value) => items.set(key, value),
        removeItem: (key) => items.delete(key),
        key: (index) => [...items.keys()][index] ?? null,
        get length() { return items.size; },
      };
      {
        const client = new VideoClient({ baseUrl: "/evolink", store: localStorage });
        await client.submit({ model: "seedance-2.0", prompt: "A cat" });
      }`;
    const printed = await runInNode("page-store", `${setup}\n${blocksNamed("store")[0]}`);
    assert.match(printed, /^task-unified-\S+ completed$/m);
    assert.match(printed, /CHARGES 1$/m);
  });

  test("browser", { skip: skipWithoutChromium }, async () => {
    const emulator = createEmulator({ estimatedTime: 1, taskTime: 1 });
    const cwd = await app();
    await writeFile(join(cwd, "page.html"), `<!doctype html><body>${blocksNamed("browser")[0]}`);
    const server = await startServer({ emulator, statics: { "/": cwd } });
    const browser = await startChromium();
    try {
      const page = await browser.newPage();
      // The user's server, which adds the key.
      await page.route("**/evolink/**", async (route) => {
        const url = route.request().url().replace("/evolink", "");
        const headers = { ...route.request().headers(), authorization: "Bearer sk-test" };
        await route.fulfill({ response: await route.fetch({ url, headers }) });
      });
      await page.goto(`${server.url}/page.html`);
      const video = page.locator("video");
      await video.waitFor();
      assert.match(String(await video.getAttribute("src")), /\.mp4$/);
      assert.equal(emulator.counts.charges, 1);
    } finally {
      await browser.close();
      await server.close();
    }
  });

  test("worker", async () => {
    const emulator = createEmulator();
    const server = await startServer({ emulator });
    const cwd = await app();
    await writeFile(join(cwd, "snippet.js"), blocksNamed("worker")[0]);
    const worker = await bundleWorker(join(cwd, "snippet.js"), cwd);
    const { url, stop } = await startWorkerd({
      ...worker,
      compatibilityDate: newestCompatibilityDate,
      env: { EVOLINK_API_KEY: "sk-test" },
      internet: new URL(server.url).host,
    });
    try {
      const request = { model: "seedance-2.0", prompt: "A cat walks through snow" };
      const response = await fetch(url, { method: "POST", body: JSON.stringify(request) });
      const { id } = /** @type {any} */ (await response.json());
      assert.match(id, /^task-unified-/);
      assert.equal(emulator.counts.charges, 1);
    } finally {
      await stop();
      await server.close();
    }
  });

  test("the Workflow and the Durable Object", async () => {
    const server = await startServer({ emulator: createEmulator({ taskTime: 1, estimatedTime: 1 }) });
    const cwd = join(await app(), "durable");
    await mkdir(cwd);
    await writeFile(join(cwd, "durable.js"), blocksNamed("durable")[0]);
    await writeFile(
      join(cwd, "durable-worker.js"),
      `export { Video, Videos } from "./durable.js";
      const request = { model: "seedance-2.0", prompt: "A paper boat" };
      export default {
        async fetch(_, env) {
          const videos = env.OBJECT.get(env.OBJECT.idFromName("account"));
          const workflow = await env.WORKFLOW.create({ id: "order-1", params: request });
          await videos.submit(request, "order-2");
          for (;;) {
            const { objects } = await env.VIDEOS.list();
            if (objects.length === 2) return new Response((await workflow.status()).status);
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
        },
      };`,
    );
    const { script, modules } = await bundleWorker(join(cwd, "durable-worker.js"), cwd);
    const wasm = Object.entries(modules).map(([name, path]) => ({
      ...{ type: /** @type {const} */ ("CompiledWasm"), path: name, contents: readFileSync(path) },
    }));
    const worker = {
      type: /** @type {const} */ ("ESModule"),
      path: "worker.js",
      contents: readFileSync(script, "utf8"),
    };
    const miniflare = new Miniflare({
      modules: [worker, ...wasm],
      compatibilityDate: newestCompatibilityDate,
      bindings: { EVOLINK_API_KEY: "sk-test" },
      r2Buckets: ["VIDEOS"],
      workflows: { WORKFLOW: { name: "videos", className: "Video" } },
      durableObjects: { OBJECT: { className: "Videos", useSQLite: true } },
      // The worker calls the real API's address.
      outboundService: (/** @type {any} */ request) => {
        const { pathname, search } = new URL(request.url);
        return fetch(`${server.url}${pathname}${search}`, request);
      },
    });
    try {
      const response = await miniflare.dispatchFetch("https://app.example/");
      assert.equal(await response.text(), "complete");
    } finally {
      await miniflare.dispose();
      await server.close();
    }
  });
});
