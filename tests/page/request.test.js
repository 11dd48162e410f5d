// What the page says about a request: options, issues, cost, and the request in several languages.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { examples } from "../../www/examples.js";
import { options } from "../../www/request/options.js";
import { kinds } from "../../www/sources/kinds.js";
import { VideoClient, videoRequestSchema } from "../../pkg/index.js";
import { skipWithoutChromium } from "../support/browser.js";
import { assertAccessible, click, pageTests, prompt, shownRequest, timeout } from "./harness.js";

test("each field of the API has its place on the page", () => {
  const { properties } = /** @type {any} */ (videoRequestSchema).jsonSchema;
  const fields = Object.entries(properties).flatMap(([name, /** @type {any} */ schema]) =>
    schema.properties ? Object.keys(schema.properties).map((inner) => `${name}.${inner}`) : name,
  );
  const placed = ["prompt", ...kinds.map(({ field }) => field), ...options.map(({ field }) => field)];
  assert.deepEqual(placed.sort(), fields.sort());
});

describe("the request", { skip: skipWithoutChromium, timeout }, () => {
  const suite = pageTests();

  for (const { title, request } of examples)
    test(`the example "${title}" is shown exactly as it is sent`, async () => {
      const { page } = suite;
      await click(page, title);
      const client = new VideoClient({ apiKey: "key" });
      assert.deepEqual(await shownRequest(page), JSON.parse(client.prepare(request).body));
    });

  test("shows the mode and why, the variant, and the cost with its date", async () => {
    const { page } = suite;
    await click(page, "First and last frame");
    await page.getByLabel("720p").check({ force: true });
    await shownRequest(page);
    const text = await page.locator("#verdict").innerText();
    assert.match(text, /First and last frame because of 2 images/);
    assert.match(text, /seedance-2\.0-image-to-video/);
    assert.match(text, /\$[\d.]+.*credits, EvoLink price list, \d{4}-\d\d-\d\d/);
    assert.match(text, /No issues/);
  });

  test("an issue leads to its place, and its fix mends it", async () => {
    const { page } = suite;
    await click(page, "Text to video");
    await prompt(page).fill("A ghost like @Image2 in the rain");
    const issue = page.locator("#issues li.error");
    await issue.locator(".issue-place").click();
    assert.deepEqual(
      await prompt(page).evaluate((field) => {
        const { selectionStart, selectionEnd } = /** @type {HTMLTextAreaElement} */ (field);
        return [field === document.activeElement, selectionStart, selectionEnd];
      }),
      [true, 13, 20],
    );
    await issue.getByRole("button", { name: "Fix" }).click();
    assert.equal(await prompt(page).inputValue(), "A ghost like  in the rain");
    await issue.waitFor({ state: "detached" });
  });

  test("speech in a silent video is an issue whose fix turns sound on", async () => {
    const { page } = suite;
    await click(page, "Dialogue");
    await page.getByRole("switch", { name: "Sound" }).uncheck();
    await page.locator("#issues").getByRole("button", { name: "Fix" }).click();
    assert.ok(await page.getByRole("switch", { name: "Sound" }).isChecked());
  });

  test("a quality that a new model does not have is not kept", async () => {
    const { page } = suite;
    await click(page, "Text to video");
    assert.equal((await shownRequest(page)).quality, "1080p");
    await page.getByLabel("Model", { exact: true }).selectOption("seedance-2.0-fast-text-to-video");
    assert.equal((await shownRequest(page)).quality, undefined);
    const qualities = page.getByRole("radiogroup", { name: "Quality" }).getByRole("radio");
    assert.equal(await qualities.count(), 2);
    assert.ok(await page.getByLabel("720p").isChecked());
    await prompt(page).press("Control+z");
    assert.equal((await shownRequest(page)).quality, "1080p");
  });

  test("an aspect ratio shows its shape and its pixels", async () => {
    const { page } = suite;
    await click(page, "Text to video");
    await page.getByLabel("9:16").check({ force: true });
    assert.equal(await page.locator(".pixels").innerText(), "1080 × 1920 pixels");
    assert.equal((await shownRequest(page)).aspect_ratio, "9:16");
  });

  test("an issue of an option is told at its control, and Generate leads to the first one", async () => {
    const { page } = suite;
    const field = page.getByLabel("Callback URL");
    await field.fill("http://192.168.0.1/x");
    const issues = page.locator("#option-callback_url-issues");
    await issues
      .getByText(/^Has a host/)
      .or(issues.getByText(/^Is /))
      .first()
      .waitFor();
    const told = await field.evaluate((element) =>
      (element.getAttribute("aria-describedby") ?? "")
        .split(" ")
        .map((id) => document.getElementById(id)?.textContent)
        .join(" "),
    );
    assert.match(told, /^Receives the finished task .*192\.168\.0\.1/);
    await page.keyboard.press("Control+Enter");
    assert.match(await page.locator(":focus").innerText(), /^Error callback_url/);
    await page.keyboard.press("Enter");
    assert.equal(await page.locator(":focus").getAttribute("id"), "option-callback_url");
  });

  test("each option of the reference can be set", async () => {
    const { page } = suite;
    await click(page, "Dialogue");
    await page.getByLabel("Duration").fill("12");
    await page.getByLabel("480p").check({ force: true });
    await page.getByLabel("Content filter").selectOption("off");
    await page.getByLabel("Callback URL").fill("https://example.com/done");
    await page.getByRole("switch", { name: "Sound" }).uncheck();
    const { model, prompt: _, ...options } = await shownRequest(page);
    assert.equal(model, "seedance-2.0");
    assert.deepEqual(options, {
      duration: 12,
      quality: "480p",
      generate_audio: false,
      content_filter: false,
      callback_url: "https://example.com/done",
    });
  });

  test("each view can be reached by key and copied", async () => {
    const { page } = suite;
    await page.getByRole("tab", { name: "JSON" }).focus();
    for (const [name, start] of [
      ["cURL", "curl "],
      ["JavaScript", "import "],
      ["Python", "import json"],
    ]) {
      await page.keyboard.press("ArrowRight");
      assert.equal(await page.locator(":focus").innerText(), name);
      await click(page, "Copy");
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      assert.ok(copied.startsWith(start), copied);
      await page.getByRole("tab", { name }).focus();
      await page.getByRole("button", { name: "Copy", exact: true }).waitFor();
    }
    await assertAccessible(page);
  });

  test("a link has the request, in the fragment, without local files", async () => {
    const { page } = suite;
    await click(page, "Multimodal with tags");
    await page.locator(".panel-head").getByRole("button", { name: "Copy link" }).click();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const sent = await shownRequest(page);
    const other = await suite.open(new URL(link).hash);
    assert.deepEqual(await shownRequest(other), sent);
    assert.equal(new URL(other.url()).hash, "");
  });
});
