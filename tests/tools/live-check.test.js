// `npm run live-check` against the emulator, and against servers that answer otherwise.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createEmulator } from "../../pkg-template/testing.js";
import { serve } from "../../pkg-template/testing-server.js";
import { report } from "../../tools/live-check/report.js";
import { batchMax } from "../../tools/live-check/tasks.js";
import { liveCheck } from "../../tools/live-check.js";
import { read, root } from "../../tools/setup.js";

/** @typedef {import("../../tools/live-check/finding.js").Finding} Finding */
/** @typedef {import("../../pkg-template/testing.js").EmulatorOptions} EmulatorOptions */
/** @typedef {import("../../pkg-template/testing.js").Emulator} Emulator */
/** @typedef {Emulator["fetch"]} Fetch */

const key = "sk-secret-of-a-user";
const { knownModels } = await import("../../pkg/index.js");
const models = knownModels.map(({ id }) => id);
/** The price of the cheapest generation in the library's table: 4 s of 720p with the smallest model. */
const price = 10.8;

/**
 * @param {EmulatorOptions} [options]
 * @param {(fetch: Fetch) => Fetch} [changed] what the server does otherwise
 */
async function check(options, changed = (fetch) => fetch, spend = false) {
  let time = Date.now();
  const emulator = createEmulator({
    ...{ apiKeys: [key], models, price, taskTime: 20, now: () => time },
    ...options,
  });
  const fetch = /** @type {any} */ (changed(emulator.fetch));
  /** @type {string[]} */
  const said = [];
  const findings = await liveCheck({
    ...{ key, fetch, now: () => time },
    wait: async (ms) => void (time += ms),
    say: (line) => said.push(line),
    ...(spend && { confirm: async (described) => said.push(described) > 0 }),
  });
  return { emulator, findings, said };
}

/** @param {Finding[]} findings @param {string} question */
function found(findings, question) {
  const finding = findings.find((each) => each.question === question);
  assert.ok(
    finding,
    `no finding for "${question}" among ${findings.map((each) => each.question).join(" | ")}`,
  );
  return finding;
}

/** @param {Finding[]} findings @param {import("../../tools/live-check/finding.js").Verdict} verdict */
const questionsWith = (findings, verdict) =>
  findings.filter((each) => each.verdict === verdict).map(({ question }) => question);

/** Changes the answers to some requests. @param {(request: Request, answer: () => Promise<Response>) => Promise<Response>} change @returns {(fetch: Fetch) => Fetch} */
const answering = (change) => (fetch) => (input, init) => {
  const request = new Request(input, init);
  return change(request.clone(), () => fetch(request));
};

/** @param {Response} response @param {(headers: Headers) => void} change */
function withHeaders(response, change) {
  const headers = new Headers(response.headers);
  change(headers);
  return new Response(response.body, { status: response.status, headers });
}

/** @param {(headers: Headers) => void} change */
const headersOfAll = (change) => answering(async (_request, answer) => withHeaders(await answer(), change));

test("an API as the library assumes it differs nowhere, and nothing is spent", async () => {
  const { emulator, findings } = await check();
  assert.deepEqual(questionsWith(findings, "differs"), []);
  assert.deepEqual(questionsWith(findings, "open"), []);
  assert.equal(emulator.counts.submissions, 0);
  assert.equal(emulator.counts.charges, 0);
  const uploads = emulator.requests.filter(({ operation }) => operation === "upload").length;
  const deletions = emulator.requests.filter(({ operation }) => operation === "delete").length;
  assert.deepEqual([uploads, deletions], [3, 3]);
});

/**
 * What an API may answer, and what it means.
 * @type {{ name: string, options?: EmulatorOptions, changed?: (fetch: Fetch) => Fetch, spend?: boolean, verdict: import("../../tools/live-check/finding.js").Verdict, question: string, answer: RegExp, file?: string }[]}
 */
const branches = [
  {
    name: "CORS, answered",
    ...{ verdict: "new", question: "May a page submit?", answer: /^yes \(204\)$/, file: "README.md" },
  },
  {
    name: "CORS, not answered",
    changed: headersOfAll((headers) => headers.delete("access-control-allow-origin")),
    ...{ verdict: "new", question: "May a page submit?", answer: /^no .*the origin/, file: "README.md" },
  },
  {
    name: "CORS, without the header of idempotency keys",
    changed: headersOfAll((headers) =>
      headers.set("access-control-allow-headers", "Authorization, Content-Type"),
    ),
    ...{ verdict: "new", question: "May a page submit?", answer: /it does not allow idempotency-key$/ },
  },
  {
    name: "CORS, with a wildcard, which does not include the key",
    changed: headersOfAll((headers) => headers.set("access-control-allow-headers", "*")),
    ...{ verdict: "new", question: "May a page read tasks?", answer: /it does not allow authorization$/ },
  },
  {
    name: "CORS of the files API, refused",
    changed: answering(async (request, answer) =>
      request.method === "OPTIONS" && request.url.includes("files-api")
        ? new Response(null, { status: 405 })
        : answer(),
    ),
    ...{ verdict: "new", question: "May a page upload files?", answer: /^no \(405\)/ },
  },
  {
    name: "CORS, behind a proxy with a page of its own",
    changed: answering(async (request, answer) =>
      request.method === "OPTIONS" ? new Response("<html>", { status: 403 }) : answer(),
    ),
    ...{ verdict: "open", question: "May a page submit?", answer: /^403 an HTML page$/ },
  },
  {
    name: "headers, exposed",
    ...{ verdict: "new", question: "Which headers can a page read?", answer: /retry-after.*hidden: date$/ },
  },
  {
    name: "headers, hidden",
    changed: headersOfAll((headers) => headers.delete("access-control-expose-headers")),
    ...{ verdict: "new", question: "Which headers can a page read?", answer: /^exposed: none/ },
  },
  {
    name: "credits in another form",
    options: { faults: [{ on: "credits", fault: { status: 200, body: { data: { balance: 7 } } } }] },
    ...{ verdict: "differs", question: "Does GET /v1/credits answer as documented?", answer: /balance/ },
    file: "src/domain/listing.rs",
  },
  {
    name: "no credits",
    options: { faults: [{ on: "credits", fault: { status: 404, body: {} } }] },
    ...{ verdict: "differs", question: "Does GET /v1/credits answer as documented?", answer: /^404$/ },
    file: "src/domain/api/endpoint.rs",
  },
  {
    name: "a wrong key, refused with an unknown code",
    changed: answering(async (request, answer) =>
      request.headers.get("authorization")?.includes("wrong")
        ? Response.json({ error: { code: "BAD_KEY" } }, { status: 403 })
        : answer(),
    ),
    ...{ verdict: "differs", question: "How is a wrong key refused?", answer: /^403 bad_key$/ },
    file: "src/domain/api/code.rs",
  },
  {
    name: "a wrong key, accepted",
    options: { apiKeys: undefined },
    ...{ verdict: "differs", question: "How is a wrong key refused?", answer: /^not at all/ },
  },
  {
    name: "the plain model, not served",
    options: { models: models.filter((id) => id !== "seedance-2.0") },
    ...{ verdict: "new", question: "Is the plain `seedance-2.0` served?", answer: /not/ },
    file: "src/domain/config.rs",
  },
  {
    name: "a variant, not served",
    options: { models: models.slice(0, -1) },
    ...{ verdict: "new", question: "Are all known variants served?", answer: RegExp(`${models.at(-1)}$`) },
    file: "src/domain/api/models.rs",
  },
  {
    name: "a new model",
    options: { models: [...models, "seedance-9.9-text-to-video"] },
    ...{ verdict: "new", question: "Are there unknown Seedance models?", answer: /^seedance-9\.9/ },
    file: "src/domain/api/models.rs",
  },
  {
    name: "no list of models",
    options: { faults: [{ on: "models", fault: { status: 404, body: {} } }] },
    ...{ verdict: "differs", question: "Does GET /v1/models list ids?", answer: /^404$/ },
    file: "src/domain/api/endpoint.rs",
  },
  {
    name: "a malformed id, not found",
    options: { faults: [{ on: "read", fault: { status: 404, body: {} } }] },
    ...{ verdict: "differs", question: "How is a malformed id refused?", answer: /^404$/ },
    file: "src/domain/api/code.rs",
  },
  {
    name: "no list of tasks",
    options: { faults: [{ on: "list", fault: { status: 404, body: {} } }] },
    ...{ verdict: "differs", question: "Does GET /v1/tasks list tasks?", answer: /^404$/ },
    file: "src/domain/api/endpoint.rs",
  },
  {
    name: "a list without pages",
    options: {
      faults: [{ on: "list", fault: { status: 200, body: { data: [{}, {}, {}] } } }],
    },
    ...{ verdict: "differs", question: "Does the list have pages?", answer: /^3 tasks/ },
    file: "src/client/calls.rs",
  },
  {
    name: "no batch",
    options: { faults: [{ on: "batch", fault: { status: 405, body: {} } }] },
    ...{ verdict: "differs", question: "Does POST /v1/tasks/batch read many tasks?", answer: /^405$/ },
    file: "src/domain/api/endpoint.rs",
  },
  {
    name: "a batch of none as `null`",
    options: { faults: [{ on: "batch", fault: { status: 200, body: { code: 200, data: null } } }] },
    ...{ verdict: "confirmed", question: "Does POST /v1/tasks/batch read many tasks?", answer: /null/ },
  },
  {
    name: "larger batches",
    options: { faults: [{ on: "batch", fault: { status: 200, body: { data: [] } } }] },
    ...{ verdict: "new", question: "May a batch have 50 ids, and no more?", answer: /51: 200/ },
    file: "src/domain/api/numbers.rs",
  },
  {
    name: "smaller batches",
    options: {
      faults: [
        {
          on: "batch",
          when: ({ body }) => /** @type {any} */ (body).task_ids.length > 20,
          fault: { status: 400 },
        },
      ],
    },
    ...{ verdict: "differs", question: "May a batch have 50 ids, and no more?", answer: /^50: 400/ },
    file: "src/domain/api/numbers.rs",
  },
  {
    name: "links in single reads alone",
    changed: answering(async (request, answer) => {
      const { pathname } = new URL(request.url);
      const task = { id: "task-unified-1700000000-00000009", status: "completed" };
      if (pathname === "/v1/tasks") return Response.json({ total: 1, data: [task] });
      if (pathname === `/v1/tasks/${task.id}`)
        return Response.json({ ...task, results: ["https://cdn.example/1.mp4"] });
      return pathname === "/v1/tasks/batch" ? Response.json({ data: [task] }) : answer();
    }),
    ...{ verdict: "differs", question: "Does a batch return links?", answer: /^no/ },
    file: "src/client/retrieve.rs",
  },
  {
    name: "too many requests",
    options: { faults: [{ on: "list", fault: { status: 429 } }] },
    ...{ verdict: "open", question: "Does GET /v1/tasks list tasks?", answer: /^429/ },
  },
  {
    name: "a connection that breaks",
    options: { faults: [{ on: "batch", fault: "network" }] },
    ...{ verdict: "open", question: "Does POST /v1/tasks/batch read many tasks?", answer: /^no answer: / },
  },
  {
    name: "no audio among the files",
    changed: answering(async (request, answer) => {
      const isAudio = request.url.includes("/upload/") && (await request.text()).includes("audio/wav");
      return isAudio ? Response.json({ success: false, code: 400, msg: "unsupported type" }) : answer();
    }),
    ...{ verdict: "differs", question: "Can audio be uploaded?", answer: /^no: 200 unsupported type$/ },
    file: "pkg-template/testing/file-type.js",
  },
  {
    name: "no files API",
    options: { faults: [{ on: "upload", fault: { status: 404, body: {} } }] },
    ...{ verdict: "differs", question: "Can an image be uploaded?", answer: /^no: 404$/ },
    file: "src/domain/api/endpoint.rs",
  },
  {
    name: "no URL of a file",
    options: {
      faults: [{ on: "upload", fault: { status: 200, body: { success: true, data: { path: "/1" } } } }],
    },
    ...{
      verdict: "differs",
      question: "Can an image be uploaded?",
      answer: /without `file_url`: the fields path$/,
    },
    file: "src/client/upload.rs",
  },
  {
    name: "no receipts",
    options: { faults: [{ on: "receipt", fault: { status: 404, body: {} } }] },
    ...{ verdict: "differs", question: "Is there a receipt for an upload?", answer: /^404$/ },
    file: "src/domain/api/endpoint.rs",
  },
  {
    name: "files that cannot be deleted",
    options: { faults: [{ on: "delete", fault: { status: 405, body: {} } }] },
    ...{ verdict: "new", question: "Can a video be deleted?", answer: /^no: 405$/ },
  },
  {
    name: "a file that its URL does not serve",
    options: { faults: [{ on: "file", fault: { status: 403, body: {} } }] },
    ...{ verdict: "differs", question: "Does the URL of a file serve it?", answer: /^403$/ },
    file: "src/client/upload.rs",
  },
  {
    name: "idempotency keys, honoured",
    spend: true,
    ...{ verdict: "confirmed", question: "Is the same key charged only once?", answer: /^yes/ },
  },
  {
    name: "idempotency keys, ignored",
    spend: true,
    changed: (fetch) => (input, init) => {
      const headers = new Headers(init?.headers);
      headers.delete("idempotency-key");
      return fetch(input, { ...init, headers });
    },
    ...{ verdict: "differs", question: "Is the same key charged only once?", answer: /^no/ },
    file: "src/domain/retry.rs",
  },
  {
    name: "idempotency keys, honoured by a refusal",
    spend: true,
    options: { faults: [{ on: "create", nth: 2, fault: { status: 409 } }] },
    ...{ verdict: "confirmed", question: "Is the same key charged only once?", answer: /^409/ },
  },
  {
    name: "replays without a header",
    spend: true,
    changed: headersOfAll((headers) => headers.delete("idempotency-replayed")),
    ...{ verdict: "differs", question: "Does a replay say so?", answer: /^no/ },
    file: "pkg-template/index.d.ts",
  },
  {
    name: "another price",
    spend: true,
    options: { price: 20 },
    ...{ verdict: "differs", question: "What does it cost?", answer: /^20 credits, not 10.8$/ },
    file: "src/domain/api/price.rs",
  },
  {
    name: "the known price",
    spend: true,
    ...{ verdict: "confirmed", question: "What does it cost?", answer: /^10.8 credits$/ },
  },
  {
    name: "a task that fails",
    spend: true,
    options: { outcome: { code: "service_error", message: "Try again" } },
    ...{ verdict: "confirmed", question: "What does it cost?", answer: /^nothing/ },
  },
  {
    name: "a create call that is refused",
    spend: true,
    options: { credits: 1 },
    ...{ verdict: "differs", question: "Is a create call accepted?", answer: /^no: 402 insufficient_quota$/ },
  },
  {
    name: "a link in an unknown place",
    spend: true,
    options: { resultShape: "none" },
    ...{ verdict: "differs", question: "Where is the video?", answer: /^not in a known place/ },
    file: "src/domain/api/link.rs",
  },
  {
    name: "a task that does not end",
    spend: true,
    options: { taskTime: NaN },
    ...{ verdict: "open", question: "How does the task end?", answer: /^not within 30 min$/ },
  },
  {
    name: "other ids",
    spend: true,
    options: { idField: "task_id", wrapTasks: true },
    ...{ verdict: "confirmed", question: "Which form has an id?", answer: /^task-unified-/ },
  },
];

describe("learns of", () => {
  for (const { name, options, changed, spend, verdict, question, answer, file } of branches)
    test(name, async () => {
      const { emulator, findings } = await check(options, changed, spend);
      const finding = found(findings, question);
      assert.match(finding.answer, answer);
      assert.equal(finding.verdict, verdict);
      if (file)
        assert.ok(finding.changes.map((change) => change.file).includes(file), JSON.stringify(finding));
      for (const change of findings.flatMap(({ changes }) => changes))
        assert.ok(existsSync(join(root, change.file)), `${change.file} does not exist`);
      if (!spend) assert.equal(emulator.counts.submissions, 0);
    });
});

test("says the price before it generates, and generates once", async () => {
  const { emulator, said } = await check({}, undefined, true);
  assert.match(said[0], /^4 s of 720p with seedance-2\.0-mini-.*about 10\.8 credits \(0\.16 USD\)/);
  const { submissions, charges, creditsCharged } = emulator.counts;
  assert.deepEqual(
    { submissions, charges, creditsCharged },
    { submissions: 2, charges: 1, creditsCharged: 10.8 },
  );
});

test("generates nothing if that is declined", async () => {
  const emulator = createEmulator({ models });
  await liveCheck({ key, fetch: /** @type {any} */ (emulator.fetch), confirm: async () => false });
  assert.equal(emulator.counts.submissions, 0);
});

test("stops at a refused key", async () => {
  await assert.rejects(check({ apiKeys: ["another"] }), /refuses EVOLINK_API_KEY: 401 unauthorized/);
});

test("a report names no key that an answer quotes", async () => {
  const changed = answering(async (request, answer) =>
    request.url.endsWith("/v1/models")
      ? Response.json({ error: `no models for ${key}` }, { status: 403 })
      : answer(),
  );
  const { findings } = await check({}, changed);
  const printed = report(findings);
  assert.match(printed, /no models for \*\*\*/);
  assert.ok(!printed.includes(key));
});

test("the batches that it sends are as large as the library's", () => {
  const [, max] = /BATCH_MAX: u32 = (\d+);/.exec(read("src/domain/api/numbers.rs")) ?? [];
  assert.equal(batchMax, Number(max));
});

/** @param {Record<string, string>} env @param {string[]} args */
async function run(env, ...args) {
  const { EVOLINK_API_KEY: _, ...rest } = process.env;
  const child = spawn(process.execPath, [join(root, "tools/live-check.js"), ...args], {
    env: { ...rest, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (printed += text));
  const code = await new Promise((resolve) => child.on("close", resolve));
  return { code, printed };
}

describe("the command", () => {
  test("exits with 0 where nothing differs, and prints no key", async () => {
    const server = await serve({ apiKeys: [key], models });
    const { code, printed } = await run({ EVOLINK_API_KEY: key }, "--base-url", server.url);
    await server.close();
    assert.match(printed, /\| as assumed \| /);
    assert.equal(code, 0, printed);
    assert.ok(!printed.includes(key));
    assert.equal(server.emulator.counts.submissions, 0);
  });

  test("exits with 2 where something differs", async () => {
    const server = await serve({ faults: [{ on: "list", fault: { status: 404 } }], apiKeys: [key], models });
    const { code, printed } = await run({ EVOLINK_API_KEY: key }, "--base-url", server.url);
    await server.close();
    assert.equal(code, 2, printed);
    assert.match(printed, /- src\/domain\/api\/endpoint\.rs: /);
  });

  for (const [name, env, args, message] of /** @type {const} */ ([
    ["no key", {}, [], /Set EVOLINK_API_KEY/],
    ["a broken key", { EVOLINK_API_KEY: "sk\u2026" }, [], /Copy the key again/],
    ["an unknown option", { EVOLINK_API_KEY: key }, ["--spnd"], /--spnd/],
    ["`--yes` alone", { EVOLINK_API_KEY: key }, ["--yes"], /Add `--spend`/],
    ["`--spend` without a terminal", { EVOLINK_API_KEY: key }, ["--spend"], /Add `--yes`/],
    ["an address that is none", { EVOLINK_API_KEY: key }, ["--base-url", "x"], /received `x`/],
    ["plain text over a network", { EVOLINK_API_KEY: key }, ["--files-url", "http://a.example"], /https URL/],
    ["no server", { EVOLINK_API_KEY: key }, ["--base-url", "http://127.0.0.1:1"], /cannot be reached/],
  ]))
    test(`exits with 1 for ${name}`, async () => {
      const { code, printed } = await run(env, ...args);
      assert.match(printed, message);
      assert.equal(code, 1);
      assert.ok(!printed.includes(key));
    });
});
