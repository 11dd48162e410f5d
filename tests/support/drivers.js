// The browsers of Debian that are driven by WebDriver.
import { join } from "node:path";
import { toolsDir } from "../../tools/setup.js";

export const firefox = {
  driver: (/** @type {number} */ port) => [join(toolsDir, "bin/geckodriver"), "--port", String(port)],
  capabilities: { "moz:firefoxOptions": { binary: "/usr/bin/firefox-esr", args: ["-headless"] } },
};

export const webkit = {
  // The driver of Debian's WebKitGTK requires a display.
  driver: (/** @type {number} */ port) => ["xvfb-run", "-a", "WebKitWebDriver", `--port=${port}`],
  capabilities: {
    "webkitgtk:browserOptions": {
      binary: "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
      args: ["--automation"],
    },
  },
};
