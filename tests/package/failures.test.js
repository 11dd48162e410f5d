// The installed package with failing servers, in Node, Chromium and workerd: destroyed sockets, truncated bodies, no
// response. The table of failures in www/guides/errors.md is compared with the results.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createEmulator } from "../../pkg-template/testing.js";
import { read } from "../../tools/setup.js";
import { startServer } from "../../tools/server.js";
import { firstLogOf, skipWithoutChromium, startChromium } from "../support/browser.js";
import { installPackage } from "../support/packed.js";
import { runProgram } from "../support/program.js";
import { fetchJson } from "../support/journeys.js";
import { bundleWorker, newestCompatibilityDate, startWorkerd } from "../support/workerd.js";
import { phases, scenarios } from "./apps/failures.mjs";

/** @typedef {import("./apps/failures.mjs").Facts} Facts */
/** @typedef {import("../../pkg-template/testing.js").Emulator} Emulator */
/** @typedef {(folder: string, urls: string) => Promise<Facts>} Run */

/** Additional time on a busy machine. */
const slackMs = 1_500;

/** @type {{ name: string, run: Run, skip?: string | boolean }[]} */
const hosts = [
  {
    name: "Node",
    run: async (folder, URLS) => {
      const env = { ...process.env, URLS };
      return JSON.parse(await runProgram(process.execPath, ["failures-node.mjs"], { cwd: folder, env }));
    },
  },
  { name: "Chromium", run: inChromium, skip: skipWithoutChromium },
  { name: "workerd", run: inWorkerd },
];

for (const { name, run, skip } of hosts) {
  describe(`failures in ${name}`, { skip }, () => {
    /** @type {Record<string, Emulator>} */
    const emulators = {};
    /** @type {{ close: () => Promise<void> }[]} */
    const servers = [];
    /** @type {Facts} */
    let facts;

    before(async () => {
      const folder = await installPackage(fileURLToPath(new URL("apps", import.meta.url)));
      const options = Object.entries(scenarios).map(
        ([name, { emulated }]) => /** @type {const} */ ([name, emulated]),
      );
      /** @type {Record<string, string>} */
      const urls = {};
      for (const [name, emulated] of [...options, ...Object.entries(phases)]) {
        emulators[name] = createEmulator(emulated);
        const emulator =
          name === "generate: unknown status" ? withUnknownStatus(emulators[name]) : emulators[name];
        const server = await startServer({ emulator });
        servers.push(server);
        urls[name] = server.url;
      }
      facts = await run(folder, JSON.stringify(urls));
    });
    after(() => Promise.all(servers.map((server) => server.close())));

    /** What the client and the server observed. @param {string} name */
    const resultOf = (name) => {
      const { requests, counts } = emulators[name];
      const creates = requests.filter(({ operation }) => operation === "create");
      const keys = new Set(creates.map(({ idempotencyKey }) => idempotencyKey));
      return { ...facts.outcomes[name], creates: creates.length, keys: keys.size, charges: counts.charges };
    };

    /**
     * Checks the number of create requests. Chromium resends a POST if a reused connection breaks. Only the key
     * prevents a second charge then.
     * @param {number} expected
     * @param {number} attempts
     * @param {number} creates
     */
    const assertCreates = (expected, attempts, creates) => {
      if (name !== "Chromium") assert.deepEqual([attempts, creates], [expected, expected]);
      else assert.ok(attempts <= expected && creates >= expected && creates <= 2 * expected, `${creates}`);
    };

    for (const [name, leastMs, mostMs] of /** @type {const} */ ([
      ["create: connection lost once", 0, 500],
      ["create: body truncated", 0, 500],
      ["create: body stalls", 350, 900],
      ["create: endless body", 350, 900],
    ])) {
      test(`${name}: retries with the same key and is charged once`, () => {
        const { elapsedMs, result, creates, attempts, keys, charges, error } = resultOf(name);
        assert.equal(error, undefined);
        assert.deepEqual(result, { replayed: true, status: "pending" });
        assert.deepEqual({ keys, charges }, { keys: 1, charges: 1 });
        assertCreates(2, attempts, creates);
        assertWithin(elapsedMs, leastMs, mostMs);
      });
    }

    for (const [name, leastMs, mostMs] of /** @type {const} */ ([
      ["create: connection always lost", 0, 1_500],
      ["create: no response", 1_150, 2_700],
    ])) {
      test(`${name}: three attempts with one key, one charge, OutcomeUnknownError`, () => {
        const { elapsedMs, creates, attempts, keys, charges, error } = resultOf(name);
        assert.deepEqual(
          [error?.name, error?.isTyped, error?.charged, error?.hasKey],
          ["OutcomeUnknownError", true, "unknown", true],
        );
        assert.deepEqual({ keys, charges }, { keys: 1, charges: 1 });
        assertCreates(3, attempts, creates);
        assertWithin(elapsedMs, leastMs, mostMs);
      });
    }

    for (const [name, className, attempts, leastMs, mostMs] of /** @type {const} */ ([
      ["read: connection always lost", "ConnectionError", 2, 0, 500],
      ["read: no response", "RequestTimeoutError", 1, 350, 400],
      ["read: body truncated", "ServerError", 2, 0, 0],
    ])) {
      test(`${name}: rejects with ${className}`, () => {
        const { elapsedMs, error, ...rest } = resultOf(name);
        assert.deepEqual([error?.name, error?.isTyped, error?.charged], [className, true, "no"]);
        assert.equal(rest.attempts, attempts);
        assertWithin(elapsedMs, leastMs, mostMs);
      });
    }

    test("waits for `Retry-After`", () => {
      const { elapsedMs, result, creates, charges } = resultOf("create: 429 with Retry-After");
      assert.deepEqual(result, { replayed: false, status: "pending" });
      assert.deepEqual({ creates, charges }, { creates: 2, charges: 1 });
      assertWithin(elapsedMs, 1_000, 1_250);
    });

    test("lost reads do not end the wait", () => {
      const { result, creates, charges } = resultOf("generate: reads lose their connection twice");
      assert.deepEqual({ result, creates, charges }, { result: "completed", creates: 1, charges: 1 });
    });

    test("an unknown status does not end the wait", () => {
      const { result, charges } = resultOf("generate: unknown status");
      assert.deepEqual({ result, charges }, { result: ["pending", "transcoding", "completed"], charges: 1 });
    });

    test("an abort rejects within 50 ms with its reason in each phase", () => {
      const aborts = Object.entries(facts.aborts);
      assert.equal(aborts.length, 20);
      const late = aborts.filter(([, { same, elapsedMs }]) => !same || elapsedMs > 50);
      assert.deepEqual(late, []);
      // Each abort happened in its phase.
      const statuses = Object.keys(phases).map((phase) => {
        const creates = emulators[phase].requests.filter(({ operation }) => operation === "create");
        return [phase, ...new Set(creates.map(({ status }) => status))];
      });
      assert.deepEqual(statuses, [
        ["before the start"],
        ["in flight", null],
        ["while the body is read", 200],
        ["between attempts", 429],
        ["between polls", 200],
      ]);
    });

    test("the table in www/guides/errors.md has the measured numbers", () => {
      const { attempts, pausesMs, keys, charges, error } = resultOf("create: connection always lost");
      assert.ok(pausesMs <= 1_500, `${pausesMs}`);
      const retryAfterMs = resultOf("create: 429 with Retry-After").pausesMs;
      assert.ok(retryAfterMs >= 1_000 && retryAfterMs <= 1_250, `${retryAfterMs}`);
      const [create, retryAfter, , abort] = documentedColumn();
      assert.deepEqual(numbersIn(create), [attempts, 1.5, keys, charges]);
      assert.ok(create.includes(`\`${error?.name}\``), create);
      assert.deepEqual(numbersIn(retryAfter), [1, 1.25]);
      assert.deepEqual(numbersIn(abort), [50]);
    });

    test("a mocked global `fetch` can return a `Response` of another realm", () => {
      assert.deepEqual([facts.foreign.result, facts.foreign.error], ["processing", undefined]);
    });

    test("rejects with a typed error if a global `fetch` rejects with a string", () => {
      const { error } = facts.foreignFailure;
      assert.deepEqual([error?.name, error?.cause], ["OutcomeUnknownError", "string"]);
    });

    test("a trap rejects pending calls, and the next call works", () => {
      const { trapped, pending, next } = facts.trap;
      for (const { error } of [trapped, pending])
        assert.deepEqual([error?.code, error?.isTyped, error?.charged], ["internal_error", true, "unknown"]);
      assert.deepEqual(next.result, { replayed: false, status: "pending" });
    });
  });
}

/** The column of this package in that table. */
function documentedColumn() {
  const section = read("www/guides/errors.md").split("\n## When things go wrong\n")[1].split("\n## ")[0];
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) => row.split("|")[2].trim());
}

/** @param {string} cell */
const numbersIn = (cell) => (cell.match(/\d+(\.\d+)?/g) ?? []).map(Number);

/** @param {number} elapsedMs @param {number} least @param {number} most */
function assertWithin(elapsedMs, least, most) {
  assert.ok(
    elapsedMs >= least && elapsedMs <= most + slackMs,
    `${elapsedMs} ms, expected ${least} to ${most}`,
  );
}

/** Replaces the status `processing` with an unknown one. @param {Emulator} emulator @returns {Emulator} */
function withUnknownStatus(emulator) {
  return {
    ...emulator,
    async fetch(input, init) {
      const response = await emulator.fetch(input, init);
      const text = (await response.text()).replace('"processing"', '"transcoding"');
      return new Response(text || null, response);
    },
  };
}

/** @type {Run} */
async function inChromium(folder, urls) {
  const server = await startServer({ statics: { "/": folder } });
  const browser = await startChromium();
  try {
    return JSON.parse(
      await firstLogOf(browser, `${server.url}/failures.html?urls=${encodeURIComponent(urls)}`),
    );
  } finally {
    await browser.close();
    await server.close();
  }
}

/** @type {Run} */
async function inWorkerd(folder, URLS) {
  const worker = await bundleWorker(join(folder, "failures-worker.mjs"), folder);
  const compatibilityDate = newestCompatibilityDate;
  const { url, stop } = await startWorkerd({ ...worker, compatibilityDate, env: { URLS } });
  try {
    return await fetchJson(url);
  } finally {
    await stop();
  }
}
