// The real API with a key of the user. A server of another origin with the emulator stands for it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createEmulator } from "../../pkg/testing.js";
import { startServer } from "../../tools/server.js";
import { skipWithoutChromium } from "../support/browser.js";
import { assertAccessible, click, pageTests, ready, timeout } from "./harness.js";

const key = "sk-secret-of-mine";
const api = "https://api.evolink.ai";

describe("the page with the real API", { skip: skipWithoutChromium, timeout }, () => {
  const suite = pageTests({ allowed: api });
  const emulator = createEmulator({ apiKeys: [key], taskTime: 4, estimatedTime: 4, resultUrl: "data" });
  /** @type {Awaited<ReturnType<typeof startServer>>} */
  let server;
  /** The headers of the requests. @type {Record<string, string>[]} */
  let sent = [];

  before(async () => (server = await startServer({ emulator })));
  after(() => server?.close());

  async function connect() {
    sent = [];
    await suite.context.route(`${api}/**`, async (route) => {
      const request = route.request();
      sent.push(await request.allHeaders());
      const response = await route.fetch({ url: request.url().replace(api, server.url) });
      await route.fulfill({ response });
    });
    await suite.page.getByLabel("Generate with").selectOption("live");
  }

  /** All that the browser keeps. @param {import("playwright-core").Page} page */
  const kept = (page) =>
    page.evaluate(async () => {
      const database = await new Promise((/** @type {(value: IDBDatabase) => void} */ resolve) => {
        const request = indexedDB.open("evolink-video");
        request.onsuccess = () => resolve(request.result);
      });
      const tables = [...database.objectStoreNames].map(
        (name) =>
          new Promise((resolve) => {
            const request = database.transaction(name).objectStore(name).getAll();
            request.onsuccess = () => resolve(request.result);
          }),
      );
      const rows = await Promise.all(tables);
      database.close();
      return JSON.stringify([
        { ...localStorage },
        { ...sessionStorage },
        location.href,
        document.cookie,
        rows,
      ]);
    });

  test("generates a video, and keeps the key in memory alone", async () => {
    const { page } = suite;
    await connect();
    await page.locator("#key").fill(key);
    await click(page, "Generate");
    await page.locator(".job.waiting").waitFor();
    await page.reload();
    await ready(page);
    // Only the user has the key.
    await page.locator(".job.locked").getByText("Enter your API key to continue").waitFor();
    await assertAccessible(page);
    assert.equal(await page.locator("#key").inputValue(), "");
    assert.doesNotMatch(await kept(page), new RegExp(key));
    await page.locator("#key").fill(key);
    await click(page, "Continue");
    await page.locator(".job.done video").waitFor();
    assert.equal(emulator.counts.created, 1);
    assert.doesNotMatch(await kept(page), new RegExp(key));
    assert.ok(sent.length >= 2);
    for (const { authorization } of sent) assert.equal(authorization, `Bearer ${key}`);
  });

  test("says that a wrong key was not accepted", async () => {
    const { page } = suite;
    suite.expected = /status of 401/;
    await connect();
    await page.locator("#key").fill("sk-wrong");
    await click(page, "Generate");
    await page.locator(".job.failed").getByText("The key was not accepted").waitFor();
    assert.match(await page.locator(".job.failed").innerText(), /Nothing was charged/);
  });
});
