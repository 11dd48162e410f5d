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
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { VideoClient } from "evolink-video";

const file = (name) => "entry-" + encodeURIComponent(name);
const store = {
  get: async (name) => (existsSync(file(name)) ? readFileSync(file(name), "utf8") : null),
  set: async (name, text) => writeFileSync(file(name), text),
  delete: async (name) => rmSync(file(name), { force: true }),
};
const client = new VideoClient({ apiKey: "sk-test", baseUrl: process.env.BASE_URL, store });
const request = { model: "seedance-2.0", prompt: "A cat walks through snow" };
const work = {
  submit: async () => (await client.submit(request)).task.id,
  resume: async () => {
    const seen = [];
    for await (const task of client.resume()) seen.push(task.id + " " + task.status);
    return seen.at(-1) ?? "nothing";
  },
};
console.log(await work[process.argv[2]]());
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
        ["program.mjs", work],
        { cwd: folder, env: { ...process.env, BASE_URL: server.url } },
      ]);
    const run = async (/** @type {string} */ work) => (await runProgram(...commandOf(work))).trim();

    test("the next process reuses the key without a second charge, and a third resumes the task", async () => {
      // The task is created, but the response never arrives.
      emulator.inject({ on: "create", nth: 1, fault: "stall-body" });
      const child = spawn(...commandOf("submit"));
      const ended = once(child, "exit");
      while (emulator.counts.created === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      child.kill("SIGKILL");
      await ended;

      const id = await run("submit");
      assert.deepEqual(
        [emulator.counts.submissions, emulator.counts.created, emulator.counts.charges <= 1],
        [2, 1, true],
      );
      assert.equal(await run("resume"), `${id} completed`);
      assert.equal(emulator.counts.charges, 1);
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

    test("a reloaded page resumes its task from `localStorage`", async () => {
      const page = await browser.newPage();
      const address = `${server.url}/node_modules/evolink-video/package.json`;
      const runInPage = (/**  @type {"submit" | "resume"} */ work) =>
        page.evaluate(async (work) => {
          const entry = "/node_modules/evolink-video/index.js";
          const { VideoClient } = await import(entry);
          const storage = localStorage;
          const client = new VideoClient({
            apiKey: async () => "short-lived",
            baseUrl: location.origin,
            store: {
              get: (/** @type {string} */ name) => storage.getItem(name),
              set: (/** @type {string} */ name, /** @type {string} */ text) => storage.setItem(name, text),
              delete: (/** @type {string} */ name) => storage.removeItem(name),
            },
          });
          if (work === "submit") {
            return (await client.submit({ model: "seedance-2.0", prompt: "A cat" })).task.id;
          }
          let last;
          for await (const task of client.resume()) last = `${task.id} ${task.status}`;
          return `${last}, ${storage.length} entries`;
        }, work);
      await page.goto(address);
      const id = await runInPage("submit");
      await page.reload();
      assert.equal(await runInPage("resume"), `${id} completed, 0 entries`);
      await page.close();
    });
  });
});
