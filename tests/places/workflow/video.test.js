import { serve } from "evolink-video/testing-server";
import { expect, test } from "vitest";
import { start } from "workflow/api";
import { generateVideo } from "./workflows/video.js";

const request = { model: "seedance-2.0", prompt: "A paper boat on a river" };

test("a lost answer, and a step that is repeated, are one charge", async () => {
  const { url, emulator, close } = await serve({ taskTime: 2, estimatedTime: 2 });
  Object.assign(process.env, { EVOLINK_API_KEY: "sk-test", EVOLINK_BASE_URL: url });
  // All attempts of the first step are lost, so that the engine repeats it.
  emulator.inject({ on: "create", fault: "network", carriedOut: true, times: 3 });
  const run = await start(generateVideo, [request]);
  const task = await run.returnValue;
  expect(task.status).toBe("completed");
  expect(emulator.counts.charges).toBe(1);
  expect(emulator.counts.submissions).toBe(4);
  await close();
});

test("what cannot succeed ends the run, and is not repeated", async () => {
  const { url, emulator, close } = await serve({ credits: 1 });
  Object.assign(process.env, { EVOLINK_API_KEY: "sk-test", EVOLINK_BASE_URL: url });
  const run = await start(generateVideo, [request]);
  await expect(run.returnValue).rejects.toThrow(/HTTP 402/);
  expect(emulator.counts.submissions).toBe(1);
  await close();
});
