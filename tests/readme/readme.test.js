// Runs the README's snippets, and compares its tables with the code.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { createEmulator } from "../../pkg-template/testing.js";
import { read } from "../../tools/setup.js";
import { startServer } from "../../tools/server.js";
import { bytes, gif, mp4, png, wav } from "../media/files.js";
import { skipWithoutChromium, startChromium } from "../support/browser.js";
import { pinnedVersion } from "../support/apps.js";
import { importPackage, installPackage } from "../support/packed.js";
import { runProgram } from "../support/program.js";
import { bundleWorker, newestCompatibilityDate, startWorkerd } from "../support/workerd.js";

const readme = read("README.md");

/** The snippets with a marker. @param {string} marker */
const snippets = (marker) =>
  [...readme.matchAll(/<!-- run: (\w+) -->\s+```\w+\n([\s\S]*?)```/g)]
    .filter(([, found]) => found === marker)
    .map(([, , code]) => code);

/** Replaces the real API with the emulator. Loaded before the snippet. */
const preload = `
import { createEmulator } from "evolink-video/testing";
const emulator = createEmulator({ estimatedTime: 1, taskTime: 1 });
globalThis.fetch = emulator.fetch;
process.on("exit", () => console.log("CHARGES", emulator.counts.charges));
`;

/** An image of 640 by 480 pixels. */
const portrait = "R0lGODlhgALgAYAAAAAAAP///ywAAAAAgALgAQACAkQBADs=";

/** @type {Promise<string> | undefined} */
let folder;
const app = () => (folder ??= installPackage());

/**
 * Runs a script with the installed package and the emulator.
 * @param {string} name
 * @param {string} code
 */
async function runInNode(name, code) {
  const cwd = await app();
  await writeFile(join(cwd, "preload.mjs"), preload);
  await writeFile(join(cwd, "portrait.gif"), Buffer.from(portrait, "base64"));
  await writeFile(join(cwd, `${name}.mjs`), code);
  const env = { ...process.env, EVOLINK_API_KEY: "sk-test" };
  return runProgram(process.execPath, ["--import", "./preload.mjs", `${name}.mjs`], { cwd, env });
}

describe("README snippets", { concurrency: true }, () => {
  test("introduction", async () => {
    const [, code] = /** @type {RegExpExecArray} */ (/```js\n([\s\S]*?)```/.exec(readme));
    const printed = await runInNode("first", code);
    assert.match(printed, /^https:\/\/.*\.mp4$/m);
    assert.match(printed, /CHARGES 1$/m);
  });

  const [setup] = snippets("setup");
  const examples = snippets("generate");
  test("has the five examples of the API reference", () => assert.equal(examples.length, 5));
  for (const [index, example] of examples.entries()) {
    test(`example ${index + 1}`, async () => {
      assert.match(await runInNode(`example-${index}`, setup + example), /CHARGES 1$/m);
    });
  }

  /** The expected output of the snippets with the marker `alone`, by a part of their code. @type {Record<string, RegExp>} */
  const expectedOutput = {
    "validate(": /^prompt .*`@Image2`.*Did you mean `@Image1`\?.*\nduration .*"8"/m,
    "client.waitAll": /^\[ 'completed', 'completed' \] 0$/m,
    "client.resume": /^task-unified-\S+ completed\n0$/m,
    "emulator.counts.submissions": /^2 1$/m,
    "inspect(": /^gif 640 480 false\nwarning `image_urls\[0\]` could not be read/m,
    "createCallbacks(": /^OutcomeUnknownError$/m,
    "createBudget(": /^false\ntrue$/m,
    openAsBlob: /^image_urls\.0 0 of 35\nimage_urls\.0 35 of 35\nhttps:\/\/.*\.mp4$/m,
  };
  test("every snippet with the marker `alone` is tested", () =>
    assert.equal(snippets("alone").length, Object.keys(expectedOutput).length));
  for (const [part, expected] of Object.entries(expectedOutput)) {
    test(`snippet with ${part}`, async () => {
      const snippet = snippets("alone").find((code) => code.includes(part));
      const name = part.replaceAll(/\W/g, "");
      assert.match(await runInNode(name, String(snippet)), expected);
    });
  }

  test("the callback of a lost submission arrives", async () => {
    const snippet = snippets("alone").find((code) => code.includes("createCallbacks("));
    assert.match(await runInNode("lost", String(snippet)), /^order 7 completed$/m);
  });

  test("the proxy", async () => {
    const cwd = await app();
    const session = 'export const userOf = (request) => ({ user: request.headers.get("x-user") });';
    await writeFile(join(cwd, "session.js"), session);
    await writeFile(join(cwd, "proxy.mjs"), snippets("proxy")[0]);
    const printed = await runInNode(
      "page",
      `import { VideoClient } from "evolink-video";
      process.env.EVOLINK_SECRET = "a secret of at least 32 characters";
      const { proxy } = await import("./proxy.mjs");
      const client = new VideoClient({
        baseUrl: "https://app.example/evolink",
        headers: { "x-user": "ann" },
        fetch: (url, init) => proxy(new Request(url, init)),
      });
      const request = { model: "seedance-2.0", prompt: "A cat walks through snow" };
      console.log((await client.generate(request)).status);`,
    );
    assert.match(printed, /^completed$/m);
    assert.match(printed, /CHARGES 1$/m);
  });

  test("waiting", async () => {
    const [code] = snippets("waiting");
    const printed = await runInNode("waiting", code);
    assert.match(printed, /^completed 100$/m);
    assert.match(printed, /CHARGES 2$/m);
  });

  test("browser", { skip: skipWithoutChromium }, async () => {
    const emulator = createEmulator({ estimatedTime: 1, taskTime: 1 });
    const cwd = await app();
    await writeFile(join(cwd, "page.html"), `<!doctype html><body>${snippets("browser")[0]}`);
    const server = await startServer({ emulator, statics: { "/": cwd } });
    const browser = await startChromium();
    try {
      const page = await browser.newPage();
      // The user's server, which adds the key.
      await page.route("**/evolink/**", async (route) => {
        const url = route.request().url().replace("/evolink", "");
        const headers = { ...route.request().headers(), authorization: "Bearer sk-test" };
        await route.fulfill({ response: await route.fetch({ url, headers }) });
      });
      await page.goto(`${server.url}/page.html`);
      const video = page.locator("video");
      await video.waitFor();
      assert.match(String(await video.getAttribute("src")), /\.mp4$/);
      assert.equal(emulator.counts.charges, 1);
    } finally {
      await browser.close();
      await server.close();
    }
  });

  test("worker", async () => {
    const emulator = createEmulator();
    const server = await startServer({ emulator });
    const cwd = await app();
    await writeFile(join(cwd, "snippet.js"), snippets("worker")[0]);
    const worker = await bundleWorker(join(cwd, "snippet.js"), cwd);
    const { url, stop } = await startWorkerd({
      ...worker,
      compatibilityDate: newestCompatibilityDate,
      env: { EVOLINK_API_KEY: "sk-test" },
      internet: new URL(server.url).host,
    });
    try {
      const request = { model: "seedance-2.0", prompt: "A cat walks through snow" };
      const response = await fetch(url, { method: "POST", body: JSON.stringify(request) });
      const { id } = /** @type {any} */ (await response.json());
      assert.match(id, /^task-unified-/);
      assert.equal(emulator.counts.charges, 1);
    } finally {
      await stop();
      await server.close();
    }
  });
});

/** The cells of the table under a heading. @param {string} heading */
function table(heading) {
  const section = readme.split(`\n## ${heading}\n`)[1].split("\n## ")[0];
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe("README table of issues: the example gives the issue", () => {
  const rows = table("Issues").map(([code, severity, , example]) => ({
    code: code.replaceAll("`", ""),
    severity,
    example: example.replace(/^`+ ?| ?`+$/g, ""),
  }));
  for (const { code, severity, example } of rows) {
    test(code, async () => {
      const { validate } = await importPackage(await app());
      const base = { model: "seedance-2.0", prompt: "A cat walks through snow" };
      const result = validate({ ...base, ...new Function(`return (${example})`)() });
      const found = [...(result.valid ? [] : result.errors), ...result.warnings];
      assert.equal(found.find((issue) => issue.code === code)?.severity, severity, JSON.stringify(found));
    });
  }

  test("every IssueCode has a row, here or in the table of files", () => {
    const [, union] = /export type IssueCode =([^;]*);/.exec(read("pkg/unions.d.cts")) ?? [];
    const declared = [...union.matchAll(/"(\w+)"/g)].map(([, code]) => code);
    const codes = [...rows.map(({ code }) => code), ...table("Issues of files").map(codeOf)];
    assert.deepEqual([...new Set(codes)].sort(), declared.sort());
  });
});

/** @param {string[]} row */
const codeOf = ([code]) => code.replaceAll("`", "");

describe("README table of the issues of files", () => {
  const clip = { width: 1280, height: 720, seconds: 5 };
  const model = "seedance-2.0-reference-to-video";
  /** A request for each row. @type {Record<string, object>} */
  const requests = {
    unsupported_format: { image_urls: [wav({ seconds: 3 })] },
    too_large: { image_urls: [bytes(gif({ width: 640, height: 360 }), new Uint8Array(32e6))] },
    unreadable_file: { image_urls: [gif({ width: 640, height: 360 }).subarray(0, 12)] },
    duration_out_of_range: { video_urls: [mp4({ ...clip, seconds: 16 })] },
    total_duration: { audio_urls: [wav({ seconds: 9 }), wav({ seconds: 9 })] },
    pixels_out_of_range: { video_urls: [mp4({ ...clip, width: 1920, height: 1080 })] },
    side_out_of_range: { model, image_urls: [png({ width: 200, height: 200 })] },
    ratio_out_of_range: { model, image_urls: [png({ width: 3000, height: 1000 })] },
    frame_rate_out_of_range: { model, video_urls: [mp4({ ...clip, rate: 10 })] },
    ratio_mismatch: { image_urls: [png({ width: 720, height: 1280 })] },
    animated_image: { image_urls: [gif({ width: 640, height: 360, frames: 2 })] },
  };
  const rows = table("Issues of files");
  test("every row has a request", () =>
    assert.deepEqual(rows.map(codeOf).sort(), Object.keys(requests).sort()));
  for (const row of rows) {
    test(codeOf(row), async () => {
      const home = join(await app(), "node_modules/evolink-video/media.js");
      const { checkFiles } = await import(pathToFileURL(home).href);
      const { issues } = await checkFiles({
        model: "seedance-2.0",
        prompt: "A cat",
        ...requests[codeOf(row)],
      });
      const found = issues.find((/** @type {{ code: string }} */ { code }) => code === codeOf(row));
      assert.equal(found?.severity, row[1], JSON.stringify(issues));
    });
  }
});

test("README table of errors: every class has a row", async () => {
  const library = await importPackage(await app());
  const classes = Object.keys(library).filter((name) => /Error$/.test(name) && name !== "EvolinkError");
  const rows = table("Errors").map(([name]) => name.replaceAll("`", ""));
  assert.deepEqual(rows.sort(), classes.sort());
});

test("README table of hosts: the versions are those that the apps pin", () => {
  const folders = readdirSync(new URL("../places", import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => existsSync(new URL(`../places/${name}/package.json`, import.meta.url)));
  const rows = new Map(table("Where it runs").map(([host, version]) => [host.toLowerCase(), version]));
  for (const folder of folders) {
    const host = folder === "next" ? "next.js" : folder;
    assert.equal(rows.get(host), pinnedVersion(folder), folder);
  }
  assert.equal(rows.get("workerd"), JSON.parse(read("package.json")).devDependencies.workerd);
});
