// The package in Firefox, in WebKitGTK, and in special contexts of Chromium, as packaged by Debian.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import { read } from "../../tools/setup.js";
import { startServer } from "../../tools/server.js";
import { firstLogOf, startChromium } from "../support/browser.js";
import { firefox, webkit } from "../support/drivers.js";
import { appFolder } from "../support/apps.js";
import { journeyTests } from "../support/journeys.js";

/** The reported version of each browser, by its name in the guide. @type {Map<string, string>} */
const versions = new Map();

describe("the package in", () => {
  for (const [name, readIn] of /** @type {const} */ ([
    ["Firefox ESR", firefox],
    ["WebKitGTK", webkit],
  ]))
    describe(name, () =>
      journeyTests(
        {
          ...{ name, page: true },
          run: async (_folder, baseUrl) => {
            const { facts, version } = await readIn(`${baseUrl}/`);
            versions.set(name, version);
            return facts;
          },
        },
        () => appFolder("browser"),
      ),
    );

  for (const [name, app, page] of /** @type {const} */ ([
    ["a page with a strict Content-Security-Policy", "csp", true],
    ["a dedicated worker", "worker", false],
    ["a service worker", "service-worker", false],
  ]))
    describe(name, () =>
      journeyTests(
        { name, page, lazy: app !== "service-worker", run: (_folder, baseUrl) => inChromium(`${baseUrl}/`) },
        () => appFolder(app),
      ),
    );

  test("a Content-Security-Policy that blocks WebAssembly gives an error with advice", async () => {
    const server = await startServer({ statics: { "/": await appFolder("csp") } });
    const [isConfigurationError, code, message] = await inChromium(`${server.url}/blocked.html`);
    await server.close();
    assert.deepEqual([isConfigurationError, code], [true, "webassembly_unavailable"]);
    assert.match(message, /'wasm-unsafe-eval'/);
  });
});

const release = "/etc/os-release";
const isDebian13 = existsSync(release) && /^VERSION_CODENAME=trixie$/m.test(readFileSync(release, "utf8"));

// The guide has the tested versions. It stays correct if the installed versions are newer.
test(
  "the table of hosts has no newer versions of the browsers than tested",
  { skip: !isDebian13 && "requires Debian 13" },
  () => {
    const lines = read("www/guides/hosts.md").split("\n");
    assert.deepEqual([...versions.keys()].sort(), ["Chromium", "Firefox ESR", "WebKitGTK"]);
    for (const [name, version] of versions) {
      const at = lines.findIndex((line) => line.startsWith(`| ${name} |`));
      const claimed = lines[at]?.split("|")[2].trim();
      assert.ok(
        claimed !== undefined && version.localeCompare(claimed, "en", { numeric: true }) >= 0,
        `www/guides/hosts.md:${at + 1} claims ${name} ${claimed}, but ${version} was tested.`,
      );
    }
  },
);

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let browser;
after(async () => (await browser)?.close());

/** @param {string} url */
async function inChromium(url) {
  browser ??= startChromium();
  versions.set("Chromium", (await browser).version());
  return JSON.parse(await firstLogOf(await browser, url));
}
