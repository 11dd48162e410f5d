// The Worker of www/worker in miniflare, against the emulator.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startEdge } from "../../tools/edge.js";
import { skipWithoutChromium, startChromium } from "../support/browser.js";
import { linkOf, order, until, visitTests } from "./visits.js";

visitTests(startEdge, ({ api, edge, visitor }) => {
  test("a lost answer is one charge and one video", async () => {
    const { url, miniflare } = edge();
    const { emulator } = api();
    const { client, headers } = await visitor(url);
    const before = emulator.counts.charges;
    emulator.inject({ on: "create", fault: "network", carriedOut: true, times: 3 });
    const task = await client.generate(order);
    assert.equal(emulator.counts.charges, before + 1);
    await until(async () => {
      const link = await linkOf(client, task.id);
      return link.startsWith(url) && (await fetch(link, { headers })).ok;
    });
    const bucket = await miniflare.getR2Bucket("VIDEOS");
    const { objects } = await bucket.list();
    assert.equal(objects.filter(({ key }) => key.includes(task.id.split(".")[0])).length, 1);
  });

  test(
    "the page generates on the Worker, and plays the copy in R2",
    { skip: skipWithoutChromium },
    async (t) => {
      const browser = await startChromium();
      t.after(() => browser.close());
      const page = await browser.newPage();
      /** @type {string[]} */
      const problems = [];
      page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      page.on("pageerror", (error) => problems.push(String(error)));
      await page.goto(edge().url);
      await page.waitForSelector("html[data-ready]", { state: "attached" });
      const backend = page.getByLabel("Generate with");
      assert.equal(await backend.inputValue(), "site");
      await page.getByRole("textbox", { name: "Prompt" }).fill("A paper boat on a river");
      await page.getByRole("button", { name: "Generate", exact: true }).click();
      const video = page.locator("video");
      await video.waitFor();
      const link = (await video.getAttribute("src")) ?? "";
      assert.match(link, /\/kept\/task-/);
      assert.equal(
        await page.evaluate(async (url) => (await fetch(url)).headers.get("content-type"), link),
        "video/mp4",
      );
      assert.deepEqual(problems, []);
    },
  );
});
