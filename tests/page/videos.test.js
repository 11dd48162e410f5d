// The videos of the page: from the click to the gallery, over reloads, tabs and faults.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { skipWithoutChromium } from "../support/browser.js";
import {
  assertAccessible,
  click,
  generate,
  orders,
  pageTests,
  picture,
  prompt,
  ready,
  reloadOn,
  shownRequest,
  timeout,
} from "./harness.js";

/** @typedef {import("playwright-core").Page} Page */

describe("the videos", { skip: skipWithoutChromium, timeout }, () => {
  const suite = pageTests();

  /** @param {Page} page @param {string} phase */
  const job = (page, phase) => page.locator(`.job.${phase}`);

  test("a generation shows its progress, which never falls, and then the video", async () => {
    const { page } = suite;
    // Long enough for some frames on a slow machine.
    await page.selectOption("#speed", "10");
    await click(page, "Generate");
    await job(page, "waiting").waitFor();
    await assertAccessible(page);
    const seen = await page.evaluate(async () => {
      /** @type {number[]} */
      const values = [];
      while (document.querySelector(".job.waiting")) {
        values.push(
          /** @type {HTMLProgressElement | null} */ (document.querySelector(".job progress"))?.value ?? 0,
        );
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return values;
    });
    assert.deepEqual(
      seen,
      [...seen].sort((a, b) => a - b),
    );
    assert.ok(
      seen.some((value) => value > 0 && value < 100),
      `progress was ${seen}`,
    );
    const video = job(page, "done").locator("video");
    await video.waitFor();
    assert.deepEqual(
      await video.evaluate((/** @type {HTMLVideoElement} */ { muted, autoplay }) => [muted, autoplay]),
      [true, false],
    );
    await video.evaluate((/** @type {HTMLVideoElement} */ player) => player.play());
    await page.waitForFunction(() => {
      const player = document.querySelector("video");
      return player && player.videoWidth > 0 && player.currentTime > 0;
    });
    assert.match(await job(page, "done").innerText(), /The link expires in 23:5\d:\d\d/);
    assert.match(await page.locator("#announcer").innerText(), /ready/);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByText("Download").click()]);
    assert.match(download.suggestedFilename(), /^task-.*\.mp4$/);
    assert.equal(await orders(page), 1);
    await assertAccessible(page);
  });

  test("Ctrl+Enter generates, and Enter alone does not", async () => {
    const { page } = suite;
    await page.selectOption("#speed", "3");
    await prompt(page).press("Enter");
    await page.getByLabel("Callback URL").press("Enter");
    assert.equal(await page.locator(".job").count(), 0);
    await prompt(page).press("Control+Enter");
    await job(page, "done").waitFor();
  });

  test("a key that is held orders one video", async () => {
    const { page } = suite;
    await page.selectOption("#speed", "3");
    for (const [selector, keys] of /** @type {const} */ ([
      ["#prompt", ["Control", "Enter"]],
      ["#generate", ["Enter"]],
    ])) {
      await page.locator(selector).focus();
      for (const key of keys) await page.keyboard.down(key);
      for (let repeats = 0; repeats < 4; repeats++) await page.keyboard.down("Enter");
      for (const key of keys.toReversed()) await page.keyboard.up(key);
    }
    await page.waitForFunction(() => document.querySelectorAll(".job.done").length === 2);
    assert.equal(await page.locator(".job").count(), 2);
    assert.equal(await orders(page), 2);
  });

  /** The progress that is shown when the page is reloaded in the next moment. @param {Page} page */
  async function lastProgressBeforeReload(page) {
    const [last] = await Promise.all([
      page.evaluate(() => {
        const { value } = /** @type {HTMLProgressElement} */ (document.querySelector(".job progress"));
        location.reload();
        return value;
      }),
      page.waitForEvent("load"),
    ]);
    return last;
  }

  /** What the bar shows, in an interval of 30 ms, `100` for a video that is done. @param {Page} page @param {number} times */
  const seenProgress = (page, times) =>
    page.evaluate(async (amount) => {
      while (!document.querySelector(".job")) await new Promise(requestAnimationFrame);
      const seen = [];
      while (seen.length < amount) {
        const bar = /** @type {HTMLProgressElement} */ (document.querySelector(".job progress"));
        seen.push(document.querySelector(".job.done") ? 100 : bar.value);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      return seen;
    }, times);

  test("a reload goes on with the same task, and its progress does not fall", async () => {
    const { page } = suite;
    await page.selectOption("#speed", "10");
    await click(page, "Generate");
    await job(page, "waiting").waitFor();
    await page.waitForFunction(
      () =>
        Number(/** @type {HTMLProgressElement | null} */ (document.querySelector(".job progress"))?.value) >
        10,
    );
    for (let reloads = 0; reloads < 3; reloads++) {
      const before = await lastProgressBeforeReload(page);
      await ready(page);
      const [after] = await seenProgress(page, 1);
      assert.ok(after >= before, `${before} became ${after}`);
      const rest = await seenProgress(page, 10);
      assert.deepEqual(
        rest,
        rest.toSorted((a, b) => a - b),
      );
    }
    await job(page, "done").waitFor();
    assert.equal(await orders(page), 1);
  });

  test("a reload before the answer settles the order without a second charge", async () => {
    const { page } = suite;
    await page.selectOption("#speed", "3");
    await page.selectOption("#fault", "limited");
    await click(page, "Generate");
    await page.getByText(/Backing off/).waitFor();
    await page.reload();
    await ready(page);
    await job(page, "done").waitFor();
    assert.equal(await orders(page), 1);
  });

  test("a second tab shows the task, and goes on when the first one is closed", async () => {
    const { page } = suite;
    await generate(page);
    await job(page, "waiting").waitFor();
    const second = await suite.open();
    await second.locator(".job").waitFor();
    await page.close();
    await job(second, "done").waitFor();
    assert.equal(await second.locator(".job").count(), 1);
    assert.equal(await orders(second), 1);
  });

  test("several tasks run at once, and a new one leaves the videos before it alone", async () => {
    const { page } = suite;
    await generate(page);
    await job(page, "done").waitFor();
    await page.selectOption("#speed", "3");
    await click(page, "Generate");
    await click(page, "Generate");
    await page.waitForFunction(() => document.querySelectorAll(".job.done").length === 3);
    assert.equal(await page.locator(".job video").count(), 3);
    assert.equal(await orders(page), 3);
  });

  test("Stop waiting stops the polls, and Continue charges nothing more", async () => {
    const { page } = suite;
    await generate(page);
    await job(page, "waiting").waitFor();
    await click(page, "Stop waiting");
    await job(page, "stopped").waitFor();
    await assertAccessible(page);
    await page.reload();
    await ready(page);
    await job(page, "stopped").waitFor();
    await click(page, "Continue");
    await job(page, "done").waitFor();
    assert.equal(await orders(page), 1);
  });

  test("an order that is stopped before its answer is charged once when it goes on", async () => {
    const { page } = suite;
    await generate(page, "limited");
    await page.getByText(/Backing off/).waitFor();
    await click(page, "Stop waiting");
    await job(page, "stopped").getByText("The order may have arrived. Continuing charges it once.").waitFor();
    await click(page, "Continue");
    await job(page, "done").waitFor();
    assert.equal(await orders(page), 1);
  });

  test("what is shown survives a reload in the same moment", async () => {
    const { page } = suite;
    await page.selectOption("#speed", "10");
    await reloadOn(page, ".job", () => click(page, "Generate"));
    // The page must not send an order by itself if it had not started to send it.
    await job(page, "unsent").waitFor();
    await click(page, "Send it now");
    await job(page, "waiting").waitFor();
    await reloadOn(page, ".job.stopped", () => click(page, "Stop waiting"));
    await job(page, "stopped").waitFor();
    await reloadOn(page, ".job.waiting", () => click(page, "Continue"));
    await reloadOn(page, ".job.done", async () => {});
    await page.locator(".job").waitFor();
    assert.equal(await job(page, "done").count(), 1);
    await reloadOn(page, ".job", () => click(page, "Delete"), { gone: true });
    assert.equal(await page.locator(".job").count(), 0);
    assert.equal(await orders(page), 1);
  });

  for (const [fault, step] of [
    ["busy", /503[^]*Backs off[^]*attempt 2/],
    ["limited", /429[^]*Backs off for [34]\.\d s[^]*attempt 2/],
    ["lost", /connection_failed[^]*attempt 2/],
    ["unsteady", /GET[^]*connection_failed[^]*GET/],
  ])
    test(`the time line shows the fault "${fault}" and how it is overcome`, async () => {
      const { page } = suite;
      await generate(page, String(fault));
      await job(page, "done").waitFor();
      await page.locator(".timeline summary").click();
      // Browsers report the opening in a later task.
      await page.locator(".steps li").first().waitFor();
      assert.match(await page.locator(".steps").innerText(), /** @type {RegExp} */ (step));
      assert.ok((await page.locator(".strip span").count()) > 3);
      assert.equal(await orders(page), 1);
      await assertAccessible(page);
    });

  test("a fault is that of the orders after its choice", async () => {
    const { page } = suite;
    await page.selectOption("#speed", "3");
    await click(page, "Generate");
    await job(page, "waiting").waitFor();
    await generate(page, "unsteady");
    await page.waitForFunction(() => document.querySelectorAll(".job.done").length === 2);
    for (const summary of await page.locator(".timeline summary").all()) await summary.click();
    await page.locator(".steps").nth(1).getByText("GET").first().waitFor();
    const [later, earlier] = await page.locator(".steps").allInnerTexts();
    assert.match(later, /connection_failed/);
    assert.doesNotMatch(earlier, /connection_failed/);
  });

  test("shows callbacks, also one that was refused first", async () => {
    const { page } = suite;
    await page.getByLabel("Callback URL").fill("https://example.com/done");
    await generate(page, "callback");
    await job(page, "done").waitFor();
    await page.locator(".timeline summary").click();
    await page.locator(".steps .failed").getByText("Callback to https://example.com/done: 500").waitFor();
  });

  test("a failed task says why, and that nothing was charged", async () => {
    const { page } = suite;
    await generate(page, "failed");
    await job(page, "failed").waitFor();
    const text = await job(page, "failed").innerText();
    assert.match(text, /The video could not be generated/);
    assert.match(text, /Nothing was charged\. code content_policy_violation/);
    assert.doesNotMatch(text, /TaskFailedError|`cause`/);
    assert.equal(await page.getByRole("button", { name: "Continue" }).count(), 0);
    await assertAccessible(page);
  });

  test("too few credits are explained in words", async () => {
    const { page } = suite;
    await generate(page, "credits");
    await job(page, "failed").getByText("Not enough credits").waitFor();
    assert.equal(await orders(page), 0);
  });

  test("local files are uploaded first, and the card tells", async () => {
    const { page } = suite;
    await click(page, "Text to video");
    await page.setInputFiles("#picker", await picture(page, "navy"));
    await page.locator("#files-image").getByText("640 × 360").waitFor();
    assert.match(await page.locator("#files-image .file").innerText(), /local file/);
    await generate(page);
    await page.locator("#files-image").getByText("uploaded").waitFor();
    await job(page, "done").waitFor();
  });

  test("a video can be repeated with changes, and deleted for good", async () => {
    const { page } = suite;
    const sent = await shownRequest(page);
    await generate(page);
    await job(page, "done").waitFor();
    await click(page, "Text to video");
    await click(page, "Repeat with changes");
    assert.deepEqual(await shownRequest(page), sent);
    await click(page, "Delete");
    await page.reload();
    await ready(page);
    assert.equal(await page.locator(".job").count(), 0);
  });

  test("a deletion can be undone, by keys and in all tabs", async () => {
    const { page } = suite;
    await generate(page);
    await job(page, "done").waitFor();
    const second = await suite.open();
    await page.getByRole("button", { name: "Delete" }).focus();
    await page.keyboard.press("Enter");
    await job(page, "done").waitFor({ state: "detached" });
    await job(second, "done").waitFor({ state: "detached" });
    assert.equal(await page.locator(":focus").innerText(), "Undo");
    await assertAccessible(page);
    await page.keyboard.press("Enter");
    await job(page, "done").waitFor();
    await job(second, "done").waitFor();
    assert.equal(await page.locator(":focus").innerText(), "Download");
    assert.ok(await page.getByText("Deleted the video.").isHidden());
    await page.reload();
    await ready(page);
    assert.equal(await job(page, "done").count(), 1);
  });

  test("says that it is offline, continues, and shows the progress in the title", async () => {
    const { page } = suite;
    await generate(page);
    await job(page, "waiting").waitFor();
    await page.waitForFunction(() => /^\d+ % · evolink-video$/.test(document.title));
    await suite.context.setOffline(true);
    await job(page, "waiting").getByText("Offline. Continues when the network is back.").waitFor();
    await suite.context.setOffline(false);
    await job(page, "done").waitFor();
    await page.waitForFunction(() => document.title === "evolink-video");
  });

  test("a second tab shows how a refused order ended", async () => {
    const { page } = suite;
    const second = await suite.open();
    await generate(page, "credits");
    await job(page, "failed").waitFor();
    await job(second, "failed").getByText("Not enough credits").waitFor();
    assert.equal(await second.locator(".job").count(), 1);
  });

  test("a page in the background says in its title and by a notification that it is done", async () => {
    await suite.context.addInitScript(() => {
      /** @type {unknown[]} */
      const shown = [];
      const fake = class {
        static permission = "default";
        static async requestPermission() {
          fake.permission = "granted";
          return fake.permission;
        }
        /** @param {string} title @param {NotificationOptions} options */
        constructor(title, { body }) {
          shown.push([title, body]);
        }
      };
      Object.assign(globalThis, { Notification: fake, shownNotifications: shown });
    });
    const page = await suite.open();
    await click(page, "Notify me when it is done");
    assert.ok(await page.locator("#notify").isHidden());
    await click(page, "Text to video");
    await generate(page);
    await job(page, "waiting").waitFor();
    await page.evaluate(() => Object.defineProperty(document, "hidden", { value: true, configurable: true }));
    await job(page, "done").waitFor({ state: "attached" });
    await page.waitForFunction(() => document.title === "✓ The video is ready.");
    // @ts-expect-error set above
    const [[title, body]] = await page.evaluate(() => globalThis.shownNotifications);
    assert.equal(title, "The video is ready.");
    assert.match(body, /^A luxury watch/);
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: false, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await page.waitForFunction(() => document.title === "evolink-video");
  });

  test("an own key is asked for before anything is sent", async () => {
    const { page } = suite;
    await page.getByLabel("Generate with").selectOption("live");
    await click(page, "Generate");
    assert.equal(await page.locator(":focus").getAttribute("id"), "key");
    assert.equal(await page.locator(".job").count(), 0);
    await assertAccessible(page);
  });
});
