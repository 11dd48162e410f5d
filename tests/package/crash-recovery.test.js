// Recovery from a store after a process was killed or a page reloaded, tested with the installed package.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createEmulator } from "../../pkg-template/testing.js";
import { startServer } from "../../tools/server.js";
import { skipWithoutChromium, startChromium } from "../support/browser.js";
import { installPackage } from "../support/packed.js";
import { runProgram } from "../support/program.js";

/** Uses a store with one file for each key. */
const program = `
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { VideoClient } from "evolink-video";

const file = (name) => "entry-" + encodeURIComponent(name);
const store = {
  getItem: async (key) => (existsSync(file(key)) ? readFileSync(file(key), "utf8") : null),
  setItem: async (key, value) => writeFileSync(file(key), value),
  removeItem: async (key) => rmSync(file(key), { force: true }),
  getKeys: async () =>
    readdirSync(".").flatMap((name) => (name.startsWith("entry-") ? [decodeURIComponent(name.slice(6))] : [])),
};
const client = new VideoClient({ apiKey: "sk-test", baseUrl: process.env.BASE_URL, store });
const [operation, prompt = "A cat walks through snow"] = process.argv.slice(2);
const request = { model: "seedance-2.0", prompt };
const work = {
  submit: async () => (await client.submit(request)).task.id,
  resume: async () => {
    const seen = [];
    for await (const task of client.resume()) seen.push(task.id + " " + task.status);
    return seen.at(-1) ?? "nothing";
  },
  break: async () => {
    let taken = 0;
    for await (const task of client.resume()) {
      if (task.status !== "completed") continue;
      taken++;
      break;
    }
    return taken;
  },
  count: async () => (await client.pending()).length,
};
console.log(String(await work[operation]()));
`;

describe("with a store", () => {
  /** @type {string} */
  let folder;
  before(async () => {
    folder = await installPackage();
    await writeFile(join(folder, "program.mjs"), program);
  });

  describe("after a process was killed", () => {
    const emulator = createEmulator({ estimatedTime: 1, taskTime: 1 });
    /** @type {Awaited<ReturnType<typeof startServer>>} */
    let server;
    before(async () => {
      server = await startServer({ emulator, statics: {} });
    });
    after(() => server?.close());

    const commandOf = (/**  @type {string} */ work) =>
      /** @type {[string, string[], import("node:child_process").SpawnOptions]} */ ([
        process.execPath,
        ["program.mjs", ...work.split(" ")],
        { cwd: folder, env: { ...process.env, BASE_URL: server.url } },
      ]);
    const run = async (/** @type {string} */ work) => (await runProgram(...commandOf(work))).trim();

    test("a loop that is left keeps the tasks that it did not take", async () => {
      for (const prompt of ["one", "two", "three"]) await run(`submit ${prompt}`);
      assert.equal(await run("break"), "1");
      const rest = await run("resume");
      assert.match(rest, /completed/);
      assert.equal(await run("count"), "0");
    });

    test("the next process reuses the key without a second charge, and a third resumes the task", async () => {
      const before = { ...emulator.counts };
      // The task is created, but the response never arrives.
      emulator.inject({ on: "create", nth: 1, fault: "stall-body" });
      const child = spawn(...commandOf("submit"));
      const ended = once(child, "exit");
      while (emulator.counts.created === before.created)
        await new Promise((resolve) => setTimeout(resolve, 20));
      child.kill("SIGKILL");
      await ended;

      const id = await run("submit");
      assert.deepEqual(
        [emulator.counts.submissions, emulator.counts.created, emulator.counts.charges <= before.charges + 1],
        [before.submissions + 2, before.created + 1, true],
      );
      assert.equal(await run("resume"), `${id} completed`);
      assert.equal(emulator.counts.charges, before.charges + 1);
      assert.equal(await run("resume"), "nothing");
    });
  });

  describe("in Chromium", { skip: skipWithoutChromium }, () => {
    const emulator = createEmulator({ estimatedTime: 2, taskTime: 2 });
    /** @type {Awaited<ReturnType<typeof startServer>>} */
    let server;
    /** @type {import("playwright-core").Browser} */
    let browser;
    before(async () => {
      server = await startServer({ emulator, statics: { "/": folder } });
      browser = await startChromium();
    });
    after(async () => {
      await browser?.close();
      server?.close();
    });

    /**
     * Uses `localStorage` directly.
     * @param {import("playwright-core").Page} page
     * @param {"submit" | "begin" | "resume" | "pending"} work
     */
    const runInPage = (page, work) =>
      page.evaluate(async (work) => {
        const entry = "/node_modules/evolink-video/index.js";
        const { VideoClient } = await import(entry);
        const client = new VideoClient({
          apiKey: async () => "short-lived",
          baseUrl: location.origin,
          store: localStorage,
        });
        const request = { model: "seedance-2.0", prompt: "A cat" };
        if (work === "submit") return (await client.submit(request)).task.id;
        if (work === "begin") {
          void client.submit(request);
          await new Promise((resolve) => setTimeout(resolve, 500));
          return "";
        }
        if (work === "pending") return JSON.stringify(await client.pending());
        let last;
        for await (const task of client.resume()) last = `${task.id} ${task.status}`;
        await new Promise((resolve) => setTimeout(resolve, 50));
        return `${last}, ${localStorage.length} items`;
      }, work);

    /** @param {import("playwright-core").BrowserContext | import("playwright-core").Browser} at */
    async function openPage(at) {
      const page = await at.newPage();
      await page.goto(`${server.url}/node_modules/evolink-video/package.json`);
      return page;
    }

    test("a reloaded page resumes its task from `localStorage`", async () => {
      const page = await openPage(browser);
      const id = await runInPage(page, "submit");
      await page.reload();
      assert.equal(await runInPage(page, "resume"), `${id} completed, 0 items`);
      await page.close();
    });

    test("a page that was reloaded during a submission gets its task without typing the request again", async () => {
      const page = await openPage(browser);
      const before = emulator.counts.created;
      emulator.inject({ on: "create", nth: 1, fault: "stall-body" });
      await runInPage(page, "begin");
      await page.reload();
      const [open, ...others] = JSON.parse(await runInPage(page, "pending"));
      assert.deepEqual([open.request.prompt, open.taskId, others], ["A cat", undefined, []]);
      assert.match(await runInPage(page, "resume"), /completed, 0 items$/);
      assert.equal(emulator.counts.created, before + 1);
      await page.close();
    });

    test("two tabs submit and resume at the same time", async () => {
      const context = await browser.newContext();
      const [first, second] = [await openPage(context), await openPage(context)];
      const before = emulator.counts.created;
      const [one, other] = await Promise.all([runInPage(first, "submit"), runInPage(second, "submit")]);
      const results = await Promise.all([runInPage(first, "resume"), runInPage(second, "resume")]);
      // Each tab gets every task that the other one had not delivered yet.
      for (const result of results) assert.match(result, /completed, 0 items$/);
      assert.equal(emulator.counts.created - before, new Set([one, other]).size);
      await context.close();
    });
  });
});
