// The files of the page.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { VideoClient } from "../../pkg/index.js";
import { createEmulator } from "../../pkg/testing.js";
import { skipWithoutChromium } from "../support/browser.js";
import {
  assertAccessible,
  click,
  pageTests,
  picture,
  prompt,
  ready,
  reloadOn,
  shownRequest,
  tone,
  timeout,
} from "./harness.js";

/** @typedef {import("playwright-core").Page} Page */

/** The bytes of the video that the emulator makes. */
async function clip() {
  const emulator = createEmulator({ taskTime: 0, resultUrl: "data" });
  const client = new VideoClient({ apiKey: "key", fetch: emulator.fetch });
  const task = await client.generate({ model: "seedance-2.0", prompt: "A clip" });
  return Buffer.from(task.results[0].split(",")[1], "base64");
}

describe("the files", { skip: skipWithoutChromium, timeout }, () => {
  const suite = pageTests();

  /** @param {Page} page @param {string} type @param {string} text */
  const paste = (page, type, text) =>
    page.evaluate(
      ([mime, value]) => {
        const data = new DataTransfer();
        data.setData(mime, value);
        document.body.dispatchEvent(
          new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
        );
      },
      [type, text],
    );

  /** Serves a picture under addresses that no server has. @param {Page} page */
  async function serveMedia(page) {
    const { buffer } = await picture(page, "teal");
    await suite.context.route("**/media/**", (route) =>
      route.fulfill({ body: buffer, contentType: "image/png" }),
    );
  }

  test("several pasted URLs become a file each, sorted by kind", async () => {
    const { page } = suite;
    await click(page, "Text to video");
    await serveMedia(page);
    const urls = ["a.png", "b.png", "c.mp4"].map((name) => `${suite.url}/media/${name}`);
    await paste(page, "text/plain", urls.join("\n"));
    await page.getByRole("button", { name: "Open image 2" }).waitFor();
    const { image_urls: images, video_urls: videos } = await shownRequest(page);
    assert.deepEqual([images, videos], [urls.slice(0, 2), urls.slice(2)]);
    await page.locator("#files-image .file").first().getByText("640 × 360").waitFor();
    await page.locator("#files-video").getByText("png").first().waitFor();
  });

  test("the field of URLs takes several at once", async () => {
    const { page } = suite;
    await click(page, "Text to video");
    await serveMedia(page);
    await page.getByLabel("URLs of files").fill(`${suite.url}/media/1.png ${suite.url}/media/2.png`);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Open image 2" }).waitFor();
    assert.equal((await shownRequest(page)).image_urls.length, 2);
    assert.equal(await page.getByLabel("URLs of files").inputValue(), "");
  });

  test("shows what a picked file is, and what is wrong with it", async () => {
    const { page } = suite;
    await click(page, "Text to video");
    await page.setInputFiles("#picker", [await picture(page, "navy"), tone(2)]);
    const image = page.locator("#files-image .file");
    await image.getByText("640 × 360").waitFor();
    assert.match(await image.innerText(), /local file[^]*navy\.png/);
    assert.ok(await image.locator("img").evaluate((img) => img.getAttribute("src")?.startsWith("blob:")));
    await page.locator("#files-audio svg.waveform").waitFor();
    assert.match(await page.locator("#files-audio").innerText(), /2 of 15 s/);

    const broken = {
      name: "cut.png",
      mimeType: "image/png",
      buffer: (await picture(page, "red")).buffer.subarray(0, 20),
    };
    await page.setInputFiles("#picker", [broken]);
    await page.locator("#files-image .file-issues .error").first().waitFor();
    assert.equal(await page.getByRole("button", { name: "Generate" }).getAttribute("aria-disabled"), "true");
    await assertAccessible(page);
  });

  test("dropped files are added wherever they fall", async () => {
    const { page } = suite;
    await click(page, "Text to video");
    await page.evaluate(async () => {
      const canvas = document.createElement("canvas");
      const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) =>
        canvas.toBlob(resolve),
      );
      const data = new DataTransfer();
      data.items.add(new File([/** @type {Blob} */ (blob)], "dropped.png", { type: "image/png" }));
      for (const type of ["dragover", "drop"])
        document.body.dispatchEvent(
          new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }),
        );
    });
    await page.locator("#files-image").getByText("dropped.png").waitFor();
  });

  test("a dropped list of links becomes a file each", async () => {
    const { page } = suite;
    await click(page, "Text to video");
    await serveMedia(page);
    await page.evaluate((url) => {
      const data = new DataTransfer();
      data.setData("text/uri-list", `# from another page\r\n${url}/media/1.png\r\n${url}/media/2.png\r\n`);
      const target = /** @type {HTMLElement} */ (document.getElementById("prompt"));
      for (const type of ["dragover", "drop"])
        target.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    }, suite.url);
    await page.getByRole("button", { name: "Open image 2" }).waitFor();
    assert.deepEqual(
      (await shownRequest(page)).image_urls,
      ["1.png", "2.png"].map((name) => `${suite.url}/media/${name}`),
    );
  });

  test("sounds and videos play in a dialog", async () => {
    const { page } = suite;
    await click(page, "Text to video");
    const video = { name: "clip.mp4", mimeType: "video/mp4", buffer: await clip() };
    await page.setInputFiles("#picker", [tone(2), video]);
    for (const [name, element] of [
      ["audio file", "audio"],
      ["video", "video"],
    ]) {
      await click(page, `Open ${name} 1`);
      const player = page.getByRole("dialog").locator(element);
      assert.equal(await player.getAttribute("controls"), "");
      await player.evaluate((media) => {
        /** @type {HTMLMediaElement} */ (media).muted = true;
        return /** @type {HTMLMediaElement} */ (media).play();
      });
      await page.waitForFunction(
        (selector) =>
          Number(
            /** @type {HTMLMediaElement | null} */ (document.querySelector(`dialog ${selector}`))
              ?.currentTime,
          ) > 0,
        element,
      );
      await click(page, "Close");
      assert.equal(await page.locator(":focus").getAttribute("aria-label"), `Open ${name} 1`);
    }
  });

  test("the tags follow when files are moved by key or by mouse, or removed", async () => {
    const { page } = suite;
    await click(page, "First and last frame");
    await prompt(page).fill("@Image1 meets @Image2");
    await click(page, "Move image 1 later");
    assert.equal(await prompt(page).inputValue(), "@Image2 meets @Image1");
    assert.equal(await page.locator(":focus").getAttribute("aria-label"), "Move image 2 earlier");
    const cards = page.locator("#files-image .file");
    await cards.nth(1).dragTo(cards.nth(0));
    assert.equal(await prompt(page).inputValue(), "@Image1 meets @Image2");
    await click(page, "Remove image 2");
    assert.equal(await page.locator("#files-image .file").count(), 1);
    assert.match(await page.locator("#announcer").innerText(), /^Removed image 2\. Removed “@Image2” from/);
  });

  test("files and prompt survive a reload, local files too", async () => {
    const { page } = suite;
    await click(page, "Text to video");
    await page.setInputFiles("#picker", await picture(page, "purple"));
    await page.locator("#files-image").getByText("640 × 360").waitFor();
    await prompt(page).fill("Purple @Image1");
    await page.reload();
    await ready(page);
    assert.equal(await prompt(page).inputValue(), "Purple @Image1");
    await page.locator("#files-image").getByText("640 × 360").waitFor();
    await page.locator("#files-image").getByText("local file").waitFor();
  });

  test("a file survives a reload in the moment in which it is shown", async () => {
    const { page } = suite;
    await click(page, "Text to video");
    const purple = await picture(page, "purple");
    await reloadOn(page, "#files-image .file", () => page.setInputFiles("#picker", purple));
    await page.locator("#files-image").getByText("640 × 360").waitFor();
  });

  test("a file that the browser refuses to keep says so", async () => {
    const { page } = suite;
    await click(page, "Text to video");
    await page.evaluate(() => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    });
    await page.setInputFiles("#picker", await picture(page, "purple"));
    await page.locator("#files-image").getByText("lost on a reload").waitFor();
  });

  test("the bytes of files that no draft uses are removed after a week", async () => {
    const { page } = suite;
    await click(page, "Text to video");
    await page.setInputFiles("#picker", await picture(page, "purple"));
    await page.locator("#files-image .file").waitFor();
    /** Ages what is kept by eight days, or returns how old it is. @param {boolean} age */
    const kept = (age) =>
      page.evaluate(
        (older) =>
          new Promise((/** @type {(ids: string[]) => void} */ resolve) => {
            indexedDB.open("evolink-video").onsuccess = (event) => {
              const database = /** @type {IDBOpenDBRequest} */ (event.target).result;
              const store = database.transaction("blobs", "readwrite").objectStore("blobs");
              if (older) store.put(new Blob(["old"]), `${Date.now() - 8 * 24 * 3_600_000}-old`);
              store.getAllKeys().onsuccess = ({ target }) => {
                database.close();
                resolve(/** @type {IDBRequest<IDBValidKey[]>} */ (target).result.map(String));
              };
            };
          }),
        age,
      );
    assert.equal((await kept(true)).length, 2);
    await page.reload();
    await ready(page);
    for (let tries = 0; (await kept(false)).length > 1 && tries < 50; tries++) await page.waitForTimeout(50);
    const rest = await kept(false);
    assert.deepEqual([rest.length, rest.some((id) => id.endsWith("-old"))], [1, false]);
    await page.locator("#files-image").getByText("640 × 360").waitFor();
  });

  test("twelve files fill the limits, and one more is an issue", async () => {
    const { page } = suite;
    await click(page, "Text to video");
    const pictures = await Promise.all(
      ["red", "green", "blue", "black", "white", "gray", "teal", "navy", "olive"].map((color) =>
        picture(page, color),
      ),
    );
    await page.setInputFiles("#picker", pictures);
    await page.locator("#files-image").getByText("9 of 9").waitFor();
    await page.setInputFiles("#picker", await picture(page, "lime"));
    await page.locator("#files-image").getByText("10 of 9").waitFor();
    await page.locator("#issues .error").first().waitFor();
    await page.locator("#issues .error .issue-place").first().click();
    assert.match(String(await page.locator(":focus").getAttribute("aria-label")), /^Open image/);
  });
});
