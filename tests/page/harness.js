// Opens the page in Chromium, as a user would. Any error or warning in the console, and any request to another server,
// fails the test.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, beforeEach } from "node:test";
import axe from "axe-core";
import { startServer } from "../../tools/server.js";
import { root } from "../../tools/setup.js";
import { startChromium } from "../support/browser.js";

/** @typedef {import("playwright-core").Page} Page */

export const statics = { "/": join(root, "www"), "/pkg": join(root, "pkg") };

/** Shows tests that depend on a fast machine: `PAGE_SLOWDOWN=10 node --test tests/page`. */
const slowdown = Number(process.env.PAGE_SLOWDOWN ?? 1);

/** The time limit of a suite. It stops a hanging test, and is not meant for slow ones. */
export const timeout = 900_000;

/**
 * Defines the hooks of a suite. The returned object has the page of the current test.
 *
 * @param {{ allowed?: string }} [options] `allowed`: a server that may be requested too
 */
export function pageTests({ allowed } = {}) {
  const suite = {
    /** @type {import("playwright-core").Browser} */
    browser: /** @type {any} */ (undefined),
    /** @type {import("playwright-core").BrowserContext} */
    context: /** @type {any} */ (undefined),
    /** @type {Page} */
    page: /** @type {any} */ (undefined),
    url: "",
    /** @type {string[]} */
    problems: [],
    /** An error of the console that the current test expects. @type {RegExp | undefined} */
    expected: undefined,
    /** Opens another tab of the same browser profile. @param {string} [hash] */
    async open(hash = "") {
      const page = await suite.context.newPage();
      watch(page);
      if (slowdown > 1) {
        const session = await suite.context.newCDPSession(page);
        await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
      }
      await page.goto(`${suite.url}/${hash}`);
      await ready(page);
      return page;
    },
  };
  /** @type {Awaited<ReturnType<typeof startServer>>} */
  let server;

  /** @param {Page} page */
  function watch(page) {
    page.setDefaultTimeout(15_000 * Math.max(1, slowdown / 2));
    page.on("pageerror", (error) => suite.problems.push(String(error.stack)));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type()) && !suite.expected?.test(message.text()))
        suite.problems.push(`${message.text()} ${message.location().url}`);
    });
    page.on("request", (request) => {
      const url = request.url();
      if (allowed && url.startsWith(allowed)) return;
      if (!url.startsWith(suite.url) && !/^(data|blob):/.test(url)) suite.problems.push(`requested ${url}`);
    });
  }

  before(async () => {
    server = await startServer({ statics });
    suite.url = server.url;
    suite.browser = await startChromium();
  });
  after(async () => {
    await suite.browser?.close();
    await server?.close();
  });
  beforeEach(async () => {
    suite.problems = [];
    suite.expected = undefined;
    suite.context = await suite.browser.newContext({
      viewport: { width: 1280, height: 900 },
      reducedMotion: "reduce",
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await suite.context.addInitScript(axe.source);
    suite.page = await suite.open();
  });
  afterEach(async () => {
    await suite.context.close();
    assert.deepEqual(suite.problems, []);
  });
  return suite;
}

/** @param {Page} page */
export const ready = (page) => page.waitForSelector("html[data-ready]", { state: "attached" });

/**
 * Reloads the page in the moment in which it shows an element, or no longer shows it, and goes on when it is ready.
 *
 * @param {Page} page
 * @param {string} selector
 * @param {() => Promise<unknown>} act what makes the page show it
 * @param {{ gone?: boolean }} [how]
 */
export async function reloadOn(page, selector, act, { gone = false } = {}) {
  await page.evaluate(([wanted, isGone]) => {
    const reloadIfShown = () => {
      if ((document.querySelector(wanted) === null) !== isGone) return;
      observer.disconnect();
      location.reload();
    };
    const observer = new MutationObserver(reloadIfShown);
    observer.observe(document.body, { subtree: true, childList: true, attributes: true });
  }, /** @type {const} */ ([selector, gone]));
  await Promise.all([page.waitForEvent("load"), act()]);
  await ready(page);
}

/** @param {Page} page */
export const prompt = (page) => page.getByRole("textbox", { name: "Prompt" });

/** @param {Page} page @param {string} name */
export const click = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** Waits until the page has worked off what was typed: the checks after a frame, and the verdict after another. @param {Page} page */
export const settled = (page) =>
  page.evaluate(async () => {
    for (let frames = 0; frames < 2; frames++)
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  });

/** The request that the page shows. @param {Page} page @returns {Promise<any>} */
export async function shownRequest(page) {
  await settled(page);
  return JSON.parse(await page.locator("#request-code").innerText());
}

/** Checks the current state of the page with axe. @param {Page} page */
export async function assertAccessible(page) {
  // The init script defines `axe` in the page.
  const { violations } = await page.evaluate(() => axe.run());
  assert.deepEqual(
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
    [],
  );
}

/** A task of the emulator that takes three seconds. @param {Page} page @param {string} [fault] */
export async function generate(page, fault = "none") {
  await page.selectOption("#speed", "3");
  await page.selectOption("#fault", fault);
  await click(page, "Generate");
}

/** The videos that the emulated account was charged for. @param {Page} page @returns {Promise<number>} */
export const orders = (page) =>
  page.evaluate(() => JSON.parse(localStorage.getItem("evolink-video:emulator") ?? "[]").length);

/** A picture as a file. @param {Page} page @param {string} color */
export async function picture(page, color) {
  const base64 = await page.evaluate((fill) => {
    const canvas = document.createElement("canvas");
    canvas.width = 640;
    canvas.height = 360;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.fillStyle = fill;
    context.fillRect(0, 0, 640, 360);
    return canvas.toDataURL("image/png").split(",")[1];
  }, color);
  return { name: `${color}.png`, mimeType: "image/png", buffer: Buffer.from(base64, "base64") };
}

/** A tone as a file. @param {number} seconds */
export function tone(seconds) {
  const rate = 8000;
  const bytes = Buffer.alloc(44 + seconds * rate * 2);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(bytes.length - 44, 40);
  for (let index = 0; index < seconds * rate; index++)
    bytes.writeInt16LE(Math.round(Math.sin(index / 5) * 20_000), 44 + index * 2);
  return { name: "tone.wav", mimeType: "audio/wav", buffer: bytes };
}
