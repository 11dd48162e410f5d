// The Lighthouse scores of the page, with its simulated slow phone and network.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { compress } from "hono/compress";
import lighthouse, { defaultConfig } from "lighthouse";
import { launch } from "chrome-launcher";
import { chromium } from "../../tools/setup.js";
import { site, writeSite } from "../../tools/site.js";
import { skipWithoutChromium } from "../support/browser.js";

const distanceMs = 40;
/** Lighthouse's benchmark index of a mid-range phone: 125 to 800, by its documentation. */
const phoneIndex = 400;
const categories = ["accessibility", "best-practices", "performance"];

describe("the page in Lighthouse", { skip: skipWithoutChromium, timeout: 300_000 }, () => {
  /** @type {import("node:http").Server} */
  let server;
  /** @type {Awaited<ReturnType<typeof launch>>} */
  let browser;
  let url = "";

  before(async () => {
    writeSite();
    // Like a remote static host.
    const app = new Hono()
      .use((_, next) => setTimeout(distanceMs).then(next))
      .use(compress())
      .use(serveStatic({ root: site }));
    await new Promise((/** @type {(value: void) => void} */ resolve) => {
      server = /** @type {import("node:http").Server} */ (
        serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => {
          url = `http://127.0.0.1:${port}/`;
          resolve();
        })
      );
    });
    browser = await launch({
      chromePath: chromium(),
      chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"],
      logLevel: "silent",
    });
  });
  after(() => {
    browser?.kill();
    server?.close();
  });

  /** The marks, from 0 to 100, and the speed of the machine. @param {number} [slowdown] of the processor */
  async function examine(slowdown = 4) {
    const result = await lighthouse(url, {
      port: browser.port,
      onlyCategories: categories,
      logLevel: "silent",
      throttling: { ...defaultConfig.settings?.throttling, cpuSlowdownMultiplier: slowdown },
    });
    assert.ok(result);
    const { audits, environment } = result.lhr;
    /** @type {Record<string, number>} */
    const marks = Object.fromEntries(
      Object.entries(result.lhr.categories).map(([name, { score }]) => [
        name,
        Math.round((score ?? 0) * 100),
      ]),
    );
    const details = Object.values(audits)
      .filter(
        ({ score, scoreDisplayMode }) => score !== null && score < 0.9 && scoreDisplayMode === "numeric",
      )
      .map(({ id, displayValue }) => `${id} ${displayValue ?? ""}`);
    console.log(`slowdown ${slowdown.toFixed(1)}`, JSON.stringify(marks), details.join(", "));
    return { marks, index: environment.benchmarkIndex };
  }

  test("it has full marks for accessibility and practices, and 95 for speed", async () => {
    const { marks, index } = await examine();
    assert.deepEqual([marks.accessibility, marks["best-practices"]], [100, 100]);
    let fastest = marks.performance;
    // A busy machine is slower, and its speed varies.
    const slowdown = Math.min(4, Math.max(1, index / phoneIndex));
    for (let tries = 1; fastest < 95 && tries < 5; tries++)
      fastest = Math.max(fastest, (await examine(slowdown)).marks.performance);
    assert.ok(fastest >= 95, `${fastest}`);
  });
});
