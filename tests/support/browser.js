// Headless Chromium.
import { chromium as driver } from "playwright-core";
import { chromium } from "../../tools/setup.js";

/**
 * The `skip` option of browser tests: the reason why they cannot run, or `false`. CI does not skip them, so that a
 * missing browser fails.
 */
export const skipWithoutChromium =
  process.env.CI || chromium() ? false : "Chromium is not installed, and $CHROMIUM is not set";

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts Chromium. The caller closes it. */
export async function startChromium() {
  const executablePath = chromium();
  if (!executablePath)
    throw new Error("Chromium is not installed. Install it, or set $CHROMIUM to its path.");
  return driver.launch({ executablePath, args });
}

/**
 * Starts Chromium with an extension, and opens a page of it. The caller closes the context.
 * @param {string} extension its folder
 */
export async function startExtension(extension) {
  const executablePath = chromium();
  if (!executablePath)
    throw new Error("Chromium is not installed. Install it, or set $CHROMIUM to its path.");
  const context = await driver.launchPersistentContext("", {
    executablePath,
    // The older headless mode of Chromium has no extensions.
    headless: false,
    args: [
      ...args,
      "--headless=new",
      `--disable-extensions-except=${extension}`,
      `--load-extension=${extension}`,
    ],
  });
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
  return { context, baseUrl: new URL(".", worker.url()).href };
}

/**
 * Opens a page, and returns the first line that it logs.
 * @param {import("playwright-core").Browser | import("playwright-core").BrowserContext} browser
 * @param {string} url
 * @returns {Promise<string>}
 */
export async function firstLogOf(browser, url) {
  const page = await browser.newPage();
  /** Errors that the browser logs, such as missing scripts, which are not errors of the page. @type {string[]} */
  const problems = [];
  try {
    return await new Promise((resolve, reject) => {
      page.on("console", (message) => {
        if (message.type() === "log") resolve(message.text());
        else problems.push(`${message.text()} (${message.location().url})`);
      });
      page.on("pageerror", reject);
      page.goto(url).catch(reject);
      const onTimeout = () => reject(new Error([`${url} logged nothing.`, ...problems].join("\n")));
      setTimeout(onTimeout, 30_000).unref();
    });
  } finally {
    await page.close();
  }
}
