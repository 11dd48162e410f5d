// Answers of the emulator, recorded for the Rust tests: `node tests/serde/emulator.test.js --record`.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { json, setUp } from "../emulator/support.js";

const file = fileURLToPath(new URL("emulator.json", import.meta.url));

/** Each run of the emulator: its options, the request, and when the task is read, in emulated seconds. */
const runs = [
  { name: "linear progress", times: [0, 10, 30, 55, 60] },
  { name: "steps", options: { progress: /** @type {const} */ ("steps") }, times: [15, 45, 60] },
  {
    name: "result_data",
    options: { resultShape: /** @type {const} */ ("result_data[].video_url") },
    times: [60],
  },
  { name: "output", options: { resultShape: /** @type {const} */ ("output.video_url") }, times: [60] },
  {
    name: "failed",
    options: { outcome: { code: "content_policy_violation", message: "The prompt was refused. ☂" } },
    times: [40, 60],
  },
  { name: "cancelled", options: { outcome: /** @type {const} */ ("cancelled") }, times: [60] },
];

async function answers() {
  /** @type {Record<string, unknown[]>} */
  const answers = {};
  for (const { name, options, times } of runs) {
    const { task, read, advance } = setUp(options);
    const created = await task();
    answers[name] = [created];
    let time = 0;
    for (const next of times) {
      advance(next - time);
      time = next;
      answers[name].push(await read(created.id));
    }
  }
  const refused = setUp();
  answers["refused"] = [await json(await refused.create({ model: "seedance-2.0" }))];
  // The end of an id is random.
  return JSON.parse(JSON.stringify(answers).replaceAll(/(task-unified-\d+-)\w+/g, "$1abcd1234"));
}

if (process.argv.includes("--record"))
  writeFileSync(file, `${JSON.stringify(await answers(), undefined, 2)}\n`);

test("the emulator still answers what the Rust tests read", async () => {
  assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), await answers());
});
