// The recipe for BullMQ on a real Redis, with a worker that is killed after the charge.
import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { serve } from "../../pkg-template/testing-server.js";
import { installLocked } from "../support/packed.js";
import { startProgram } from "../support/program.js";
import { skipWithoutRedis as skip, startRedis } from "../support/redis.js";

const here = fileURLToPath(new URL(".", import.meta.url));

test(
  "a job whose worker is killed after the charge is one charge and one video",
  { skip, timeout: 120_000 },
  async (t) => {
    const folder = await installLocked(here);
    await cp(join(here, "recipes/bullmq.js"), join(folder, "worker.js"));

    const redis = await startRedis();
    t.after(redis.stop);
    const api = await serve({ taskTime: 2, estimatedTime: 2 });
    t.after(() => api.close());
    const REDIS_URL = `redis://127.0.0.1:${redis.port}`;
    const env = { ...process.env, REDIS_URL, EVOLINK_API_KEY: "sk-test", EVOLINK_BASE_URL: api.url };
    const start = () => startProgram(process.execPath, ["worker.js"], { cwd: folder, env });

    const load = createRequire(join(folder, "package.json"));
    const { Queue } = load("bullmq");
    const { Redis } = load("ioredis");
    const connection = new Redis(REDIS_URL, { maxRetriesPerRequest: null });
    const queue = new Queue("videos", { connection });
    t.after(async () => {
      await queue.close();
      connection.disconnect();
    });
    const request = { model: "seedance-2.0", prompt: "A paper boat on a river" };
    const job = await queue.add("video", { request }, { jobId: "order-7", attempts: 5 });

    // The answer to the submission takes a while: the worker dies in between.
    api.emulator.inject({ on: "create", fault: "no-answer", carriedOut: true, times: 1 });
    const first = await start();
    while (api.emulator.counts.charges === 0) await pause(20);
    await first.stop();
    const second = await start();
    t.after(() => second.stop());
    while (!(await job.isCompleted())) {
      assert.equal(await job.isFailed(), false);
      await pause(100);
    }
    const { returnvalue } = await queue.getJob("order-7");
    assert.match(returnvalue.results[0], /\.mp4$/);
    assert.equal(api.emulator.counts.charges, 1);
    assert.equal(api.emulator.counts.submissions, 2);
  },
);
