// The package in apps of frameworks: their pages in Chromium, and their servers.
import { join } from "node:path";
import { after, describe } from "node:test";
import { appWithTools, toolRunner } from "../support/apps.js";
import { firstLogOf, startChromium } from "../support/browser.js";
import { fetchJson, journeyTests } from "../support/journeys.js";
import { freePort, startProgram } from "../support/program.js";

/** @typedef {import("../support/journeys.js").Place} Place */

const nuxt = toolRunner("nuxt", "build");
const astro = toolRunner("astro", "build");
const reactRouter = toolRunner("react-router", "build");

const nuxtServer = [".output/server/index.mjs"];
const astroServer = ["dist/server/entry.mjs"];
const reactRouterServer = ["node_modules/@react-router/serve/bin.cjs", "build/server/index.js"];

/** @type {(Place & { app: string })[]} */
const places = [
  { name: "Nuxt, page", app: "nuxt", page: true, build: nuxt, run: served(nuxtServer, "/", pageAt) },
  { name: "Nuxt, server", app: "nuxt", build: nuxt, run: served(nuxtServer, "/api/journey", fetchJson) },
  { name: "Astro, page", app: "astro", page: true, build: astro, run: served(astroServer, "/", pageAt) },
  { name: "Astro, server", app: "astro", build: astro, run: served(astroServer, "/journey", fetchJson) },
  {
    ...{ name: "React Router, page", app: "react-router", page: true },
    ...{ build: reactRouter, run: served(reactRouterServer, "/", pageAt) },
  },
  {
    ...{ name: "React Router, server", app: "react-router" },
    ...{ build: reactRouter, run: served(reactRouterServer, "/journey", fetchJson) },
  },
  {
    ...{ name: "Angular", app: "angular", page: true, build: toolRunner("ng", "build") },
    ...{ root: "dist/browser", run: (_folder, baseUrl) => pageAt(`${baseUrl}/`) },
  },
];

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let browser;
after(async () => (await browser)?.close());

describe("the package in an app of", () => {
  for (const place of places) describe(place.name, () => journeyTests(place, () => appWithTools(place.app)));
});

/** @param {string} url */
async function pageAt(url) {
  browser ??= startChromium();
  return JSON.parse(await firstLogOf(await browser, url));
}

/**
 * Starts the server that the framework built, and loads one of its pages.
 * @param {string[]} command
 * @param {string} path
 * @param {(url: string) => Promise<any>} load
 * @returns {Place["run"]}
 */
function served(command, path, load) {
  return async (folder, baseUrl) => {
    const port = String(await freePort());
    const env = { ...process.env, BASE_URL: baseUrl, HOST: "127.0.0.1", PORT: port };
    // Newer than the Node of the tests may be.
    const node = join(folder, "node_modules/.bin/node");
    const server = await startProgram(node, command, { cwd: folder, env });
    try {
      return await load(`http://127.0.0.1:${port}${path}?api=${baseUrl}`);
    } finally {
      await server.stop();
    }
  };
}
