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
 * Opens a page and waits for the first line that it logs.
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 * @returns {Promise<string>}
 */
export async function loggedByPage(browser, url) {
  const page = await browser.newPage();
  /** What the browser complained of: a script that is not there is no error of the page. @type {string[]} */
  const complaints = [];
  try {
    return await new Promise((resolve, reject) => {
      page.on("console", (message) => {
        if (message.type() === "log") resolve(message.text());
        else complaints.push(`${message.text()} (${message.location().url})`);
      });
      page.on("pageerror", reject);
      page.goto(url).catch(reject);
      const late = () => reject(new Error([`${url} logged nothing.`, ...complaints].join("\n")));
      setTimeout(late, 30_000).unref();
    });
  } finally {
    await page.close();
  }
}
