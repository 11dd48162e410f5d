// Workflows, Durable Objects and R2 of miniflare, against the emulator, with kills of the whole process group.
import assert from "node:assert/strict";
import { copyFile, cp, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { serve } from "../../pkg-template/testing-server.js";
import { emptyFolder, installPackage } from "../support/packed.js";
import { root } from "../../tools/setup.js";
import { startProgram } from "../support/program.js";
import { randomNumbers } from "../support/random.js";
import { bundleWorker } from "../support/workerd.js";

const here = fileURLToPath(new URL(".", import.meta.url));
/** @typedef {Awaited<ReturnType<typeof createHost>>} Host */

/** @type {string} */
let app;

before(async () => {
  app = await installPackage();
  await cp(join(here, "worker"), app, { recursive: true });
});

/** The worker on storages that outlive it. @param {string} api */
async function createHost(api) {
  const folder = await emptyFolder();
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await copyFile(join(app, "serve.js"), join(folder, "serve.mjs"));
  const { script, modules } = await bundleWorker(join(app, "worker.js"), folder);
  for (const path of Object.values(modules)) await copyFile(path, join(folder, basename(path)));
  const files = Object.fromEntries(Object.keys(modules).map((name) => [name, join(folder, basename(name))]));
  const args = ["serve.mjs", script, JSON.stringify(files), api, folder];
  const start = () => startProgram(process.execPath, args, { cwd: folder });
  let server = await start();
  return {
    /** @param {string} path @returns {Promise<any>} */
    get: async (path) => (await fetch(server.url + path)).json(),
    /** SIGKILL of the process group, because workerd would continue alone. */
    async kill() {
      await server.stop();
      server = await start();
    },
    stop: () => server.stop(),
  };
}

/** @param {() => Promise<any>} find */
async function until(find) {
  for (let attempt = 0; attempt < 150; attempt++) {
    const found = await find();
    if (found) return found;
    await pause(200);
  }
  return assert.fail("it took too long");
}

test("a Workflow stores one video, with its digest", { timeout: 90_000 }, async () => {
  const api = await serve({ taskTime: 2, estimatedTime: 2 });
  const host = await createHost(api.url);
  try {
    await host.get("/wf/start");
    const { output } = await until(async () => {
      const status = await host.get("/wf/status");
      return status.status === "complete" && status;
    });
    assert.match(output.sha256, /^[0-9a-f]{64}$/);
    assert.deepEqual([output.stored, api.emulator.counts.charges], [true, 1]);
  } finally {
    await host.stop();
    await api.close();
  }
});

test("a Durable Object that is killed at any time charges once", { timeout: 120_000 }, async () => {
  for (const killAfterMs of [0, 300, 1_200, 2_600]) {
    const api = await serve({ taskTime: 2, estimatedTime: 2 });
    const host = await createHost(api.url);
    try {
      await host.get("/do/submit");
      await pause(killAfterMs);
      await host.kill();
      const saved = await until(() => host.get("/do"));
      assert.match(saved.sha256, /^[0-9a-f]{64}$/);
      assert.equal(api.emulator.counts.charges, 1);
      assert.deepEqual(await host.get("/videos"), ["do.mp4"]);
    } finally {
      await host.stop();
      await api.close();
    }
  }
});

test(
  "a Workflow that is killed at any time charges once, and stores one video",
  { timeout: 240_000 },
  async () => {
    for (const killAfterMs of [0, 150, 400, 900, 1_600, 2_300, 2_800]) {
      const api = await serve({ taskTime: 2, estimatedTime: 2 });
      const host = await createHost(api.url);
      try {
        await host.get("/wf/start");
        await pause(killAfterMs);
        await host.kill();
        if ((await host.get("/wf/status"))?.status !== "complete") await host.get("/wf/wake");
        await until(async () => (await host.get("/wf/status"))?.status === "complete");
        assert.equal(api.emulator.counts.charges, 1, `killed after ${killAfterMs} ms`);
        assert.equal((await host.get("/videos")).length, 1, `killed after ${killAfterMs} ms`);
      } finally {
        await host.stop();
        await api.close();
      }
    }
  },
);

const seed = Number(process.env.SEED ?? 1);
const rounds = Number(process.env.ROUNDS ?? 6);
const lost = /** @type {const} */ ([
  { fault: "network" },
  { fault: "network", carriedOut: true },
  { fault: { status: 503 } },
]);

for (const [
  name,
  start,
  wake,
  isDone,
] of /** @type {[string, string, string | null, (host: Host) => Promise<boolean>][]} */ ([
  ["Workflow", "/wf/start", "/wf/wake", async ({ get }) => (await get("/wf/status"))?.status === "complete"],
  ["Durable Object", "/do/submit", null, async ({ get }) => (await get("/do")) !== null],
]))
  test(
    `a ${name} under faults, killed at random moments, charges once and stores one video: seed ${seed}, ${rounds} rounds`,
    { timeout: 60_000 * rounds },
    async () => {
      for (let round = 0; round < rounds; round++) {
        const random = randomNumbers(seed * 1_000 + round);
        const api = await serve({
          taskTime: 2,
          estimatedTime: 2,
          faults: [
            { on: "create", seed: seed * 1_000 + round, rate: 0.3, among: lost },
            { on: "read", seed: seed * 1_000 + round, rate: 0.3, among: lost },
          ],
        });
        const host = await createHost(api.url);
        const kills = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
          Math.floor(random() * 3_000),
        );
        const said = `round ${round}, killed after ${kills.join(", ")} ms`;
        try {
          // The call itself may be killed. The caller repeats it.
          void host.get(start).catch(() => {});
          for (const ms of kills) {
            await pause(ms);
            await host.kill();
            await host.get(wake ?? start).catch(() => {});
          }
          for (let attempt = 0; !(await isDone(host)); attempt++) {
            assert.ok(attempt < 300, said);
            await pause(200);
            // In production, neither needs it. miniflare loses the timer of a Workflow with its process.
            if (wake && attempt % 50 === 49) await host.get(wake).catch(() => {});
          }
          assert.equal(api.emulator.counts.charges, 1, said);
          assert.equal((await host.get("/videos")).length, 1, said);
        } finally {
          await host.stop();
          await api.close();
        }
      }
    },
  );
