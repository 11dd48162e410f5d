// The package in a Chrome extension of Manifest V3.
import { describe } from "node:test";
import { appFolder } from "../support/apps.js";
import { firstLogOf, startExtension } from "../support/browser.js";
import { journeyTests } from "../support/journeys.js";

for (const [name, query, page] of /** @type {const} */ ([
  ["a page of a Chrome extension", "", true],
  // It cannot load scripts later, which uploads need.
  ["the service worker of a Chrome extension", "worker&", false],
]))
  describe(name, () =>
    journeyTests(
      {
        ...{ name, page, lazy: page },
        async run(folder, api) {
          const { context, baseUrl } = await startExtension(folder);
          try {
            return JSON.parse(await firstLogOf(context, `${baseUrl}page.html?${query}api=${api}`));
          } finally {
            await context.close();
          }
        },
      },
      () => appFolder("chrome-extension"),
    ),
  );
