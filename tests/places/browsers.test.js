// The package in Firefox, in WebKitGTK, and in the corners of Chromium, as Debian packages them.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { read, toolsDir } from "../../tools/setup.js";
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

/** What each browser said of itself, by the name that the README has for it. @type {Map<string, string>} */
const versions = new Map();

describe("the package in", () => {
  for (const [name, browser] of /** @type {const} */ ([
    ["Firefox ESR", firefox],
    ["WebKitGTK", webkit],
  ]))
    describe(name, () =>
      journeysIn(
        {
          ...{ name, page: true },
          run: async (_folder, baseUrl) => {
            const { shown, version } = await shownByWebDriver(browser, `${baseUrl}/`);
            versions.set(name, version);
            return shown;
          },
        },
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

const release = "/etc/os-release";
const isDebian13 = existsSync(release) && /^VERSION_CODENAME=trixie$/m.test(readFileSync(release, "utf8"));

// A newer one does not make the README wrong, which says what was tested; an older one does.
test(
  "the README's table of hosts claims no newer versions of these browsers than are tested",
  { skip: !isDebian13 && "they are those of Debian 13" },
  () => {
    const lines = read("README.md").split("\n");
    assert.deepEqual([...versions.keys()].sort(), ["Chromium", "Firefox ESR", "WebKitGTK"]);
    for (const [name, version] of versions) {
      const at = lines.findIndex((line) => line.startsWith(`| ${name} |`));
      const told = lines[at]?.split("|")[2].trim();
      assert.ok(
        told !== undefined && version.localeCompare(told, "en", { numeric: true }) >= 0,
        `README.md:${at + 1} claims ${name} ${told}, and ${version} is what was tested.`,
      );
    }
  },
);

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let browser;
after(async () => (await browser)?.close());

/** @param {string} url */
async function logged(url) {
  browser ??= startChromium();
  versions.set("Chromium", (await browser).version());
  return JSON.parse(await loggedByPage(await browser, url));
}
