// The page zoomed, printed, in forced colors, and in both color schemes with everything open.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { skipWithoutChromium } from "../support/browser.js";
import { assertAccessible, click, generate, pageTests, prompt, settled, timeout } from "./harness.js";

/** What lies over text hides it. @param {import("playwright-core").Locator} locator */
const assertOpaque = async (locator) =>
  assert.match(await locator.evaluate((element) => getComputedStyle(element).backgroundColor), /^rgb\(/);

describe("the page in other modes", { skip: skipWithoutChromium, timeout }, () => {
  const suite = pageTests();

  test("at 200 % zoom, also of the text alone, nothing is cut off", async () => {
    const { page } = suite;
    await generate(page);
    await page.locator(".job.done").waitFor();
    for (const [width, textScale] of [
      [640, 1],
      [1280, 2],
      [320, 1],
    ]) {
      await page.setViewportSize({ width, height: 450 });
      const cut = await page.evaluate((scale) => {
        document.documentElement.style.fontSize = `${15 * scale}px`;
        const isCut = (/** @type {Element} */ element) => element.scrollWidth > element.clientWidth + 1;
        return [
          ...(isCut(document.documentElement) ? ["the page"] : []),
          ...[...document.querySelectorAll("button, .button, label, .label, dd, .summary")]
            .filter((element) => element.checkVisibility() && getComputedStyle(element).display !== "inline")
            .filter(isCut)
            .map(({ outerHTML }) => outerHTML.slice(0, 120)),
        ];
      }, textScale);
      assert.deepEqual(cut, [], `at ${width} px, text × ${textScale}`);
    }
  });

  test("a print has the whole prompt and request, and no controls", async () => {
    const { page } = suite;
    await prompt(page).fill(`${"A long walk through the rain. ".repeat(80)}@Image1 @Video1 @Audio1`);
    await settled(page);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const { cut, hasControls, background } = await page.evaluate(() => ({
      cut: ["prompt", "mirror", "request-code", "issues"].filter((id) => {
        const { scrollHeight, clientHeight } = /** @type {HTMLElement} */ (document.getElementById(id));
        return scrollHeight > clientHeight + 1;
      }),
      hasControls: document.getElementById("generate")?.checkVisibility(),
      background: getComputedStyle(document.documentElement).backgroundColor,
    }));
    assert.deepEqual(cut, []);
    assert.equal(hasControls, false);
    // Paper is light, whatever the color scheme of the screen.
    assert.equal(background, "rgb(244, 244, 242)");
  });

  test("forced colors leave what is chosen, how far it is, and the text to be seen", async () => {
    const { page } = suite;
    await page.emulateMedia({ forcedColors: "active" });
    await prompt(page).fill("A ghost like @Image7");
    await settled(page);
    await assertAccessible(page);
    const differs = await page.evaluate(() => {
      const background = (/** @type {string} */ selector) => {
        const element = document.querySelector(selector);
        return element && getComputedStyle(element).backgroundColor;
      };
      return {
        tab: background('[role="tab"][aria-selected="true"]') !== background('[aria-selected="false"]'),
        radio: background(".segments :has(:checked)") !== background(".segments :not(:has(:checked))"),
        meter: background(".token-bar .sure") !== background(".token-bar"),
        text:
          getComputedStyle(/** @type {Element} */ (document.getElementById("prompt"))).color !==
          background(".panel"),
      };
    });
    assert.deepEqual(differs, { tab: true, radio: true, meter: true, text: true });
  });

  for (const colorScheme of /** @type {const} */ (["light", "dark"]))
    test(`whatever opens is accessible (${colorScheme})`, async () => {
      const { page } = suite;
      await page.emulateMedia({ colorScheme });
      await prompt(page).fill("A ghost like @image1 and ");
      await settled(page);
      const box = await page.locator("#mirror mark.warning").boundingBox();
      assert.ok(box);
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.getByRole("tooltip").waitFor();
      await assertOpaque(page.getByRole("tooltip"));
      await assertAccessible(page);
      await page.keyboard.press("Escape");
      await prompt(page).press("Control+End");
      await page.keyboard.type("@");
      await page.getByRole("listbox", { name: "Files" }).waitFor();
      await assertOpaque(page.getByRole("listbox", { name: "Files" }));
      await assertAccessible(page);
      await page.keyboard.press("Escape");
      for (const name of ["image", "video", "audio file"]) {
        await click(page, `Open ${name} 1`);
        await page.getByRole("dialog").waitFor();
        await assertAccessible(page);
        await page.keyboard.press("Escape");
      }
      await generate(page, "failed");
      await page.locator(".job.failed").waitFor();
      await page.locator(".timeline summary").click();
      await assertAccessible(page);
    });
});
