// Uploads from a page in Chromium and from a worker in workerd, with the installed package.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createEmulator } from "../../pkg-template/testing.js";
import { startServer } from "../../tools/server.js";
import { skipWithoutChromium, startChromium } from "../support/browser.js";
import { installPackage } from "../support/packed.js";
import { bundleWorker, newestCompatibilityDate, startWorkerd } from "../support/workerd.js";

describe("a page in Chromium", { skip: skipWithoutChromium }, () => {
  const emulator = createEmulator({ speed: 1000 });
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

  /** @param {import("playwright-core").Page} page @param {number} uploadThroughput bytes a second */
  async function slowDown(page, uploadThroughput) {
    const session = await page.context().newCDPSession(page);
    const conditions = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput };
    await session.send("Network.emulateNetworkConditions", conditions);
  }

  async function openPage() {
    const page = await browser.newPage();
    await page.goto(`${server.url}/node_modules/evolink-video/package.json`);
    return page;
  }

  test("reports the progress of an upload, which ends at the size", async () => {
    const page = await openPage();
    // Chromium reports at most every 50 ms, in which a fast machine sends all of it.
    await slowDown(page, 20_000_000);
    const { sent, url, size } = await page.evaluate(async () => {
      const entry = "/node_modules/evolink-video/index.js";
      const { VideoClient } = await import(entry);
      const client = new VideoClient({ apiKey: async () => "short-lived", baseUrl: "/" });
      const file = new File([new Uint8Array(20_000_000)], "clip.mp4", { type: "video/mp4" });
      /** @type {number[]} */
      const sent = [];
      const onProgress = (/** @type {any} */ { sentBytes }) => sent.push(sentBytes);
      const { url } = await client.upload(file, { onProgress });
      return { sent, url, size: file.size };
    });
    await page.close();
    assert.ok(sent.length > 2, `${sent.length} reports`);
    assert.deepEqual([sent[0], sent.at(-1)], [0, size]);
    assert.ok(sent.every((bytes, index) => index === 0 || bytes > sent[index - 1]));
    assert.match(url, /\/files\/uploads\/.*\/clip\.mp4$/);
  });

  test("aborts an upload within 50 ms", async () => {
    const page = await openPage();
    emulator.inject({ on: "upload", delayMs: 5_000, times: 1 });
    const outcome = await page.evaluate(async () => {
      const entry = "/node_modules/evolink-video/index.js";
      const { VideoClient } = await import(entry);
      const client = new VideoClient({ apiKey: async () => "short-lived", baseUrl: location.origin });
      const stop = new AbortController();
      const upload = client.upload(new Blob([new Uint8Array(5_000_000)]), {
        signal: stop.signal,
        dedupe: false,
      });
      await new Promise((resolve) => setTimeout(resolve, 200));
      const start = performance.now();
      stop.abort("enough");
      const reason = await upload.catch((/** @type {unknown} */ error) => error);
      return { reason, ms: performance.now() - start };
    });
    await page.close();
    assert.equal(outcome.reason, "enough");
    assert.ok(outcome.ms < 50, `${outcome.ms} ms`);
  });

  test("generates a video from a local file", async () => {
    const page = await openPage();
    /** @type {string[]} */
    const problems = [];
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    const { status, warnings } = await page.evaluate(async () => {
      const entry = "/node_modules/evolink-video/index.js";
      const { VideoClient } = await import(entry);
      const client = new VideoClient({ apiKey: async () => "short-lived", baseUrl: location.origin });
      const head = Array.from("GIF89a", (letter) => letter.charCodeAt(0));
      const screen = [0x80, 2, 0x68, 1, 0x80, 0, 0, 0, 0, 0, 255, 255, 255];
      const frame = [0x2c, 0, 0, 0, 0, 0x80, 2, 0x68, 1, 0, 2, 2, 0x44, 1, 0, 0x3b];
      const picture = new Blob([new Uint8Array([...head, ...screen, ...frame])]);
      const request = { model: "seedance-2.0", prompt: "It moves", image_urls: [picture] };
      const task = await client.generate(request);
      return { status: task.status, warnings: task.submission.warnings };
    });
    await page.close();
    assert.equal(status, "completed");
    assert.deepEqual([warnings, problems], [[], []]);
  });
});

test("a worker passes 50 MB on without holding them in memory", async (context) => {
  const size = 50_000_000;
  const emulator = createEmulator();
  const server = await startServer({ emulator });
  context.after(() => server.close());
  const folder = await installPackage();
  const entry = join(folder, "entry.js");
  await writeFile(
    entry,
    `import { VideoClient } from "evolink-video";
    export default {
      async fetch(request, { BASE_URL: baseUrl }) {
        const client = new VideoClient({ apiKey: "sk-test", baseUrl });
        const bytes = Number(request.headers.get("content-length"));
        const sent = [];
        const uploaded = await client.upload(request.body, {
          ...{ bytes, name: "clip.mp4", mediaType: "video/mp4" },
          onProgress: ({ sentBytes }) => sent.push(sentBytes),
        });
        return Response.json({ ...uploaded, reports: sent.length, last: sent.at(-1) });
      },
    };`,
  );
  const worker = await bundleWorker(entry, folder);
  const options = { ...worker, compatibilityDate: newestCompatibilityDate, env: { BASE_URL: server.url } };
  const { url, pid, stop } = await startWorkerd(options);
  context.after(stop);
  const peak = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
  const upload = async (/** @type {number} */ bytes) => {
    const response = await fetch(url, { method: "POST", body: new Uint8Array(bytes) });
    assert.equal(response.status, 200, await response.clone().text());
    return response.json();
  };
  await upload(1_000);
  const before = process.platform === "linux" ? peak() : 0;
  const uploaded = await upload(size);
  assert.deepEqual([uploaded.bytes, uploaded.last], [size, size]);
  assert.ok(uploaded.reports > 10);
  if (process.platform === "linux") {
    const grown = (peak() - before) / 1e6;
    context.diagnostic(`the peak of the memory grew by ${grown.toFixed(1)} MB`);
    assert.ok(grown < 25, `${grown} MB`);
  }
  const stored = await emulator.fetch(uploaded.url);
  assert.equal((await stored.arrayBuffer()).byteLength, size);
});
