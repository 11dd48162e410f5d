// What goes wrong between the package and a real server, and what the caller sees of it: the same in every host.
// Each ordeal has a server of its own; what that one counted is for the test to check.

/** @typedef {typeof import("../../../pkg-template/index.js")} Library */
/** @typedef {import("../../../pkg-template/index.js").VideoClient} VideoClient */
/** @typedef {import("../../../pkg-template/index.js").ClientOptions} ClientOptions */
/** @typedef {import("../../../pkg-template/index.js").ClientEvent} ClientEvent */
/** @typedef {import("../../../pkg-template/testing.js").EmulatorOptions} EmulatorOptions */
/** @typedef {Awaited<ReturnType<typeof undergo>>} Facts */
/** @typedef {Awaited<ReturnType<typeof outcome>>} Outcome */

/**
 * @typedef {object} Ordeal
 * @property {EmulatorOptions} emulated what the server does
 * @property {ClientOptions} [options]
 * @property {(client: VideoClient) => Promise<unknown>} call
 */

const request = { model: "seedance-2.0", prompt: "A paper boat on a river" };
const taskId = "task-unified-1761313744-abcd1234";
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @type {(client: VideoClient) => Promise<unknown>} */
const submit = (client) => client.submit(request);
/** @type {(client: VideoClient) => Promise<unknown>} */
const generate = (client) => client.generate(request);
/** @type {(client: VideoClient) => Promise<unknown>} */
const retrieve = (client) => client.retrieve(taskId);

/** Some of them carried out, so that the money is spent though nobody says so. @type {Record<string, Ordeal>} */
export const ordeals = {
  "the paid call is dropped once": {
    emulated: { faults: [{ on: "create", fault: "network", carriedOut: true, times: 1 }] },
    call: submit,
  },
  "the paid call is dropped always": {
    emulated: { faults: [{ on: "create", fault: "network", carriedOut: true }] },
    call: submit,
  },
  "the answer to the paid call breaks off": {
    emulated: { faults: [{ on: "create", fault: "cut-body", times: 1 }] },
    call: submit,
  },
  "the answer to the paid call stops half-way": {
    emulated: { faults: [{ on: "create", fault: "stall-body", times: 1 }] },
    options: { requestTimeoutMs: 400 },
    call: submit,
  },
  "the answer to the paid call never ends": {
    emulated: { faults: [{ on: "create", fault: "endless-body", times: 1 }] },
    options: { requestTimeoutMs: 400 },
    call: submit,
  },
  "the paid call is never answered": {
    emulated: { faults: [{ on: "create", fault: "no-answer", carriedOut: true }] },
    options: { requestTimeoutMs: 400 },
    call: submit,
  },
  "a read is dropped always": {
    emulated: { faults: [{ on: "read", fault: "network" }] },
    options: { maxRetries: 1 },
    call: retrieve,
  },
  "a read is never answered": {
    emulated: { faults: [{ on: "read", fault: "no-answer" }] },
    options: { requestTimeoutMs: 400, maxRetries: 0 },
    call: retrieve,
  },
  "the answer to a read breaks off": {
    emulated: { faults: [{ on: "read", fault: "cut-body" }] },
    options: { maxRetries: 0 },
    call: async (client) => client.retrieve((await client.submit(request)).task.id),
  },
  "the server asks to come back after a second": {
    emulated: {
      faults: [{ on: "create", fault: { status: 429, headers: { "retry-after": "1" } }, times: 1 }],
    },
    call: submit,
  },
  "reads are dropped on the way to a video": {
    emulated: { estimatedTime: 2, taskTime: 2, faults: [{ on: "read", fault: "network", times: 2 }] },
    call: generate,
  },
  // The server of this one says a word that no version knows, where others say `processing`.
  "the status is a new word": {
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

/** The servers that the aborts need. @type {Record<string, EmulatorOptions>} */
export const phases = {
  "before the start": {},
  "in flight": { faults: [{ on: "create", fault: "no-answer" }] },
  "while a body is read": { faults: [{ on: "create", fault: "stall-body" }] },
  "between attempts": {
    faults: [{ on: "create", fault: { status: 429, headers: { "retry-after": "30" } } }],
  },
  "between polls": { estimatedTime: 60 },
};

/** After which event of the client a phase is reached; in flight and in a body, after a while. */
const reached = /** @type {Record<string, ClientEvent["type"]>} */ ({
  "in flight": "request",
  "while a body is read": "request",
  "between attempts": "retry",
  "between polls": "poll",
});

const reasons = () => ({
  undefined: undefined,
  "a string": "I changed my mind",
  "an Error": new Error("own"),
  "a DOMException": new DOMException("gone", "AbortError"),
});

/** What the issue allows, and how often a busy machine may be late before the package is to blame. */
const atOnceMs = 50;
const tries = 5;

/**
 * @param {Library} library
 * @param {Record<string, string>} urls of the servers, by the names of ordeals and phases
 * @param {(answer: object) => unknown} foreign makes a response that is not of this realm
 */
export async function undergo(library, urls, foreign) {
  /** @param {string} name @param {ClientOptions} [options] */
  const clientOf = (name, options) =>
    new library.VideoClient({ apiKey: async () => "sk-test", baseUrl: urls[name], ...options });

  /** @type {Record<string, Outcome>} */
  const outcomes = {};
  const one = async (/** @type {[string, Ordeal]} */ [name, { call, options }]) => {
    const effort = { attempts: 0, pausesMs: 0 };
    const onEvent = (/** @type {ClientEvent} */ event) => {
      if (event.type === "request") effort.attempts++;
      if (event.type === "retry") effort.pausesMs += event.delayMs;
    };
    const client = clientOf(name, { ...options, onEvent });
    outcomes[name] = await outcome(library, call(client), effort);
  };
  await Promise.all(Object.entries(ordeals).map(one));

  /** @type {Record<string, { same: boolean, elapsedMs: number }>} */
  const aborts = {};
  for (const phase of Object.keys(phases))
    for (const [what, reason] of Object.entries(reasons()))
      aborts[`${phase}, with ${what}`] = await best(() => abort(clientOf, phase, reason));

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
 * What became of a call, as JSON can carry it.
 * @param {Library} library
 * @param {Promise<any>} call
 * @param {{ attempts: number, pausesMs: number }} [effort] counted as it goes
 */
async function outcome(library, call, effort = { attempts: 1, pausesMs: 0 }) {
  const start = Date.now();
  const settled = await Promise.race([
    call.then(
      (result) => ({ result }),
      (error) => ({ error }),
    ),
    pause(20_000).then(() => ({ error: new Error("it never settled") })),
  ]);
  const { result, error } = /** @type {{ result?: any, error?: any }} */ (settled);
  return {
    elapsedMs: Date.now() - start,
    ...effort,
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
 * Aborts a call in a phase, and tells how long it took to notice.
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
  const onEvent = (/** @type {ClientEvent} */ { type }) => type === reached[phase] && arrive();

  let start = Date.now();
  if (early) controller.abort(reason);
  const call = clientOf(phase, { onEvent }).generate(request, { signal });
  const rejected = call.then(
    () => "it was not rejected",
    (/** @type {unknown} */ error) => error,
  );
  if (!early) {
    await inPhase;
    // Until it is on the wire, and the first half of the body here.
    await pause(100);
    start = Date.now();
    controller.abort(reason);
  }
  const error = await rejected;
  // The clocks of a worker stand still between events.
  await pause(0);
  const elapsedMs = Date.now() - start;
  return { same: error === signal.reason && (reason === undefined || error === reason), elapsedMs };
}

/** The quickest of a few tries; a wrong reason is wrong at once. @param {() => ReturnType<typeof abort>} attempt */
async function best(attempt) {
  let quickest = await attempt();
  for (let i = 1; i < tries && quickest.same && quickest.elapsedMs > atOnceMs; i++) {
    const next = await attempt();
    if (!next.same || next.elapsedMs < quickest.elapsedMs) quickest = next;
  }
  return quickest;
}

/**
 * Runs something while the host's `fetch` is another.
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
 * Lets the module fail within itself, then goes on.
 * @param {Library} library
 * @param {VideoClient} client
 */
async function trap(library, client) {
  const underWay = outcome(library, client.generate(request));
  await pause(200);
  const { now } = Date;
  Date.now = () => {
    Date.now = now;
    throw new Error("now broke");
  };
  const call = client.retrieve(taskId);
  // Else `outcome` would be the first to ask for the time.
  await call.catch(() => {});
  Date.now = now;
  return {
    trapped: await outcome(library, call),
    underWay: await underWay,
    next: await outcome(library, client.submit(request)),
  };
}
