import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createEmulator } from "../../pkg-template/testing.js";
import { startServer } from "../../tools/server.js";
import { firstLogOf, skipWithoutChromium, startChromium } from "../support/browser.js";
import { fetchJson } from "../support/journeys.js";
import { bundleWorker, newestCompatibilityDate, startWorkerd } from "../support/workerd.js";
import { roundTrip } from "./round-trip.mjs";

const expected = {
  stored: "GIF89a",
  type: "image/gif",
  status: "completed",
  video: "video/mp4",
  called: ["https://hooks.example/"],
};
const here = fileURLToPath(new URL(".", import.meta.url));
const template = fileURLToPath(new URL("../../pkg-template/", import.meta.url));

test("the emulator works in Node", async () => {
  assert.deepEqual(await roundTrip(createEmulator), expected);
});

test("the emulator works in a page", { skip: skipWithoutChromium }, async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "page-"));
  context.after(() => rm(folder, { recursive: true }));
  await writeFile(
    join(folder, "index.html"),
    `<!doctype html><script type="module">
      import { createEmulator } from "/pkg/testing.js";
      import { roundTrip } from "/tests/round-trip.mjs";
      console.log(JSON.stringify(await roundTrip(createEmulator)));
    </script>`,
  );
  const statics = { "/": folder, "/pkg": template, "/tests": here };
  const server = await startServer({ statics });
  context.after(() => server.close());
  const browser = await startChromium();
  context.after(() => browser.close());
  assert.deepEqual(JSON.parse(await firstLogOf(browser, server.url)), expected);
});

test("the emulator works in workerd", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "worker-"));
  context.after(() => rm(folder, { recursive: true }));
  const entry = join(folder, "entry.js");
  await writeFile(
    entry,
    `import { createEmulator } from ${JSON.stringify(join(template, "testing.js"))};
    import { roundTrip } from ${JSON.stringify(join(here, "round-trip.mjs"))};
    export default { fetch: async () => Response.json(await roundTrip(createEmulator)) };`,
  );
  const worker = await bundleWorker(entry, folder);
  const compatibilityDate = newestCompatibilityDate;
  const { url, stop } = await startWorkerd({ ...worker, compatibilityDate, env: {} });
  context.after(stop);
  assert.deepEqual(await fetchJson(url), expected);
});
