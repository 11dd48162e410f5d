// `npx evolink-video demo`, as a user runs it after installing the package into an empty folder.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { serve } from "../../pkg-template/testing-server.js";
import { skipWithoutChromium, startChromium } from "../support/browser.js";
import { installPackage, npm } from "../support/packed.js";

/** @type {string} */
let folder;
before(async () => {
  folder = await installPackage();
});

/** @param {...string} args */
function start(...args) {
  const cli = join(folder, "node_modules/evolink-video/cli.js");
  const child = spawn(process.execPath, [cli, "demo", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const printed = { out: "", error: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (printed.out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (printed.error += text));
  return { child, printed };
}

/** Waits for the page, and returns its URL. @param {ReturnType<typeof start>} started */
async function pageUrl({ child, printed }) {
  const ended = once(child, "exit");
  for (;;) {
    const found = /The page: (http:\S+)/.exec(printed.out);
    if (found) return found[1];
    assert.equal(child.exitCode, null, printed.error);
    await Promise.race([once(child.stdout, "data"), ended]);
  }
}

test("from `npm install` to a video in less than a minute, without a cost", async () => {
  const began = performance.now();
  const empty = await installPackage();
  const printed = await npm(empty, "exec", "--", "evolink-video", "demo", "--once");
  assert.ok(performance.now() - began < 60_000);
  assert.match(printed, /emulator on your machine: no key, no request to EvoLink, no cost/);
  const [, path] = /^The video: (.+)$/m.exec(printed) ?? [];
  assert.match((await readFile(path)).toString("latin1", 0, 12), /ftyp/);
});

test("uses the next port if 8787 is in use, and exits on SIGINT", async (context) => {
  const other = await serve({ port: 8787 }).catch(() => undefined);
  context.after(() => other?.close());
  const started = start();
  context.after(() => started.child.kill());
  const url = new URL(await pageUrl(started));
  assert.equal(url.hostname, "127.0.0.1");
  assert.ok(Number(url.port) > 8787, url.port);
  started.child.kill("SIGINT");
  const [code] = await once(started.child, "exit");
  // On Windows, a process that is interrupted by another one is terminated.
  if (process.platform !== "win32") assert.equal(code, 0);
  assert.equal(started.printed.error, "");
});

test("the page generates a video", { skip: skipWithoutChromium }, async (context) => {
  const started = start("--port", "0");
  context.after(() => started.child.kill());
  const browser = await startChromium();
  context.after(() => browser.close());
  const page = await browser.newPage();
  /** @type {string[]} */
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("response", (response) => response.status() >= 400 && problems.push(response.url()));
  await page.goto(await pageUrl(started));
  await page.locator("#generate:enabled").click();
  await page.locator("video").first().waitFor({ timeout: 30_000 });
  assert.deepEqual(problems, []);
});

test("`demo --help` prints the options of `demo`", async () => {
  const { child, printed } = start("--help");
  assert.deepEqual(await once(child, "close"), [0, null]);
  for (const option of ["--port", "--once"]) assert.ok(printed.out.includes(option), option);
  assert.doesNotMatch(printed.out, /--speed/);
});

describe("fails with a message", () => {
  for (const [args, message] of /** @type {const} */ ([
    [["--prot", "1"], /--prot/],
    [["A cat"], /A cat/],
    [["--port", "70000"], /`--port` is not a valid number: "70000"/],
    [["--port"], /--port/],
  ]))
    test(`for \`demo ${args.join(" ")}\``, async () => {
      const { child, printed } = start(...args);
      assert.deepEqual(await once(child, "close"), [1, null]);
      assert.match(printed.error, message);
      assert.match(printed.error, /npx evolink-video --help/);
      assert.doesNotMatch(printed.error, /\n {4}at /);
    });

  test("for a given port that is in use", async (context) => {
    const { url, close } = await serve();
    context.after(close);
    const { child, printed } = start("--port", new URL(url).port);
    assert.deepEqual(await once(child, "close"), [1, null]);
    assert.match(printed.error, /^Port \d+ of 127\.0\.0\.1 cannot be used: .*EADDRINUSE/);
  });
});
