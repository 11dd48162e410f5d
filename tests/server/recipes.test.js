// The recipes of recipes/, each on its host: a page's client generates a video and uploads a file through it.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { root } from "../../tools/setup.js";
import { appWithTools, toolRunner } from "../support/apps.js";
import { importPackage, installPackage } from "../support/packed.js";
import { freePort, startProgram } from "../support/program.js";

const recipes = fileURLToPath(new URL("recipes", import.meta.url));
const order = { model: "seedance-2.0", prompt: "A paper boat on a river" };

/** @type {import("../support/packed.js").Library} */
let library;
/** @type {import("../../pkg-template/testing-server.js").EmulatorServer} */
let api;
before(async () => {
  const folder = await installPackage();
  library = await importPackage(folder);
  /** @type {typeof import("../../pkg-template/testing-server.js")} */
  const { serve } = await import(join(folder, "node_modules/evolink-video/testing-server.js"));
  api = await serve({ taskTime: 0.5, estimatedTime: 0.5 });
});
after(() => api.close());

const environment = () => ({
  ...process.env,
  EVOLINK_API_KEY: "sk-server",
  EVOLINK_BASE_URL: api.url,
  EVOLINK_SECRET: "a secret of at least 32 characters",
  PORT: "0",
});

/**
 * What a page of another origin does with the URL of the proxy.
 * @param {string} url of the host
 * @param {Record<string, string>} [headers] of a browser, that the host looks at itself
 */
async function usePage(url, headers = {}) {
  const baseUrl = `${url.replace(/\/$/, "")}/evolink`;
  const page = (/** @type {string} */ user) =>
    new library.VideoClient({ baseUrl, headers: { "x-user": user, ...headers } });
  const charges = api.emulator.counts.charges;
  const task = await page("ann").generate(order);
  assert.equal(task.status, "completed");
  const file = new Blob([new Uint8Array(100_000)], { type: "image/png" });
  const upload = await page("ann").upload(file, { name: "a.png" });
  assert.equal(upload.bytes, 100_000);
  const withFile = { ...order, prompt: "@Image1 waves", image_urls: [upload.url] };
  await page("ann").submit(withFile);
  await assert.rejects(page("bob").submit(withFile), /HTTP 403/);
  await assert.rejects(page("bob").retrieve(task.id), library.NotFoundError);
  await assert.rejects(new library.VideoClient({ baseUrl }).submit(order), library.AuthenticationError);
  assert.equal(api.emulator.counts.charges, charges + 2);
}

/** @param {string} url */
async function listening(url) {
  for (let tries = 0; tries < 300; tries++) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Nothing listens at ${url}.`);
}

/**
 * @param {string} folder
 * @param {string} program
 * @param {...string} args
 */
async function inProcess(folder, program, ...args) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await startProgram(program, args, {
    cwd: folder,
    env: { ...environment(), PORT: String(port), ORIGIN: url },
    findUrl: async () => {
      await listening(url);
      return url;
    },
  });
  try {
    // SvelteKit refuses forms without it.
    await usePage(server.url, { origin: url });
  } finally {
    await server.stop();
  }
}

/**
 * An app with the recipe as a route.
 * @param {string} app
 * @param {string} route
 * @param {string} recipe
 * @param {string} file its name in the app
 */
async function appWithRoute(app, route, recipe, file) {
  const folder = await appWithTools(app);
  await mkdir(join(folder, route), { recursive: true });
  await cp(join(recipes, recipe), join(folder, route, file));
  for (const shared of ["proxy.js", "session.js"])
    await cp(join(recipes, shared), join(folder, route, shared));
  return folder;
}

describe("the recipe for", () => {
  for (const host of ["hono", "express"])
    test(host, async () => {
      const folder = await installPackage(recipes);
      await writeFile(join(folder, "package.json"), '{ "type": "module" }');
      // The host's own packages, as this repository has them.
      for (const name of await dependenciesOf(host === "hono" ? ["hono", "@hono/node-server"] : ["express"]))
        await cp(join(root, "node_modules", name), join(folder, "node_modules", name), { recursive: true });
      await inProcess(folder, process.execPath, `${host}.js`);
    });

  for (const [host, ...args] of /** @type {const} */ ([
    ["deno", "run", "-NER", "deno.js"],
    ["bun", "bun.js"],
  ]))
    test(host, async () => {
      const folder = await appWithTools(host);
      await cp(recipes, folder, { recursive: true });
      await inProcess(folder, `node_modules/.bin/${host}`, ...args);
    });

  test("a Cloudflare Worker", async () => {
    const { Miniflare } = await import("miniflare");
    const { bundleWorker, newestCompatibilityDate } = await import("../support/workerd.js");
    const folder = await installPackage(recipes);
    const { script, modules } = await bundleWorker(join(folder, "worker.js"), join(folder, "dist"));
    const { EVOLINK_API_KEY, EVOLINK_BASE_URL, EVOLINK_SECRET } = environment();
    const miniflare = new Miniflare({
      modulesRoot: join(folder, "dist"),
      modules: [
        { type: "ESModule", path: join(folder, "dist/worker.js"), contents: await readFile(script, "utf8") },
        ...(await Promise.all(
          Object.entries(modules).map(async ([name, path]) => ({
            type: /** @type {const} */ ("CompiledWasm"),
            path: join(folder, "dist", name),
            contents: await readFile(path),
          })),
        )),
      ],
      bindings: { EVOLINK_API_KEY, EVOLINK_BASE_URL, EVOLINK_SECRET },
      compatibilityDate: newestCompatibilityDate,
      compatibilityFlags: ["nodejs_compat"],
    });
    try {
      await usePage(String(await miniflare.ready));
    } finally {
      await miniflare.dispose();
    }
  });

  test("Vercel Functions", async () => {
    // Their runtime calls `fetch` of the default export with a standard `Request`.
    const folder = await installPackage(recipes);
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    const script = `
      import { createServer } from "node:http";
      import { toNodeHandler } from "evolink-video/server";
      import vercel from "./vercel.js";
      createServer(toNodeHandler((request) => vercel.fetch(request))).listen(process.env.PORT);`;
    await writeFile(join(folder, "main.js"), script);
    await inProcess(folder, process.execPath, "main.js");
  });

  test("Next.js", async () => {
    const folder = await appWithRoute("next", "app/evolink/[...path]", "next.js", "route.js");
    await toolRunner("next", "build")(folder);
    await inProcess(folder, "node_modules/.bin/next", "start", "--hostname", "127.0.0.1");
  });

  test("SvelteKit", async () => {
    const folder = await appWithRoute(
      "sveltekit",
      "src/routes/evolink/[...path]",
      "sveltekit.js",
      "+server.js",
    );
    await toolRunner("vite", "build")(folder);
    await inProcess(folder, process.execPath, "build/index.js");
  });
});

/** The packages that these need, of the lock file. @param {string[]} names */
async function dependenciesOf(names) {
  const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8"));
  const all = new Set();
  const waiting = [...names];
  for (let name; (name = waiting.shift());) {
    if (all.has(name)) continue;
    // Others are in the folder of the package that needs them.
    if (existsSync(join(root, "node_modules", name))) all.add(name);
    waiting.push(...Object.keys(lock.packages[`node_modules/${name}`]?.dependencies ?? {}));
  }
  return all;
}
