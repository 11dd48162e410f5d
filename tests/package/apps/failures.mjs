// Failure scenarios between the package and a real server, run in every host. Each scenario has its own server. The
// result contains what the caller observed; the test compares it with what the servers counted.

/** @typedef {typeof import("../../../pkg-template/index.js")} Library */
/** @typedef {import("../../../pkg-template/index.js").VideoClient} VideoClient */
/** @typedef {import("../../../pkg-template/index.js").ClientOptions} ClientOptions */
/** @typedef {import("../../../pkg-template/index.js").ClientEvent} ClientEvent */
/** @typedef {import("../../../pkg-template/testing.js").EmulatorOptions} EmulatorOptions */
/** @typedef {Awaited<ReturnType<typeof collectFacts>>} Facts */
/** @typedef {Awaited<ReturnType<typeof outcome>>} Outcome */

/**
 * @typedef {object} Scenario
 * @property {EmulatorOptions} emulated behavior of the server
 * @property {ClientOptions} [options]
 * @property {(client: VideoClient) => Promise<unknown>} call
 */

const request = { model: "seedance-2.0", prompt: "A paper boat on a river" };
const taskId = "task-unified-1761313744-abcd1234";
const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @type {(client: VideoClient) => Promise<unknown>} */
const submit = (client) => client.submit(request);
/** @type {(client: VideoClient) => Promise<unknown>} */
const generate = (client) => client.generate(request);
/** @type {(client: VideoClient) => Promise<unknown>} */
const retrieve = (client) => client.retrieve(taskId);

/** With `carriedOut`, the task is charged although the response is lost. @type {Record<string, Scenario>} */
export const scenarios = {
  "create: connection lost once": {
    emulated: { faults: [{ on: "create", fault: "network", carriedOut: true, times: 1 }] },
    call: submit,
  },
  "create: connection always lost": {
    emulated: { faults: [{ on: "create", fault: "network", carriedOut: true }] },
    call: submit,
  },
  "create: body truncated": {
    emulated: { faults: [{ on: "create", fault: "cut-body", times: 1 }] },
    call: submit,
  },
  "create: body stalls": {
    emulated: { faults: [{ on: "create", fault: "stall-body", times: 1 }] },
    options: { requestTimeoutMs: 400 },
    call: submit,
  },
  "create: endless body": {
    emulated: { faults: [{ on: "create", fault: "endless-body", times: 1 }] },
    options: { requestTimeoutMs: 400 },
    call: submit,
  },
  "create: no response": {
    emulated: { faults: [{ on: "create", fault: "no-answer", carriedOut: true }] },
    options: { requestTimeoutMs: 400 },
    call: submit,
  },
  "read: connection always lost": {
    emulated: { faults: [{ on: "read", fault: "network" }] },
    options: { maxRetries: 1 },
    call: retrieve,
  },
  "read: no response": {
    emulated: { faults: [{ on: "read", fault: "no-answer" }] },
    options: { requestTimeoutMs: 400, maxRetries: 0 },
    call: retrieve,
  },
  "read: body truncated": {
    emulated: { faults: [{ on: "read", fault: "cut-body" }] },
    options: { maxRetries: 0 },
    call: async (client) => client.retrieve((await client.submit(request)).task.id),
  },
  "create: 429 with Retry-After": {
    emulated: {
      faults: [{ on: "create", fault: { status: 429, headers: { "retry-after": "1" } }, times: 1 }],
    },
    call: submit,
  },
  "generate: reads lose their connection twice": {
    emulated: { estimatedTime: 2, taskTime: 2, faults: [{ on: "read", fault: "network", times: 2 }] },
    call: generate,
  },
  // The server of this scenario replaces the status `processing` with an unknown one.
  "generate: unknown status": {
    emulated: { estimatedTime: 4, taskTime: 4, pendingTime: 0.5 },
    call: async (client) => {
      /** @type {string[]} */
      const seen = [];
      const onUpdate = (/** @type {import("../../../pkg-template/index.js").Task} */ task) => {
        const status = task.status === "unknown" ? task.rawStatus : task.status;
        if (seen.at(-1) !== status) seen.push(status);
      };
      await client.generate(request, { onUpdate });
      return seen;
    },
  },
};

/** The servers for aborts, by phase. @type {Record<string, EmulatorOptions>} */
export const phases = {
  "before the start": {},
  "in flight": { faults: [{ on: "create", fault: "no-answer" }] },
  "while the body is read": { faults: [{ on: "create", fault: "stall-body" }] },
  "between attempts": {
    faults: [{ on: "create", fault: { status: 429, headers: { "retry-after": "30" } } }],
  },
  "between polls": { estimatedTime: 60 },
};

/** The client's event that precedes a phase. */
const eventBefore = /** @type {Record<string, ClientEvent["type"]>} */ ({
  "in flight": "request",
  "while the body is read": "request",
  "between attempts": "retry",
  "between polls": "poll",
});

const reasons = () => ({
  undefined: undefined,
  "a string": "a custom reason",
  "an Error": new Error("a custom error"),
  "a DOMException": new DOMException("aborted", "AbortError"),
});

/** The allowed delay of an abort. A busy machine may need several tries. */
const maxAbortMs = 50;
const maxTries = 5;

/**
 * @param {Library} library
 * @param {Record<string, string>} urls URLs of the servers, by scenario and phase
 * @param {(body: object) => unknown} foreign creates a response of another realm
 */
export async function collectFacts(library, urls, foreign) {
  /** @param {string} name @param {ClientOptions} [options] */
  const clientOf = (name, options) =>
    new library.VideoClient({ apiKey: async () => "sk-test", baseUrl: urls[name], ...options });

  /** @type {Record<string, Outcome>} */
  const outcomes = {};
  const runScenario = async (/** @type {[string, Scenario]} */ [name, { call, options }]) => {
    const counts = { attempts: 0, pausesMs: 0 };
    const onEvent = (/** @type {ClientEvent} */ event) => {
      if (event.type === "request") counts.attempts++;
      if (event.type === "retry") counts.pausesMs += event.delayMs;
    };
    const client = clientOf(name, { ...options, onEvent });
    outcomes[name] = await outcome(library, call(client), counts);
  };
  await Promise.all(Object.entries(scenarios).map(runScenario));

  /** @type {Record<string, { same: boolean, elapsedMs: number }>} */
  const aborts = {};
  for (const phase of Object.keys(phases))
    for (const [what, reason] of Object.entries(reasons()))
      aborts[`${phase}, with ${what}`] = await fastest(() => abort(clientOf, phase, reason));

  return {
    outcomes,
    aborts,
    foreign: await withGlobalFetch(
      () => foreign({ id: taskId, status: "processing", progress: 7 }),
      () => outcome(library, clientOf("before the start").retrieve(taskId)),
    ),
    foreignFailure: await withGlobalFetch(
      () => Promise.reject("offline"),
      () => outcome(library, clientOf("before the start", { maxRetries: 0 }).submit(request)),
    ),
    trap: await trap(library, clientOf("between polls")),
  };
}

/**
 * The outcome of a call as plain JSON.
 * @param {Library} library
 * @param {Promise<any>} call
 * @param {{ attempts: number, pausesMs: number }} [counts] updated during the call
 */
async function outcome(library, call, counts = { attempts: 1, pausesMs: 0 }) {
  const start = Date.now();
  const settled = await Promise.race([
    call.then(
      (result) => ({ result }),
      (error) => ({ error }),
    ),
    sleep(20_000).then(() => ({ error: new Error("the call never settled") })),
  ]);
  const { result, error } = /** @type {{ result?: any, error?: any }} */ (settled);
  return {
    elapsedMs: Date.now() - start,
    ...counts,
    result: result?.task
      ? { replayed: result.replayed, status: result.task.status }
      : (result?.status ?? result),
    error: error && {
      name: String(error.name),
      isTyped: error instanceof library.EvolinkError,
      charged: error.charged,
      code: error.code,
      cause: typeof error.cause,
      hasKey: typeof error.idempotencyKey === "string",
    },
  };
}

/**
 * Aborts a call in a phase, and measures the time until it rejects.
 * @param {(name: string, options?: ClientOptions) => VideoClient} clientOf
 * @param {string} phase
 * @param {unknown} reason
 */
async function abort(clientOf, phase, reason) {
  const controller = new AbortController();
  const { signal } = controller;
  const early = phase === "before the start";
  let arrive = () => {};
  const inPhase = new Promise((resolve) => (arrive = () => resolve(undefined)));
  const onEvent = (/** @type {ClientEvent} */ { type }) => type === eventBefore[phase] && arrive();

  let start = Date.now();
  if (early) controller.abort(reason);
  const call = clientOf(phase, { onEvent }).generate(request, { signal });
  const rejected = call.then(
    () => "the call resolved",
    (/** @type {unknown} */ error) => error,
  );
  if (!early) {
    await inPhase;
    // Wait until the request is sent, and the first half of the body received.
    await sleep(100);
    start = Date.now();
    controller.abort(reason);
  }
  const error = await rejected;
  // The clock of a worker only advances between events.
  await sleep(0);
  const elapsedMs = Date.now() - start;
  return { same: error === signal.reason && (reason === undefined || error === reason), elapsedMs };
}

/** The fastest of several tries. A wrong reason fails immediately. @param {() => ReturnType<typeof abort>} attempt */
async function fastest(attempt) {
  let result = await attempt();
  for (let i = 1; i < maxTries && result.same && result.elapsedMs > maxAbortMs; i++) {
    const next = await attempt();
    if (!next.same || next.elapsedMs < result.elapsedMs) result = next;
  }
  return result;
}

/**
 * Runs a function with a replaced global `fetch`.
 * @template T
 * @param {() => unknown} fetch
 * @param {() => Promise<T>} work
 */
async function withGlobalFetch(fetch, work) {
  const original = globalThis.fetch;
  globalThis.fetch = /** @type {any} */ (async () => fetch());
  try {
    return await work();
  } finally {
    globalThis.fetch = original;
  }
}

/**
 * Makes the module trap during a call, then calls it again.
 * @param {Library} library
 * @param {VideoClient} client
 */
async function trap(library, client) {
  const pending = outcome(library, client.generate(request));
  await sleep(200);
  const { now } = Date;
  Date.now = () => {
    Date.now = now;
    throw new Error("Date.now failed");
  };
  const call = client.retrieve(taskId);
  // Otherwise `outcome` would be the first to call Date.now.
  await call.catch(() => {});
  Date.now = now;
  return {
    trapped: await outcome(library, call),
    pending: await pending,
    next: await outcome(library, client.submit(request)),
  };
}
