import { preflight, refusal, toResponse } from "./answers.js";
import { outline, receive } from "./call.js";
import { createClock, pause } from "./clock.js";
import { isCarriedOut } from "./faults.js";
import { route } from "./routes.js";
import { queries, resultFile } from "./queries.js";
import { spoil } from "./spoilage.js";
import { beginSubmission } from "./submission.js";
import { accountOf, createWorld, settle } from "./world.js";

/** @typedef {import("./world.js").World} World */

/** [doc] "whole request body at most 64 MB". */
const largestBody = 64 * 1024 * 1024;

/** @type {typeof import("../testing.js").createEmulator} */
export function createEmulator(options = {}) {
  const clock = createClock(options);
  let world = createWorld(options, clock);

  return {
    async fetch(input, init) {
      const signal =
        init?.signal ?? (typeof input === "object" && "signal" in input ? input.signal : undefined);
      signal?.throwIfAborted();
      return unlessAborted(serve(world, new Request(input, init), signal), signal);
    },
    inject: (fault) => world.faults.add(fault),
    get requests() {
      return world.log;
    },
    get charges() {
      settle(world);
      return world.charges;
    },
    get callbacks() {
      settle(world);
      return world.postbox.callbacks;
    },
    get counts() {
      settle(world);
      return count(world);
    },
    async flush() {
      settle(world);
      await world.postbox.deliver();
    },
    reset() {
      world = createWorld(options, clock);
    },
  };
}

/**
 * The server's side of a request. It goes on when the caller hangs up.
 *
 * @param {World} world
 * @param {Request} request
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<Response>}
 */
async function serve(world, request, signal) {
  const target = route(request);
  const entry = enlog(world, request, target);
  const requestId = `req_${String(world.log.length).padStart(6, "0")}`;
  if (request.method === "OPTIONS") {
    entry.status = 204;
    return toResponse(preflight(request), requestId);
  }

  const call = await receive(request, target);
  const action = world.faults.draw(outline(call)) ?? {};
  const { fault, delayMs } = action;
  entry.fault = nameOf(action);

  const work = begin(world, call);
  if (delayMs !== undefined) await pause(delayMs, signal);
  settle(world);
  void world.postbox.deliver();

  const done = isCarriedOut(action) ? work.finish() : null;
  if (done === null) work.abandon?.();
  entry.taskId = done?.taskId ?? target.taskId;
  entry.replayed = done?.replayed ?? false;

  if (fault === "network") throw networkError();
  if (fault === "no-answer") return new Promise(() => {});
  const whole = done?.answer ?? refusal(502, "upstream_error", "Not carried out");
  const { answer, stream } = spoil(whole, fault, signal);
  entry.status = answer.status;
  return toResponse(answer, requestId, stream);
}

/**
 * @param {World} world
 * @param {import("./call.js").Call} call
 * @returns {import("./call.js").Work}
 */
function begin(world, call) {
  const { operation, refused, request, bytes } = call;
  if (refused !== undefined) return answering(() => refused);
  if (operation === "file") return answering(() => resultFile(world, call));

  const account = accountOf(world, request.headers);
  if (account === null) return answering(() => refusal(401, "invalid_api_key", "Invalid or expired token"));
  if (bytes.length > largestBody)
    return answering(() => refusal(413, "request_too_large", "The body must be at most 64 MB"));
  if (operation === "create") return beginSubmission(world, account, call);
  const query = queries[/** @type {keyof typeof queries} */ (operation)];
  return answering(() => query(world, account, call));
}

/**
 * @param {() => import("./answers.js").Answer} answer
 * @returns {import("./call.js").Work}
 */
const answering = (answer) => ({ finish: () => ({ answer: answer() }) });

/**
 * @param {World} world
 * @param {Request} request
 * @param {import("./routes.js").Target} target
 */
function enlog({ log, clock }, { method, headers }, target) {
  /** @type {import("../testing.js").LogEntry} */
  const entry = {
    time: clock.now(),
    operation: method === "OPTIONS" ? "preflight" : target.operation,
    method,
    path: target.path,
    status: null,
    fault: null,
    idempotencyKey: headers.get("idempotency-key"),
    taskId: target.taskId,
    replayed: false,
  };
  log.push(entry);
  return entry;
}

/** @param {import("../testing.js").FaultAction} action */
function nameOf({ fault, delayMs }) {
  if (fault === undefined) return delayMs === undefined ? null : "delay";
  return typeof fault === "object" ? "status" : fault;
}

/**
 * @param {World} world
 * @returns {import("../testing.js").Counts}
 */
function count({ log, charges, tasks }) {
  const asked = (/** @type {string} */ operation) =>
    log.filter((entry) => entry.operation === operation).length;
  const credits = (/** @type {import("../testing.js").Charge[]} */ list) =>
    list.reduce((sum, charge) => sum + charge.credits, 0);
  const refunds = charges.filter((charge) => charge.refunded);
  return {
    submissions: asked("create"),
    created: tasks.size,
    replays: log.filter((entry) => entry.replayed).length,
    charges: charges.length,
    refunds: refunds.length,
    creditsCharged: credits(charges),
    creditsRefunded: credits(refunds),
    reads: asked("read"),
    batchReads: asked("batch"),
  };
}

/** @returns {import("../testing.js").EmulatedNetworkError} */
function networkError() {
  const error = new TypeError("fetch failed");
  return Object.assign(error, {
    emulatedFault: /** @type {const} */ ("network"),
  });
}

/**
 * @template T
 * @param {Promise<T>} work
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<T>} rejects with the signal's reason as soon as it is aborted
 */
function unlessAborted(work, signal) {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
