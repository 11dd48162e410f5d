// Many tasks on one schedule, on the installed package against the emulator.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { imported, installed } from "../support/packed.js";

const request = { model: "seedance-2.0", prompt: "A paper boat on a river" };

describe("many tasks", { concurrency: true }, () => {
  /** @type {Awaited<ReturnType<typeof imported>>} */
  let library;
  before(async () => {
    library = await imported(await installed());
  });

  /** @param {number} count */
  async function submitted(count) {
    const emulator = library.createEmulator({ estimatedTime: 1, taskTime: 1 });
    const client = new library.VideoClient({ apiKey: "sk-test", fetch: emulator.fetch });
    const submissions = Array.from({ length: count }, () => client.submit(request));
    const ids = (await Promise.all(submissions)).map(({ task }) => task.id);
    return { emulator, client, ids };
  }

  test("waitAll gives each terminal task in the order asked, with few calls", async () => {
    const { emulator, client, ids } = await submitted(60);
    const tasks = await client.waitAll([...ids].reverse());
    assert.deepEqual(
      tasks.map(({ id }) => id),
      [...ids].reverse(),
    );
    assert.ok(tasks.every(({ status }) => status === "completed"));
    assert.equal(emulator.counts.reads, 0);
    assert.ok(emulator.counts.batchReads <= 10, `${emulator.counts.batchReads}`);
  });

  test("watchAll gives each change, and leaving the loop stops the reads", async () => {
    const { emulator, client, ids } = await submitted(3);
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

  test("where the server does not know the call, they are read one by one", async () => {
    const { emulator, client, ids } = await submitted(8);
    emulator.inject({ on: "batch", fault: { status: 404 } });
    const tasks = await client.waitAll(ids);
    assert.equal(tasks.length, 8);
    assert.equal(emulator.counts.batchReads, 1);
  });

  test("one that cannot be read is told when all others are done, and they are with it", async () => {
    const { client, ids } = await submitted(2);
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

  test("what is no list of ids is refused", async () => {
    const { client } = await submitted(1);
    for (const ids of ["task-1", [5], ["a/b"], undefined]) {
      await assert.rejects(client.waitAll(/** @type {any} */ (ids)), library.ConfigurationError);
    }
    assert.deepEqual(await client.waitAll([]), []);
  });
});
