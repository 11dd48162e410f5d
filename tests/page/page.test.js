// The page, as a person uses it: in Chromium, against the emulator.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import axe from "axe-core";
import { chromium as browsers } from "playwright-core";
import { createEmulator } from "../../pkg/testing.js";
import { startServer } from "../../tools/server.js";
import { chromium, root } from "../../tools/setup.js";

/** Seconds, as short as still shows progress. */
const taskTime = 3;

const executablePath = chromium();
// In CI everything must run, and starting the browser says what is missing.
const skip = !executablePath && !process.env.CI && "there is no Chromium on this machine";

describe("the page", { skip, timeout: 120_000 }, () => {
  const emulator = createEmulator({ estimatedTime: taskTime, taskTime });
  /** @type {Awaited<ReturnType<typeof startServer>>} */
  let server;
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {import("playwright-core").Page} */
  let page;
  /** What went wrong in the page. @type {string[]} */
  let complaints;

  before(async () => {
    assert.ok(executablePath, "Chromium is needed: install it, or set CHROMIUM to its path");
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
    complaints = [];
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
    page.setDefaultTimeout(15_000);
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(server.url)) complaints.push(`asked for ${request.url()}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()} for ${response.url()}`);
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
  const statusSays = (text) => page.getByRole("status").filter({ hasText: text }).waitFor();

  const assertNoComplaints = () => assert.deepEqual(complaints, []);

  /** By the rules of axe, which judge what is shown at the moment. */
  async function assertAccessible() {
    // In the page, `axe` is what the script at its start left there.
    const { violations } = await page.evaluate(() => axe.run());
    const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
    assert.deepEqual(found, []);
  }

  test("an example fills the form, whose mode, tags and roles are shown", async () => {
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

    await page.getByText("What would be sent").click();
    const sent = await page.locator("#prepared").innerText();
    assert.match(sent, /^POST http.*\/v1\/videos\/generations\n/);
    assert.match(sent, /"duration": 10/);
    assert.doesNotMatch(sent, /demo-key/);
    assertNoComplaints();
  });

  test("a tag without a file is an issue of the prompt, and keeps from generating", async () => {
    await click("Text to video");
    await prompt().fill("@Image2 as a ghost, <b onclick='x'>bold</b>");
    const issue = page.locator("#prompt-issues li");
    assert.match(await issue.innerText(), /^Error .*@Image2.*\bimage_urls\b/);
    assert.equal(await page.locator("#mirror mark.error").innerText(), "@Image2");
    assert.equal(await prompt().getAttribute("aria-invalid"), "true");
    assert.equal(await page.locator("#summary").innerText(), "1 error");
    assert.ok(await generate().isDisabled());
    assert.equal(await page.locator("form b").count(), 0, "the prompt is text");

    await prompt().fill("A ghost");
    assert.ok(await generate().isEnabled());
    assert.equal(await issue.count(), 0);
    assertNoComplaints();
  });

  test("the issues of a file stand at its row", async () => {
    await click("Image to video");
    await page.getByLabel("Add image URL").fill("ftp://example.com/a.png");
    const row = page.getByRole("listitem").filter({ has: page.getByLabel("@Image2") });
    assert.match(await row.locator(".issues").innerText(), /image_urls\[1\]/);
    assert.ok(await generate().isDisabled());
    await row.getByRole("button", { name: "Remove image 2" }).click();
    assert.ok(await generate().isEnabled());

    await page.getByLabel("Add video URL").press("Enter");
    assert.equal(emulator.counts.submissions, 0, "Enter in a field spends nothing");
    assertNoComplaints();
  });

  test("the prompt follows files that are reordered and removed", async () => {
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
    assert.match(await page.locator("#notice").innerText(), /^@Image1 left the prompt/);
    assertNoComplaints();
  });

  test("a generation shows its progress, and ends in a video that plays", async () => {
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
    await statusSays("Accepted");
    assert.ok(await generate().isDisabled());
    assert.ok(await page.getByRole("progressbar").isVisible());
    await assertAccessible();
    await statusSays("Done");

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
    assertNoComplaints();
  });

  test("Cancel stops the waiting, and the task can be taken up again without paying twice", async () => {
    await generate().click();
    await statusSays("Accepted");
    await click("Cancel");
    await statusSays("The task goes on at the server");
    assert.ok(await page.getByRole("progressbar").isHidden());
    assert.ok(await generate().isEnabled());
    const { reads } = emulator.counts;
    await page.waitForTimeout(taskTime * 1000);
    assert.equal(emulator.counts.reads, reads, "nobody asks any more");

    await click("Keep waiting");
    await statusSays("Done");
    assert.equal(emulator.counts.charges, 1);
    assertNoComplaints();
  });

  test("an error is told with its class, its code and whether it was charged", async () => {
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

  test("when the answer to a submission is lost, asking again with its key is free", async () => {
    let lost = true;
    // Not by number: Chromium sends a request again by itself when a kept connection breaks.
    emulator.inject({ on: "create", fault: "network", carriedOut: true, when: () => lost });
    await generate().click();
    const alert = page.getByRole("alert");
    assert.match(await alert.innerText(), /^OutcomeUnknownError\n[^]*Charged\n*unknown/);
    assert.equal(emulator.counts.charges, 1);
    lost = false;
    await alert.getByRole("button").click();
    await statusSays("Done");
    assert.equal(emulator.counts.charges, 1);
  });

  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(`the page is accessible and fits a small screen, ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme });
      await assertAccessible();
      await page.setViewportSize({ width: 360, height: 740 });
      await prompt().fill("@Image7 ".repeat(20) + "x".repeat(200));
      await page.getByLabel("Add image URL").fill("http://example.com/picture");
      await page.getByLabel("Add audio URL").fill("no url");
      await page.getByText("What would be sent").click();
      await assertAccessible();
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(excess <= 0, `the page is ${excess} px wider than the screen`);
      assertNoComplaints();
    });
  }
});
