// The storages of `unstorage`, used directly as the store of a client: memory, files, Redis, Cloudflare KV, HTTP, and
// IndexedDB in Chromium. Several processes use one Redis at the same time.
import assert from "node:assert/strict";
import { once } from "node:events";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { createEmulator } from "../../pkg-template/testing.js";
import { codeBlocks } from "../../tools/documents.js";
import { startServer } from "../../tools/server.js";
import { skipWithoutChromium, startChromium } from "../support/browser.js";
import { importPackage, installPackage, npm } from "../support/packed.js";
import { runProgram } from "../support/program.js";
import { skipWithoutRedis, startRedis } from "../support/redis.js";

const request = { model: "seedance-2.0", prompt: "A paper boat on a river" };

/** Has the package. @type {string} */
let folder;
/** Has the packages of this folder. @type {string} */
let packages;
/** @type {Record<string, any>} */
let library;
/** Imports a module of this folder's packages. @type {(name: string) => Promise<any>} */
let load;
/** What to stop at the end. @type {(() => unknown)[]} */
const started = [];

before(async () => {
  folder = await installPackage();
  library = await importPackage(folder);
  packages = await mkdtemp(join(tmpdir(), "storages-"));
  for (const file of ["package.json", "package-lock.json"]) {
    await cp(fileURLToPath(new URL(file, import.meta.url)), join(packages, file));
  }
  await npm(packages, "ci", "--prefer-offline", "--no-audit", "--no-fund");
  const require = createRequire(join(packages, "x.js"));
  load = (name) => import(pathToFileURL(require.resolve(name)).href);
  started.push(() => rm(packages, { recursive: true, force: true }));
});
after(async () => {
  for (const stop of started.reverse()) await stop();
});

/** @param {string} driver @param {object} [options] */
async function storageOf(driver, options) {
  const { createStorage } = await load("unstorage");
  const module = await load(`unstorage/drivers/${driver}`);
  return createStorage({ driver: (module.default.default ?? module.default)(options) });
}

/** The port of a Redis. */
async function redisPort() {
  const { port, stop } = await startRedis();
  started.push(stop);
  return port;
}

/** @type {Record<string, { skip?: string | false, open: () => Promise<any> }>} */
const storages = {
  memory: { open: () => storageOf("memory") },
  fs: {
    async open() {
      const base = await mkdtemp(join(tmpdir(), "storage-"));
      started.push(() => rm(base, { recursive: true, force: true }));
      return storageOf("fs", { base });
    },
  },
  redis: {
    skip: skipWithoutRedis,
    async open() {
      const storage = await storageOf("redis", { base: "app", port: await redisPort() });
      started.push(() => storage.dispose());
      return storage;
    },
  },
  "cloudflare-kv-binding": {
    async open() {
      const { Miniflare } = await load("miniflare");
      const script = "export default { fetch: () => new Response('') }";
      const miniflare = new Miniflare({ modules: true, script, kvNamespaces: ["STORE"] });
      started.push(() => miniflare.dispose());
      return storageOf("cloudflare-kv-binding", { binding: await miniflare.getKVNamespace("STORE") });
    },
  },
  http: {
    async open() {
      const { createStorageServer } = await load("unstorage/server");
      const { handle } = createStorageServer(await storageOf("memory"));
      const server = createServer(handle).listen(0, "127.0.0.1");
      await once(server, "listening");
      started.push(() => server.close());
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      return storageOf("http", { base: `http://127.0.0.1:${port}` });
    },
  },
};

for (const [name, { skip = false, open }] of Object.entries(storages)) {
  test(`${name}: an interrupted submission is settled, and its task delivered once`, { skip }, async () => {
    const store = await open();
    const emulator = createEmulator({ taskTime: 0.5, estimatedTime: 0.5 });
    const options = { apiKey: "sk-test", fetch: emulator.fetch, store };
    emulator.inject({ on: "create", nth: 1, fault: "stall-body" });
    const aborted = new AbortController();
    const lost = new library.VideoClient(options).submit(request, { signal: aborted.signal });
    while (emulator.counts.created === 0) await pause(10);
    aborted.abort();
    await assert.rejects(lost);

    const client = new library.VideoClient(options);
    const [interrupted] = await client.pending();
    assert.deepEqual([interrupted.taskId, interrupted.request], [undefined, request]);
    const seen = [];
    for await (const { status } of client.resume()) seen.push(status);
    assert.equal(seen.at(-1), "completed");
    await until(async () => (await client.pending()).length === 0);
    assert.equal(emulator.counts.created, 1);
    assert.deepEqual(await store.getKeys(), []);

    // Another account does not see it.
    await client.submit(request);
    await until(async () => (await client.pending()).length === 1);
    assert.deepEqual(await new library.VideoClient({ ...options, apiKey: "sk-other" }).pending(), []);
    const other = new library.VideoClient({ ...options, storeNamespace: "another user" });
    assert.deepEqual(await other.pending(), []);
  });
}

/** Submits the number of orders that it is told, or prints what the store has. */
const orders = `
import { createStorage } from "unstorage";
import redisDriver from "unstorage/drivers/redis";

const { VideoClient } = await import(process.env.LIBRARY);
const store = createStorage({ driver: redisDriver({ base: "orders", port: Number(process.env.REDIS_PORT) }) });
const client = new VideoClient({ apiKey: "sk-test", baseUrl: process.env.BASE_URL, store });
const [name, count] = process.argv.slice(2);
if (count) {
  const order = async (_, number) =>
    (await client.submit({ model: "seedance-2.0", prompt: "A cat, " + name + " " + number })).task.id;
  console.log((await Promise.all(Array.from({ length: Number(count) }, order))).join("\\n"));
} else if (name === "resume") {
  for await (const { id, status } of client.resume()) if (status === "completed") console.log(id);
} else {
  console.log((await client.pending()).length);
}
// The writes after the results.
while ((await client.pending()).some(({ taskId }) => !taskId)) await new Promise((resolve) => setTimeout(resolve, 20));
await store.dispose();
`;

test(
  "two processes over one Redis lose no task and pay nothing twice",
  { skip: skipWithoutRedis },
  async () => {
    const emulator = createEmulator({ taskTime: 0.2, estimatedTime: 0.2 });
    const server = await startServer({ emulator, statics: {} });
    started.push(() => server.close());
    await writeFile(join(packages, "orders.mjs"), orders);
    const env = {
      ...process.env,
      BASE_URL: server.url,
      REDIS_PORT: String(await redisPort()),
      LIBRARY: pathToFileURL(join(folder, "node_modules/evolink-video/index.js")).href,
    };
    const run = async (/** @type {string[]} */ ...args) => {
      const printed = await runProgram(process.execPath, ["orders.mjs", ...args], { cwd: packages, env });
      return printed.trim().split("\n");
    };
    const ids = (await Promise.all([run("a", "60"), run("b", "60")])).flat();
    assert.equal(new Set(ids).size, 120);
    assert.equal(emulator.counts.created, 120);
    assert.deepEqual(new Set(await run("resume")), new Set(ids));
    assert.deepEqual(await run("pending"), ["0"]);
  },
);

/** Reserves as many orders of two users as fit, and prints how many. */
const spender = `
import { store } from "./store.mjs";

const { createBudget } = await import(process.env.SERVER);
const limit = { windowMs: 3_600_000 };
const reserve = createBudget({ store, perUser: { credits: 200, ...limit }, total: { credits: 300, ...limit } });
const order = (_, number) =>
  reserve({ user: "user " + (number % 2), key: process.argv[2] + number, credits: 10 });
await store.getItem("connected");
// Both at the same moment.
await new Promise((resolve) => setTimeout(resolve, process.env.START - Date.now()));
const reserved = await Promise.all(Array.from({ length: 100 }, order));
console.log(reserved.filter(Boolean).length);
process.exit();
`;

test(
  "two processes with the Redis of the guide spend no credit too much",
  { skip: skipWithoutRedis },
  async () => {
    const snippet = codeBlocks().find(({ name }) => name === "redis")?.code;
    await writeFile(join(packages, "store.mjs"), String(snippet));
    await writeFile(join(packages, "spender.mjs"), spender);
    const env = {
      ...process.env,
      REDIS_URL: `redis://127.0.0.1:${await redisPort()}`,
      START: String(Date.now() + 2_000),
      SERVER: pathToFileURL(join(folder, "node_modules/evolink-video/server.js")).href,
    };
    const spend = async (/** @type {string} */ name) =>
      Number(await runProgram(process.execPath, ["spender.mjs", name], { cwd: packages, env }));
    const [first, second] = await Promise.all([spend("a"), spend("b")]);
    assert.equal(first + second, 30, `${first} and ${second}`);
  },
);

test("IndexedDB in Chromium: a reloaded page resumes its task", { skip: skipWithoutChromium }, async () => {
  const emulator = createEmulator({ taskTime: 1, estimatedTime: 1 });
  const contents = `
    import { createStorage } from "unstorage";
    import indexedDb from "unstorage/drivers/indexedb";
    export const open = () => createStorage({ driver: indexedDb({ dbName: "app", storeName: "evolink-video" }) });
  `;
  await build({
    stdin: { contents, resolveDir: packages },
    bundle: true,
    format: "esm",
    outfile: join(folder, "storage.js"),
  });
  const server = await startServer({ emulator, statics: { "/": folder } });
  started.push(() => server.close());
  const browser = await startChromium();
  started.push(() => browser.close());
  const page = await browser.newPage();
  const run = (/** @type {"submit" | "resume"} */ work) =>
    page.evaluate(async (work) => {
      const [entry, storage] = ["/node_modules/evolink-video/index.js", "/storage.js"];
      const [{ VideoClient }, { open }] = await Promise.all([import(entry), import(storage)]);
      const client = new VideoClient({
        apiKey: () => "short-lived",
        baseUrl: location.origin,
        store: open(),
      });
      if (work === "submit") {
        const { task } = await client.submit({ model: "seedance-2.0", prompt: "A cat" });
        while (!(await client.pending()).every((/** @type {any} */ { taskId }) => taskId))
          await new Promise(requestAnimationFrame);
        return task.id;
      }
      let last = "";
      for await (const task of client.resume()) last = `${task.id} ${task.status}`;
      while ((await client.pending()).length > 0) await new Promise(requestAnimationFrame);
      return last;
    }, work);
  await page.goto(`${server.url}/node_modules/evolink-video/package.json`);
  const id = await run("submit");
  await page.reload();
  assert.equal(await run("resume"), `${id} completed`);
});

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {() => Promise<boolean>} holds */
async function until(holds) {
  for (let attempt = 0; !(await holds()); attempt++) {
    assert.ok(attempt < 200, "it does not become true");
    await pause(20);
  }
}
