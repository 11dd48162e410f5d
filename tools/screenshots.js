// Takes a picture of each state of the page at three widths, light and dark, into target/screenshots. Needs Chromium
// and a built package.
//
//   npm run screenshots                the pictures
//   npm run screenshots -- --readme    also those of the README, into www/screenshots
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium as driver } from "playwright-core";
import { startServer } from "./server.js";
import { Problem, chromium, main, root } from "./setup.js";

/** @typedef {import("playwright-core").Page} Page */

const folder = join(root, "target/screenshots");
const readmeFolder = join(root, "www/screenshots");
const widths = [360, 800, 1280];
const schemes = /** @type {const} */ (["light", "dark"]);

const prompt = (/** @type {Page} */ page) => page.getByRole("textbox", { name: "Prompt" });

/** Pictures with a pattern, as files. @param {Page} page @param {number} count */
async function pictures(page, count) {
  const images = await page.evaluate((amount) => {
    const canvas = document.createElement("canvas");
    canvas.width = 640;
    canvas.height = 360;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    return Array.from({ length: amount }, (_, index) => {
      const sky = context.createLinearGradient(0, 0, 0, 360);
      sky.addColorStop(0, `hsl(${index * 70 + 200} 60% 45%)`);
      sky.addColorStop(1, `hsl(${index * 70 + 250} 60% 80%)`);
      context.fillStyle = sky;
      context.fillRect(0, 0, 640, 360);
      context.fillStyle = `hsl(${index * 70 + 40} 80% 65%)`;
      context.arc(160 + index * 120, 150, 70, 0, 7);
      context.fill();
      return canvas.toDataURL("image/png").split(",")[1];
    });
  }, count);
  return images.map((base64, index) => ({
    name: `sketch-${index + 1}.png`,
    mimeType: "image/png",
    buffer: Buffer.from(base64, "base64"),
  }));
}

/** @param {Page} page @param {string} fault */
async function generate(page, fault = "none") {
  await page.selectOption("#speed", "3");
  await page.selectOption("#fault", fault);
  await page.locator("#generate").click();
}

/** How to come to each state from a new page. @type {Record<string, (page: Page) => Promise<unknown>>} */
const states = {
  start: async () => {},
  problems: (page) =>
    prompt(page).fill(
      '@image1 walks in the rain and says "Come here" to @Image7. Replicate @Video1 --ar 16:9 "and',
    ),
  files: async (page) => {
    await page.getByRole("button", { name: "Text to video" }).click();
    await page.setInputFiles("#picker", await pictures(page, 3));
    await page.locator("#files-image").getByText("640 × 360").nth(2).waitFor();
    await prompt(page).fill("");
    await prompt(page).pressSequentially("The house of @Image1 in the style of @");
  },
  waiting: async (page) => {
    await page.selectOption("#speed", "60");
    await page.locator("#generate").click();
    await page.locator(".job.waiting").waitFor();
    await page.locator(".timeline summary").click();
    await page.waitForTimeout(4000);
  },
  done: async (page) => {
    await generate(page, "busy");
    await page.locator(".job.done").waitFor();
    await page.locator(".timeline summary").click();
  },
  failed: async (page) => {
    await generate(page, "failed");
    await page.locator(".job.failed").waitFor();
  },
};

await main(async () => {
  const { values } = parseArgs({ options: { readme: { type: "boolean", default: false } } });
  const executablePath = chromium();
  if (!executablePath)
    throw new Problem("Chromium is not installed. Install it, or set CHROMIUM to its path.");
  const server = await startServer({ statics: { "/": join(root, "www"), "/pkg": join(root, "pkg") } });
  const browser = await driver.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  mkdirSync(folder, { recursive: true });
  for (const [state, reach] of Object.entries(states))
    for (const colorScheme of schemes)
      for (const width of widths) {
        const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
        await page.goto(server.url);
        await page.waitForSelector("html[data-ready]", { state: "attached" });
        await reach(page);
        await page.waitForTimeout(300);
        const path = join(folder, `${state}-${width}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: true });
        await page.close();
      }
  if (values.readme) await takeForReadme(browser, server.url);
  await browser.close();
  await server.close();
  console.log(`✓ wrote target/screenshots`);
});

/** One picture of each color scheme. @param {import("playwright-core").Browser} browser @param {string} url */
async function takeForReadme(browser, url) {
  mkdirSync(readmeFolder, { recursive: true });
  for (const [colorScheme, state] of /** @type {const} */ ([
    ["light", "files"],
    ["dark", "done"],
  ])) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme });
    await page.goto(url);
    await page.waitForSelector("html[data-ready]", { state: "attached" });
    await states[state](page);
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(readmeFolder, `${state}.png`) });
    await page.close();
  }
}
