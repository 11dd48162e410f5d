// Headless Chromium, as Debian packages it.
import { chromium as driver } from "playwright-core";
import { chromium } from "../../tools/setup.js";

/**
 * The option `skip` of a test in a browser: why it cannot run on this machine, or `false`. In CI nothing
 * is skipped, so that a missing browser fails.
 */
export const skipWithoutChromium =
  process.env.CI || chromium() ? false : "there is no Chromium on this machine (nor at $CHROMIUM)";

/** Starts Chromium; whoever does so closes it. */
export async function startChromium() {
  const executablePath = chromium();
  if (!executablePath) throw new Error("There is no Chromium on this machine: install it, or set $CHROMIUM.");
  return driver.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * Opens a page and waits for the first line that it prints to the console.
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 * @returns {Promise<string>}
 */
export async function printedByPage(browser, url) {
  const page = await browser.newPage();
  try {
    return await new Promise((resolve, reject) => {
      page.on("console", (message) =>
        message.type() === "error" ? reject(new Error(message.text())) : resolve(message.text()),
      );
      page.on("pageerror", reject);
      page.goto(url).catch(reject);
      setTimeout(reject, 30_000, new Error(`${url} printed nothing`)).unref();
    });
  } finally {
    await page.close();
  }
}
