// A page polls immediately when it becomes visible or comes online, tested with the installed package.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createEmulator } from "../../pkg-template/testing.js";
import { startServer } from "../../tools/server.js";
import { skipWithoutChromium, startChromium } from "../support/browser.js";
import { installPackage } from "../support/packed.js";

describe("a page in Chromium", { skip: skipWithoutChromium }, () => {
  // The estimate is long enough that the schedule's second poll is after 20 s.
  const emulator = createEmulator({ estimatedTime: 165, taskTime: 165 });
  /** @type {Awaited<ReturnType<typeof startServer>>} */
  let server;
  /** @type {import("playwright-core").Browser} */
  let browser;

  before(async () => {
    server = await startServer({ emulator, statics: { "/": await installPackage() } });
    browser = await startChromium();
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });

  for (const [event, target] of [
    ["online", "globalThis"],
    ["visibilitychange", "document"],
  ]) {
    test(`polls immediately on \`${event}\`, and removes its listeners after the wait`, async () => {
      const page = await browser.newPage();
      await page.goto(`${server.url}/node_modules/evolink-video/package.json`);
      const before = emulator.counts.reads;
      const listening = await page.evaluate(
        async ([event, target]) => {
          const entry = "/node_modules/evolink-video/index.js";
          const { VideoClient } = await import(entry);
          const eventTarget = target === "document" ? document : globalThis;
          const counts = { added: 0, removed: 0 };
          const { addEventListener, removeEventListener } = eventTarget;
          eventTarget.addEventListener = (/** @type {any[]} */ ...args) => {
            if (args[0] === event) counts.added++;
            return addEventListener.apply(eventTarget, /** @type {any} */ (args));
          };
          eventTarget.removeEventListener = (/** @type {any[]} */ ...args) => {
            if (args[0] === event) counts.removed++;
            return removeEventListener.apply(eventTarget, /** @type {any} */ (args));
          };
          const client = new VideoClient({ apiKey: async () => "short-lived", baseUrl: location.origin });
          const { task } = await client.submit({ model: "seedance-2.0", prompt: "A cat" });
          const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
          const stop = new AbortController();
          const waiting = client.wait(task.id, { signal: stop.signal }).catch(() => {});
          await pause(1500);
          eventTarget.dispatchEvent(new Event(event));
          await pause(500);
          stop.abort();
          await waiting;
          return counts;
        },
        [event, target],
      );
      assert.equal(emulator.counts.reads - before, 2);
      assert.ok(listening.added > 0);
      assert.equal(listening.added, listening.removed);
      await page.close();
    });
  }
});
