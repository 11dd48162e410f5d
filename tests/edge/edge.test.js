// The Worker of www/worker in miniflare, against the emulator.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startEdge } from "../../tools/edge.js";
import { skipWithoutChromium, startChromium } from "../support/browser.js";

/** @type {typeof import("../../pkg-template/index.js")} */
const { VideoClient } = await import(import.meta.resolve("../../pkg/index.js"));
/** @type {typeof import("../../pkg-template/testing-server.js")} */
const { serve } = await import(import.meta.resolve("../../pkg/testing-server.js"));

const order = { model: "seedance-2.0", prompt: "A paper boat on a river" };

/** @type {import("../../pkg-template/testing-server.js").EmulatorServer} */
let api;
/** @type {Awaited<ReturnType<typeof startEdge>>} */
let edge;

before(async () => {
  api = await serve({ taskTime: 1, estimatedTime: 1, loopbackCallbacks: true, callbackFetch: fetch });
  edge = await startEdge({
    apiUrl: api.url,
    bindings: { USER_CREDITS: 300, ALL_CREDITS: 600, UNPRICED_CREDITS: 67.5 },
  });
});
after(async () => {
  await edge.close();
  await api.close();
});

/** A visitor, as a browser would be one. */
async function visitor() {
  const page = await fetch(edge.url);
  assert.match(page.headers.get("content-type") ?? "", /text\/html/);
  const [cookie] = page.headers.getSetCookie();
  assert.match(cookie, /HttpOnly; SameSite=Lax/);
  const headers = { cookie: cookie.split(";")[0] };
  return { headers, client: new VideoClient({ baseUrl: `${edge.url}/evolink`, headers }) };
}

/** @param {InstanceType<typeof VideoClient>} client @param {string} id */
async function linkOf(client, id) {
  const task = await client.retrieve(id);
  assert.equal(task.status, "completed");
  return task.results[0] ?? "";
}

/** @param {() => Promise<boolean>} isDone */
async function until(isDone) {
  const deadline = Date.now() + 20_000;
  while (!(await isDone())) {
    assert.ok(Date.now() < deadline, "nothing happened within 20 seconds");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

test("a visitor's video is kept in R2, and only that visitor can play it", async () => {
  const { client, headers } = await visitor();
  const before = api.emulator.counts.charges;
  const { id } = await client.generate(order);
  await until(async () => (await linkOf(client, id)).startsWith(edge.url));
  const link = await linkOf(client, id);
  const whole = await fetch(link, { headers });
  const bytes = await whole.arrayBuffer();
  assert.equal(whole.headers.get("content-type"), "video/mp4");
  assert.equal(whole.headers.get("content-length"), String(bytes.byteLength));
  for (const [range, status, contentRange] of /** @type {[string, number, string][]} */ ([
    ["bytes=0-9", 206, `bytes 0-9/${bytes.byteLength}`],
    ["bytes=-5", 206, `bytes ${bytes.byteLength - 5}-${bytes.byteLength - 1}/${bytes.byteLength}`],
  ])) {
    const part = await fetch(link, { headers: { ...headers, range } });
    assert.deepEqual([part.status, part.headers.get("content-range")], [status, contentRange], range);
    await part.arrayBuffer();
  }
  const etag = whole.headers.get("etag") ?? "";
  for (const [name, value, status] of /** @type {[string, string, number][]} */ ([
    ["if-none-match", etag, 304],
    ["if-match", '"another"', 412],
    ["range", "bytes=999999999-", 416],
  ])) {
    const answer = await fetch(link, { headers: { ...headers, [name]: value } });
    assert.equal(answer.status, status, `${name}: ${value}`);
    await answer.arrayBuffer();
  }
  assert.equal((await fetch(link)).status, 404);
  assert.equal((await fetch(link, { headers: (await visitor()).headers })).status, 404);
  assert.equal(api.emulator.counts.charges, before + 1);
});

test("without a session nothing is ordered, and a forged one is none", async () => {
  const before = api.emulator.counts.submissions;
  for (const cookie of [
    "",
    "session=ann",
    "session=ann.AAAA",
    "session=ann.%2BX4iDONkhlhruWeTp4Bj6holUiIHY3Y4EqMQ4ftSvro%3D",
  ]) {
    const client = new VideoClient({ baseUrl: `${edge.url}/evolink`, headers: { cookie } });
    await assert.rejects(client.submit(order), /HTTP 401/, cookie);
  }
  assert.equal(api.emulator.counts.submissions, before);
});

test("a lost answer is one charge and one video", async () => {
  const { client, headers } = await visitor();
  const before = api.emulator.counts.charges;
  api.emulator.inject({ on: "create", fault: "network", carriedOut: true, times: 3 });
  const task = await client.generate(order);
  assert.equal(api.emulator.counts.charges, before + 1);
  await until(async () => {
    const link = await linkOf(client, task.id);
    return link.startsWith(edge.url) && (await fetch(link, { headers })).ok;
  });
  const bucket = await edge.miniflare.getR2Bucket("VIDEOS");
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
    await page.goto(edge.url);
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

test("a budget is by visitor, and of all together", async () => {
  // 67.5 credits an order: the fifth is over 300, and the ninth of all over 600.
  const { client } = await visitor();
  for (let count = 0; count < 4; count++) await client.submit(order);
  await assert.rejects(client.submit(order), /budget/);
  /** @type {any} */
  let refused;
  const other = (await visitor()).client;
  for (let count = 0; count < 8 && !refused; count++)
    refused = await other.submit(order).then(
      () => undefined,
      (error) => error,
    );
  assert.equal(refused.code, "spending_limit");
  assert.equal(refused.charged, "no");
  assert.equal(api.emulator.counts.charges, 8);
});
