// `waitAll` and `watchAll`, tested with the installed package and the emulator.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { importPackage, installPackage } from "../support/packed.js";

const request = { model: "seedance-2.0", prompt: "A paper boat on a river" };

describe("waitAll and watchAll", { concurrency: true }, () => {
  /** @type {Awaited<ReturnType<typeof importPackage>>} */
  let library;
  before(async () => {
    library = await importPackage(await installPackage());
  });

  /** @param {number} count */
  async function submitTasks(count) {
    const emulator = library.createEmulator({ estimatedTime: 1, taskTime: 1 });
    const client = new library.VideoClient({ apiKey: "sk-test", fetch: emulator.fetch });
    const submissions = Array.from({ length: count }, () => client.submit(request));
    const ids = (await Promise.all(submissions)).map(({ task }) => task.id);
    return { emulator, client, ids };
  }

  test("waitAll resolves with the tasks in the requested order, with few requests", async () => {
    const { emulator, client, ids } = await submitTasks(60);
    const tasks = await client.waitAll([...ids].reverse());
    assert.deepEqual(
      tasks.map(({ id }) => id),
      [...ids].reverse(),
    );
    assert.ok(tasks.every(({ status }) => status === "completed"));
    assert.equal(emulator.counts.reads, 0);
    // About ten rounds for tasks that end within their estimate, each of 50 tasks and 10.
    assert.ok(emulator.counts.batchReads <= 30, `${emulator.counts.batchReads}`);
  });

  test("watchAll yields each change, and stops polling when the loop exits", async () => {
    const { emulator, client, ids } = await submitTasks(3);
    const seen = new Map();
    for await (const task of client.watchAll(ids)) {
      seen.set(task.id, task.status);
      if (seen.size === 3 && [...seen.values()].every((status) => status === "completed")) break;
    }
    assert.deepEqual([...seen.keys()].sort(), [...ids].sort());
    const { batchReads } = emulator.counts;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(emulator.counts.batchReads, batchReads);
  });

  test("reads tasks one by one if the server does not support batches", async () => {
    const { emulator, client, ids } = await submitTasks(8);
    emulator.inject({ on: "batch", fault: { status: 404 } });
    const tasks = await client.waitAll(ids);
    assert.equal(tasks.length, 8);
    assert.equal(emulator.counts.batchReads, 1);
  });

  test("rejects for an unknown task after all others finished, with their results", async () => {
    const { client, ids } = await submitTasks(2);
    const missing = "task-unified-1761313744-missing1";
    await assert.rejects(
      client.waitAll([ids[0], missing, ids[1]]),
      (/** @type {import("../../pkg-template/index.js").EvolinkError} */ error) => {
        assert.ok(error instanceof library.NotFoundError);
        assert.equal(error.taskId, missing);
        assert.deepEqual(
          error.tasks?.map((task) => task?.status),
          ["completed", undefined, "completed"],
        );
        return true;
      },
    );
  });

  test("rejects invalid ids", async () => {
    const { client } = await submitTasks(1);
    for (const ids of ["task-1", [5], ["a/b"], undefined]) {
      await assert.rejects(client.waitAll(/** @type {any} */ (ids)), library.ConfigurationError);
    }
    assert.deepEqual(await client.waitAll([]), []);
  });
});
