// The package in Firefox, in WebKitGTK, and in the corners of Chromium, as Debian packages them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { toolsDir } from "../../tools/setup.js";
import { startServer } from "../../tools/server.js";
import { loggedByPage, startChromium } from "../support/browser.js";
import { placed } from "../support/equipped.js";
import { journeysIn } from "../support/journeys.js";
import { shownByWebDriver } from "../support/webdriver.js";

const firefox = {
  driver: (/** @type {number} */ port) => [join(toolsDir, "bin/geckodriver"), "--port", String(port)],
  capabilities: { "moz:firefoxOptions": { binary: "/usr/bin/firefox-esr", args: ["-headless"] } },
};

const webkit = {
  // The driver of Debian's WebKitGTK wants a display.
  driver: (/** @type {number} */ port) => ["xvfb-run", "-a", "WebKitWebDriver", `--port=${port}`],
  capabilities: {
    "webkitgtk:browserOptions": {
      binary: "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
      args: ["--automation"],
    },
  },
};

describe("the package in", () => {
  for (const [name, browser] of /** @type {const} */ ([
    ["Firefox ESR", firefox],
    ["WebKitGTK", webkit],
  ]))
    describe(name, () =>
      journeysIn(
        { name, page: true, run: (_folder, baseUrl) => shownByWebDriver(browser, `${baseUrl}/`) },
        () => placed("browser"),
      ),
    );

  for (const [name, app, page] of /** @type {const} */ ([
    ["a page under a strict policy", "csp", true],
    ["a dedicated worker", "worker", false],
    ["a service worker", "service-worker", false],
  ]))
    describe(name, () =>
      journeysIn({ name, page, run: (_folder, baseUrl) => logged(`${baseUrl}/`) }, () => placed(app)),
    );

  test("a page whose policy refuses WebAssembly: says what to do", async () => {
    const server = await startServer({ statics: { "/": await placed("csp") } });
    const [isConfigurationError, code, message] = await logged(`${server.url}/without.html`);
    await server.close();
    assert.deepEqual([isConfigurationError, code], [true, "webassembly_unavailable"]);
    assert.match(message, /'wasm-unsafe-eval'/);
  });
});

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let browser;
after(async () => (await browser)?.close());

/** @param {string} url */
async function logged(url) {
  browser ??= startChromium();
  return JSON.parse(await loggedByPage(await browser, url));
}
