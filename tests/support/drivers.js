// The browsers of Debian other than Chromium. Each opens a page whose text is JSON, and returns it with its version.
import puppeteer from "puppeteer-core";
import { readByWebDriver } from "./webdriver.js";

/** @typedef {{ facts: any, version: string }} Reading the page's JSON, and the browser's version */

/** Firefox takes WebDriver BiDi itself, so that no driver is needed. @param {string} url @returns {Promise<Reading>} */
export async function firefox(url) {
  const browser = await puppeteer.launch({ browser: "firefox", executablePath: "/usr/bin/firefox-esr" });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForFunction(() => document.body.textContent?.trim(), { timeout: 120_000 });
    const text = await page.evaluate(() => String(document.body.textContent));
    return { facts: JSON.parse(text), version: (await browser.version()).replace(/^\D+/, "") };
  } finally {
    await browser.close();
  }
}

/** The driver of Debian's WebKitGTK requires a display. @param {string} url @returns {Promise<Reading>} */
export const webkit = (url) =>
  readByWebDriver(url, {
    driver: (port) => ["xvfb-run", "-a", "WebKitWebDriver", `--port=${port}`],
    capabilities: {
      "webkitgtk:browserOptions": {
        binary: "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
        args: ["--automation"],
      },
    },
  });
