// The package in browsers other than Chromium, as Debian packages them.
import { join } from "node:path";
import { describe } from "node:test";
import { fileURLToPath } from "node:url";
import { toolsDir } from "../../tools/setup.js";
import { journeysIn } from "../support/journeys.js";
import { installed } from "../support/packed.js";
import { journeyByWebDriver } from "../support/webdriver.js";

const apps = fileURLToPath(new URL("../package/apps", import.meta.url));

const firefox = {
  driver: [join(toolsDir, "bin/geckodriver"), "--port", "4461"],
  ...{ port: 4461, says: /(Listening on .*)/ },
  capabilities: { "moz:firefoxOptions": { binary: "/usr/bin/firefox-esr", args: ["-headless"] } },
};

describe("the package in", () => {
  describe("Firefox ESR", () =>
    journeysIn(
      {
        ...{ name: "Firefox ESR", page: true },
        run: (_folder, baseUrl) => journeyByWebDriver(firefox, `${baseUrl}/blank.html`),
      },
      () => installed(apps),
    ));
});
