// The quality of the page: bytes, policy, small screens, color schemes, keys, motion.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { describe, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "../../tools/setup.js";
import { skipWithoutChromium } from "../support/browser.js";
import { assertAccessible, click, generate, pageTests, prompt, ready, settled, timeout } from "./harness.js";

const maxFirstLoad = 130_000;

describe("the page", { skip: skipWithoutChromium, timeout }, () => {
  const suite = pageTests();

  test("the first load is small, and all of it is named in the page", async () => {
    const page = await suite.context.newPage();
    /** @type {string[]} */
    const loaded = [];
    page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
    await page.goto(suite.url);
    await ready(page);
    const files = [...new Set(loaded)].map((path) =>
      path.startsWith("/pkg/") ? join(root, path) : join(root, "www", path === "/" ? "index.html" : path),
    );
    const bytes = files.reduce((sum, file) => sum + brotliCompressSync(readFileSync(file)).length, 0);
    console.log(`first load: ${files.length} files, ${(bytes / 1000).toFixed(1)} KB brotli`);
    assert.ok(bytes <= maxFirstLoad, `${bytes} bytes`);
    for (const lazy of ["index.js", "media.js", "testing.js", "client.wasm"])
      assert.ok(!loaded.includes(`/pkg/${lazy}`), `${lazy} is loaded at once`);

    const html = readFileSync(join(root, "www/index.html"), "utf8");
    const named = [...html.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(([, href]) =>
      normalize(join(root, "www", href)),
    );
    const { metafile } = await build({
      entryPoints: [join(root, "www/page.js")],
      ...{ bundle: true, write: false, metafile: true, format: "esm", absWorkingDir: root, splitting: true },
      outdir: join(root, "target/page"),
    });
    /** The modules that are imported without `import()`. @type {Set<string>} */
    const imported = new Set();
    const walk = (/** @type {string} */ file) => {
      if (imported.has(file)) return;
      imported.add(file);
      for (const { path, kind } of metafile.inputs[file].imports) if (kind === "import-statement") walk(path);
    };
    walk("www/page.js");
    imported.delete("www/page.js");
    assert.deepEqual(named.sort(), [...imported].map((file) => join(root, file)).sort());
  });

  test("has a strict policy, and nothing of it is violated", async () => {
    const html = readFileSync(join(root, "www/index.html"), "utf8");
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1] ?? "";
    assert.match(policy, /default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/);
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'/);
    // The suite fails if the browser reports a violation.
    await generate(suite.page);
    await suite.page.locator(".job.done").waitFor();
  });

  for (const colorScheme of /** @type {const} */ (["light", "dark"]))
    for (const width of [320, 360, 1280])
      test(`is accessible and fits at ${width} px (${colorScheme})`, async () => {
        const { page } = suite;
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 740 });
        await assertAccessible(page);
        await prompt(page).fill(`@Image7 "unclosed ${"@Image1 ".repeat(20)}${"x".repeat(200)}`);
        await page.getByLabel("Callback URL").fill("http://192.168.0.1/x");
        await page.locator("#issues li.error").first().waitFor();
        await assertAccessible(page);
        const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(excess <= 0, `the page is ${excess} px wider than the screen`);
      });

  test("the whole way can be gone by keys", async () => {
    const { page } = suite;
    await page.selectOption("#speed", "3");
    await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement)?.blur());
    const reached = new Set();
    for (let steps = 0; steps < 60; steps++) {
      await page.keyboard.press("Tab");
      const { name, visible } = await page.evaluate(() => {
        const element = /** @type {HTMLElement} */ (document.activeElement);
        const box = element.getBoundingClientRect();
        return {
          name: element.id || element.ariaLabel || element.textContent,
          visible: box.width > 0 && box.height > 0,
        };
      });
      assert.ok(visible, `${name} has the focus but no box`);
      reached.add(name);
    }
    for (const name of ["prompt", "urls", "option-model", "option-duration", "generate"])
      assert.ok(reached.has(name), `${name} is not reached: ${[...reached].join()}`);
    await page.locator("#generate").focus();
    await page.keyboard.press("Enter");
    await page.locator(".job.done").waitFor();
  });

  for (const width of [360, 412, 800, 1024, 1280])
    test(`nothing moves while the page loads at ${width} px`, async () => {
      const page = await suite.context.newPage();
      await page.addInitScript(() => {
        // @ts-expect-error read below
        globalThis.shifts = [];
        new PerformanceObserver((list) => {
          // @ts-expect-error layout shifts are not in TypeScript's library
          for (const { value, sources } of list.getEntries()) {
            const moved = sources.map((/** @type {any} */ { node, previousRect, currentRect }) => {
              const name = node?.id || node?.className || node?.nodeName;
              return `${name} from ${previousRect.y} to ${currentRect.y}`;
            });
            // @ts-expect-error set above
            globalThis.shifts.push({ value, moved });
          }
        }).observe({ type: "layout-shift", buffered: true });
      });
      // Higher than any screen, so that the whole page counts.
      await page.setViewportSize({ width, height: 3200 });
      await page.goto(suite.url);
      await ready(page);
      await settled(page);
      /** @type {{ value: number, moved: string[] }[]} */
      // @ts-expect-error set above
      const shifts = await page.evaluate(() => globalThis.shifts);
      const sum = shifts.reduce((total, { value }) => total + value, 0);
      console.log(`layout shift ${sum.toFixed(4)}`);
      assert.ok(sum < 0.01, JSON.stringify(shifts, undefined, 2));
    });

  test("a dialog of a file has its focus, and gives it back", async () => {
    const { page } = suite;
    await click(page, "Image to video");
    await click(page, "Open image 1");
    await page.getByRole("dialog").waitFor();
    await assertAccessible(page);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(":focus").getAttribute("aria-label"), "Open image 1");
  });
});
