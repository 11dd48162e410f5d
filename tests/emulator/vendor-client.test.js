// The vendor's own client, unchanged, with the emulator on loopback: what it prints shows what it requires of responses.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serve } from "../../pkg-template/testing-server.js";
import { startVendorClient } from "./vendor-client.js";

const video = { model: "seedance-2.0", prompt: "A paper boat on a river", duration: 5 };
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);

/** @type {Awaited<ReturnType<typeof startVendorClient>>} */
let client;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
let time = 1_761_313_744_000;
/** @type {import("../../pkg-template/testing.js").Outcome} */
let outcome = "completed";
let price = 12;

before(async () => {
  server = await serve({
    apiKeys: ["sk-vendor"],
    now: () => time,
    outcome: () => outcome,
    price: () => price,
  });
  client = await startVendorClient(server.url);
});
after(async () => {
  client?.stop();
  await server?.close();
});

/** Submits a video and returns its task id. */
async function submit() {
  const { text, isError } = await client.call("generate_video", video);
  assert.equal(isError, false, text);
  assert.match(text, /Estimated time: ~165s\nEstimated cost: 12 credits \(per_call\)/);
  return /^Task ID: (task-unified-\d+-\w{8})$/m.exec(text)?.[1] ?? assert.fail(text);
}

describe("the vendor's client", () => {
  test("creates a task and polls it to its video", async () => {
    const task_id = await submit();
    const pending = await client.call("check_task", { task_id });
    assert.match(pending.text, /Status: pending\nProgress: 0%/);
    assert.match(pending.text, /Estimated time remaining: ~165s/);
    time += 30_000;
    assert.match((await client.call("check_task", { task_id })).text, /Status: processing\nProgress: \d\d%/);
    time += 30_000;
    const { text } = await client.call("check_task", { task_id });
    assert.match(text, /Model: seedance-2.0\nStatus: completed\nProgress: 100%/);
    const [, link] = /^ {2}\[1\] (.+)$/m.exec(text) ?? [];
    const response = await fetch(link);
    assert.equal(response.headers.get("content-type"), "video/mp4");
  });

  test("explains a failed task", async (context) => {
    context.after(() => (outcome = "completed"));
    outcome = { code: "content_policy_violation", message: "A real face" };
    const task_id = await submit();
    time += 60_000;
    const { text } = await client.call("check_task", { task_id });
    assert.match(text, /Status: failed\nProgress: 0%/);
    assert.match(text, /Error code: content_policy_violation\nMessage: A real face\nRetryable: No/);
  });

  test("explains a malformed and an unknown task id", async () => {
    const malformed = await client.call("check_task", { task_id: "task_1" });
    assert.deepEqual(malformed, {
      text: "[400] Invalid task ID format, must start with 'task-unified-'",
      isError: true,
    });
    const unknown = await client.call("check_task", { task_id: "task-unified-1-unknown0" });
    assert.deepEqual(unknown, { text: "[404] Task not found or expired", isError: true });
  });

  test("explains an empty balance", async (context) => {
    context.after(() => (price = 12));
    price = 1e9;
    const { text, isError } = await client.call("generate_video", video);
    assert.match(text, /^\[402\] .*\nHint: Insufficient account balance\./);
    assert.equal(isError, true);
  });

  test("explains a model that is not served", async (context) => {
    const other = await serve({ models: [] });
    context.after(() => other.close());
    const client = await startVendorClient(other.url);
    context.after(() => client.stop());
    const { text } = await client.call("generate_video", video);
    assert.match(text, /^\[404\] .*\nHint: This model is currently unavailable\./);
  });

  test("sends a create call again after a 503", async () => {
    server.emulator.inject({ on: "create", times: 1, fault: { status: 503 } });
    const { created } = server.emulator.counts;
    await submit();
    assert.equal(server.emulator.counts.created, created + 1);
  });

  test("explains a wrong key", async (context) => {
    const client = await startVendorClient(server.url, "sk-wrong");
    context.after(() => client.stop());
    assert.deepEqual(await client.call("generate_video", video), {
      text: "[401] Invalid or expired token",
      isError: true,
    });
    assert.deepEqual(await client.call("list_files"), {
      text: "File API error (401): Invalid or expired token",
      isError: true,
    });
  });

  test("uploads files in each way, lists and deletes them", async (context) => {
    const folder = await mkdtemp(join(tmpdir(), "uploads-"));
    context.after(() => rm(folder, { recursive: true }));
    const file_path = join(folder, "boat.png");
    await writeFile(file_path, png);
    const base64_data = png.toString("base64");

    const streamed = await client.call("upload_file", { file_path, upload_path: "boats" });
    assert.match(streamed.text, /^File uploaded successfully\./);
    assert.match(streamed.text, /File Name: boat.png\nSize: 0.0 KB\nType: image\/png\nExpires: 2025-10-\d\d/);
    const [, link] = /^File URL: (.+)$/m.exec(streamed.text) ?? [];
    const [, file_id] = /^File ID: (.+)$/m.exec(streamed.text) ?? [];
    assert.deepEqual(Buffer.from(await (await fetch(link)).arrayBuffer()), png);

    const encoded = await client.call("upload_file", { base64_data, file_name: "second.png" });
    assert.match(encoded.text, /Type: image\/png/);
    const linked = await client.call("upload_file", { file_url: "https://a.example/third.jpg" });
    assert.match(linked.text, /File Name: third.jpg\n.*\nType: image\/jpeg/);
    const invalid = await client.call("upload_file", { base64_data: "?" });
    assert.deepEqual(invalid, {
      text: "File API error (400): base64_data is not valid base64",
      isError: true,
    });

    const { text } = await client.call("list_files");
    assert.match(text, /^Quota: 3\/100 files used, 97 remaining \[default\]\n\nFiles \(page 1, total: 3\):/);
    assert.match(text, /- third.jpg .*\n {2}- second.png .*\n {2}- boat.png/);
    assert.match((await client.call("delete_file", { file_id })).text, /deleted successfully/);
    assert.match((await client.call("list_files")).text, /^Quota: 2\/100/);
  });
});
