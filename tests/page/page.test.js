// Tests the page as a user would, in Chromium with the emulator.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import axe from "axe-core";
import { chromium as browsers } from "playwright-core";
import { createEmulator } from "../../pkg/testing.js";
import { startServer } from "../../tools/server.js";
import { chromium, root } from "../../tools/setup.js";

/** In seconds: short, but long enough for progress. */
const taskTime = 3;

const executablePath = chromium();
// CI does not skip: without Chromium, the tests fail.
const skip = !executablePath && !process.env.CI && "Chromium is not installed";

describe("the page", { skip, timeout: 120_000 }, () => {
  const emulator = createEmulator({ estimatedTime: taskTime, taskTime });
  /** @type {Awaited<ReturnType<typeof startServer>>} */
  let server;
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {import("playwright-core").Page} */
  let page;
  /** Errors, warnings and unexpected requests of the page. @type {string[]} */
  let problems;

  before(async () => {
    assert.ok(executablePath, "Chromium is required. Install it, or set CHROMIUM to its path");
    const statics = { "/": join(root, "www"), "/pkg": join(root, "pkg") };
    server = await startServer({ emulator, statics });
    const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
    const args = ["--no-sandbox", "--disable-gpu", ...quiet];
    browser = await browsers.launch({ executablePath, args });
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  beforeEach(async () => {
    emulator.reset();
    problems = [];
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
    page.setDefaultTimeout(15_000);
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) problems.push(message.text());
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(server.url)) problems.push(`requested ${request.url()}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} for ${response.url()}`);
    });
    await page.addInitScript(axe.source);
    await page.goto(server.url);
    await page.locator("#generate:enabled").waitFor();
  });
  afterEach(() => page.close());

  const prompt = () => page.getByLabel("Prompt", { exact: true });
  const generate = () => page.getByRole("button", { name: "Generate" });
  /** @param {string} name */
  const click = (name) => page.getByRole("button", { name, exact: true }).click();
  /** @param {string} text */
  const waitForStatus = (text) => page.getByRole("status").filter({ hasText: text }).waitFor();

  const assertNoProblems = () => assert.deepEqual(problems, []);

  /** Checks the current state of the page with axe. */
  async function assertAccessible() {
    // The init script defines `axe` in the page.
    const { violations } = await page.evaluate(() => axe.run());
    const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
    assert.deepEqual(found, []);
  }

  test("an example fills the form and shows its mode, tags and roles", async () => {
    await click("Multimodal with tags");
    assert.match(await prompt().inputValue(), /^@Image1 as first frame/);
    assert.equal(await page.getByLabel("@Video1").inputValue(), "https://example.com/reference-camera.mp4");
    assert.equal(await page.locator("#mode").textContent(), "multimodal");
    assert.match(await page.locator("#tokens").innerText(), /^about \d+ tokens/);
    const tags = page.getByRole("list", { name: "Tags of the prompt" }).getByRole("listitem");
    assert.deepEqual(await tags.allInnerTexts(), [
      "@Image1\nfirst frame",
      "@Video1\ncamera movement",
      "@Audio1\nbackground music",
    ]);
    assert.equal(await page.locator("#mirror mark").count(), 3);

    await page.getByText("Request preview").click();
    const sent = await page.locator("#prepared").innerText();
    assert.match(sent, /^POST http.*\/v1\/videos\/generations\n/);
    assert.match(sent, /"duration": 10/);
    assert.doesNotMatch(sent, /demo-key/);
    assertNoProblems();
  });

  test("a tag without a file shows an issue at the prompt and disables Generate", async () => {
    await click("Text to video");
    await prompt().fill("@Image2 as a ghost, <b onclick='x'>bold</b>");
    const issue = page.locator("#prompt-issues li");
    assert.match(await issue.innerText(), /^Error .*@Image2.*\bimage_urls\b/);
    assert.equal(await page.locator("#mirror mark.error").innerText(), "@Image2");
    assert.equal(await prompt().getAttribute("aria-invalid"), "true");
    assert.equal(await page.locator("#summary").innerText(), "1 error");
    assert.ok(await generate().isDisabled());
    assert.equal(await page.locator("form b").count(), 0, "the prompt is not parsed as HTML");

    await prompt().fill("A ghost");
    assert.ok(await generate().isEnabled());
    assert.equal(await issue.count(), 0);
    assertNoProblems();
  });

  test("shows the issues of a file in its row", async () => {
    await click("Image to video");
    await page.getByLabel("Add image URL").fill("ftp://example.com/a.png");
    const row = page.getByRole("listitem").filter({ has: page.getByLabel("@Image2") });
    assert.match(await row.locator(".issues").innerText(), /image_urls\[1\]/);
    assert.ok(await generate().isDisabled());
    await row.getByRole("button", { name: "Remove image 2" }).click();
    assert.ok(await generate().isEnabled());

    await page.getByLabel("Add video URL").press("Enter");
    assert.equal(emulator.counts.submissions, 0, "Enter in a field submits nothing");
    assertNoProblems();
  });

  test("renumbers tags when files are reordered or removed", async () => {
    await click("First and last frame");
    await prompt().fill("From @Image1 to @Image2");
    await click("Move image 1 down");
    assert.equal(await prompt().inputValue(), "From @Image2 to @Image1");
    assert.equal(await page.getByLabel("@Image1").inputValue(), "https://example.com/frame-end.jpg");
    assert.equal(await page.locator(":focus").getAttribute("aria-label"), "Move image 2 up");

    await click("Remove image 1");
    assert.equal(await prompt().inputValue(), "From @Image1 to ");
    assert.equal(await page.getByLabel("@Image1").inputValue(), "https://example.com/frame-start.jpg");
    assert.equal(await page.locator("#mode").textContent(), "image to video");
    assert.match(await page.locator("#notice").innerText(), /^Removed @Image1 from the prompt/);
    assertNoProblems();
  });

  test("a generation shows its progress and then plays the video", async () => {
    const seen = page.evaluate(() => {
      /** @type {number[]} */
      const values = [];
      const bar = /** @type {HTMLProgressElement} */ (document.querySelector("progress"));
      new MutationObserver(() => bar.hasAttribute("value") && values.push(bar.value)).observe(bar, {
        attributes: true,
      });
      return new Promise((/** @type {(values: number[]) => void} */ resolve) => {
        const running = /** @type {HTMLElement} */ (document.querySelector("#running"));
        new MutationObserver(() => running.hidden && resolve(values)).observe(running, { attributes: true });
      });
    });
    await generate().click();
    await waitForStatus("Accepted");
    assert.ok(await generate().isDisabled());
    assert.ok(await page.getByRole("progressbar").isVisible());
    await assertAccessible();
    await waitForStatus("Done");

    const between = (await seen).filter((value) => value > 0 && value < 100);
    assert.ok(between.length > 0, `progress was ${await seen}`);
    await page.waitForFunction(() => {
      const video = document.querySelector("video");
      return video && video.currentTime > 0 && video.videoWidth > 0;
    });
    assert.match(await page.locator("#task-id").innerText(), /^task-/);
    assert.equal(await page.getByRole("link").count(), 1);
    assert.ok(await generate().isEnabled());
    const { submissions, created, charges } = emulator.counts;
    assert.deepEqual({ submissions, created, charges }, { submissions: 1, created: 1, charges: 1 });
    await page.getByText("The finished task").click();
    await assertAccessible();
    assertNoProblems();
  });

  test("Cancel stops polling, and waiting can be resumed without a second charge", async () => {
    await generate().click();
    await waitForStatus("Accepted");
    await click("Cancel");
    await waitForStatus("The task continues on the server");
    assert.ok(await page.getByRole("progressbar").isHidden());
    assert.ok(await generate().isEnabled());
    const { reads } = emulator.counts;
    await page.waitForTimeout(taskTime * 1000);
    assert.equal(emulator.counts.reads, reads, "polling continues after Cancel");

    await click("Keep waiting");
    await waitForStatus("Done");
    assert.equal(emulator.counts.charges, 1);
    assertNoProblems();
  });

  test("an error shows its class, its code and whether it was charged", async () => {
    const error = { code: "insufficient_user_quota", message: "The balance is 0.5 credits" };
    emulator.inject({ on: "create", fault: { status: 402, body: { error } } });
    await generate().click();
    const alert = page.getByRole("alert");
    const text = await alert.innerText();
    assert.match(text, /^InsufficientCreditsError\n/);
    assert.match(text, /The balance is 0\.5 credits/);
    assert.match(text, /Code\n*insufficient_user_quota/);
    assert.match(text, /Charged\n*no/);
    await assertAccessible();
    assert.equal(await alert.getByRole("button").count(), 0);
    assert.equal(emulator.counts.charges, 0);
  });

  test("after a lost response, a retry with the same key is not charged again", async () => {
    let lost = true;
    // Not `nth: 1`, because Chromium resends a request when a keep-alive connection breaks.
    emulator.inject({ on: "create", fault: "network", carriedOut: true, when: () => lost });
    await generate().click();
    const alert = page.getByRole("alert");
    assert.match(await alert.innerText(), /^OutcomeUnknownError\n[^]*Charged\n*unknown/);
    assert.equal(emulator.counts.charges, 1);
    lost = false;
    await alert.getByRole("button").click();
    await waitForStatus("Done");
    assert.equal(emulator.counts.charges, 1);
  });

  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(`is accessible and fits a small screen (${colorScheme})`, async () => {
      await page.emulateMedia({ colorScheme });
      await assertAccessible();
      await page.setViewportSize({ width: 360, height: 740 });
      await prompt().fill("@Image7 ".repeat(20) + "x".repeat(200));
      await page.getByLabel("Add image URL").fill("http://example.com/picture");
      await page.getByLabel("Add audio URL").fill("no url");
      await page.getByText("Request preview").click();
      await assertAccessible();
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(excess <= 0, `the page is ${excess} px wider than the screen`);
      assertNoProblems();
    });
  }
});
