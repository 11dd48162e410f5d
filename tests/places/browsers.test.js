// The package in Firefox, and in the corners of Chromium, both as Debian packages them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { toolsDir } from "../../tools/setup.js";
import { startServer } from "../../tools/server.js";
import { loggedByPage, startChromium } from "../support/browser.js";
import { journeysIn } from "../support/journeys.js";
import { installed } from "../support/packed.js";
import { journeyByWebDriver } from "../support/webdriver.js";

const apps = fileURLToPath(new URL("../package/apps", import.meta.url));

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

/** @type {[name: string, file: string, page: boolean][]} */
const corners = [
  ["a page under a strict policy", "csp.html", true],
  ["a dedicated worker", "spawn.html", false],
  ["a service worker", "service.html", false],
];

describe("the package in", () => {
  describe("Firefox ESR", () =>
    journeysIn(
      {
        ...{ name: "Firefox ESR", page: true },
        run: (_folder, baseUrl) => journeyByWebDriver(firefox, `${baseUrl}/blank.html`),
      },
      () => installed(apps),
    ));

  describe("WebKitGTK", () =>
    journeysIn(
      {
        ...{ name: "WebKitGTK", page: true },
        run: (_folder, baseUrl) => journeyByWebDriver(webkit, `${baseUrl}/blank.html`),
      },
      () => installed(apps),
    ));

  for (const [name, file, page] of corners)
    describe(name, () =>
      journeysIn({ name, page, run: (_folder, baseUrl) => logged(`${baseUrl}/${file}`) }, () =>
        installed(apps),
      ),
    );

  test("a page whose policy refuses WebAssembly: says what to do", async () => {
    const server = await startServer({ statics: { "/": await installed(apps) } });
    const [isConfigurationError, code, message] = await logged(`${server.url}/csp-without.html`);
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
