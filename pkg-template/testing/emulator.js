import { preflight, shaped, toResponse } from "./responses.js";
import { emulatedRequest, immediate, receive } from "./call.js";
import { createClock, pause } from "./clock.js";
import { corrupt } from "./corruption.js";
import { download } from "./downloads.js";
import { checkErrorShape } from "./error-shape.js";
import { isCarriedOut } from "./faults.js";
import { queries } from "./queries.js";
import { checkResultShape } from "./result.js";
import { route, taskIdOf } from "./routes.js";
import { accountOf, createState, finishTasks } from "./state.js";
import { beginSubmission } from "./submission.js";
import { beginUpload, fileQueries } from "./uploads.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {keyof typeof queries | keyof typeof fileQueries} QueryName */

/** [doc] "whole request body at most 64 MB". */
const maxBodyBytes = 64 * 1024 * 1024;

/** @type {typeof import("../testing.js").createEmulator} */
export function createEmulator(options = {}) {
  if (typeof Request !== "function" || typeof Response !== "function")
    throw new TypeError(
      "The emulator needs `Request` and `Response`, which this host lacks. In Jest, use the environment jest-fixed-jsdom.",
    );
  const clock = createClock(options);
  checkErrorShape(options.errorShape);
  if (typeof options.resultShape === "string") checkResultShape(options.resultShape);
  let state = createState(options, clock);

  return {
    async fetch(input, init) {
      const signal =
        init?.signal ?? (typeof input === "object" && "signal" in input ? input.signal : undefined);
      signal?.throwIfAborted();
      return abortable(serve(state, new Request(input, init), signal), signal);
    },
    inject: (fault) => state.faults.add(fault),
    get requests() {
      return state.log;
    },
    get charges() {
      finishTasks(state);
      return state.charges;
    },
    get callbacks() {
      finishTasks(state);
      return state.callbackQueue.callbacks;
    },
    get counts() {
      finishTasks(state);
      return count(state);
    },
    async flush() {
      finishTasks(state);
      await state.callbackQueue.deliver();
    },
    reset() {
      state.alarm.stop();
      state = createState(options, clock);
    },
  };
}

/**
 * The server's side of a request. It continues when the client disconnects.
 *
 * @param {State} state
 * @param {Request} request
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<Response>}
 */
async function serve(state, request, signal) {
  const target = route(request);
  const entry = logRequest(state, request, target);
  const requestId = `req_${String(state.log.length).padStart(6, "0")}`;
  if (request.method === "OPTIONS") {
    entry.status = 204;
    return toResponse(preflight(request), { requestId, now: entry.time });
  }

  const call = await receive(request, target);
  const action = state.faults.draw(emulatedRequest(call)) ?? {};
  const { fault, delayMs } = action;
  entry.fault = faultName(action);

  const work = handle(state, call);
  if (delayMs !== undefined) await pause(delayMs, signal);
  finishTasks(state);
  void state.callbackQueue.deliver();

  const done = isCarriedOut(action) ? await work.finish() : null;
  if (done === null) work.abandon?.();
  entry.taskId = done?.taskId ?? entry.taskId;
  entry.replayed = done?.replayed ?? false;

  if (fault === "network") throw networkError();
  if (fault === "no-answer") return new Promise(() => {});
  const unprocessed = () => target.refuse(502, "upstream_error", "The request was not processed");
  const original = shaped(done?.response ?? unprocessed(), state.options);
  const { response, stream } = corrupt(original, fault, signal, target.refuse);
  const sent = shaped(response, state.options);
  entry.status = sent.status;
  return toResponse(sent, { requestId, now: state.clock.now() }, stream);
}

/**
 * @param {State} state
 * @param {import("./call.js").Call} call
 * @returns {import("./call.js").Work}
 */
function handle(state, call) {
  const { operation, rejection, request, bytes, refuse } = call;
  if (rejection !== undefined) return immediate(() => rejection);
  if (operation === "file") return immediate(() => download(state, call));

  const account = accountOf(state, request.headers);
  if (account === null) return immediate(() => refuse(401, "unauthorized", "Invalid or expired token"));
  if (operation === "upload") return beginUpload(state, account, call);
  if (bytes.length > maxBodyBytes)
    return immediate(() => refuse(413, "request_too_large", "The body must be at most 64 MB"));
  if (operation === "create") return beginSubmission(state, account, call);
  const query = { ...queries, ...fileQueries }[/** @type {QueryName} */ (operation)];
  return immediate(() => query(state, account, call));
}

/**
 * @param {State} state
 * @param {Request} request
 * @param {import("./routes.js").Target} target
 */
function logRequest({ log, clock }, { method, headers }, target) {
  /** @type {import("../testing.js").LogEntry} */
  const entry = {
    time: clock.now(),
    operation: method === "OPTIONS" ? "preflight" : target.operation,
    method,
    path: target.path,
    status: null,
    fault: null,
    idempotencyKey: headers.get("idempotency-key"),
    taskId: taskIdOf(target),
    replayed: false,
  };
  log.push(entry);
  return entry;
}

/** @param {import("../testing.js").FaultAction} action */
function faultName({ fault, delayMs }) {
  if (fault === undefined) return delayMs === undefined ? null : "delay";
  return typeof fault === "object" ? "status" : fault;
}

/**
 * @param {State} state
 * @returns {import("../testing.js").Counts}
 */
function count({ log, charges, tasks }) {
  const countOf = (/**  @type {string} */ operation) =>
    log.filter((entry) => entry.operation === operation).length;
  const credits = (/** @type {import("../testing.js").Charge[]} */ list) =>
    list.reduce((sum, charge) => sum + charge.credits, 0);
  const refunds = charges.filter((charge) => charge.refunded);
  return {
    submissions: countOf("create"),
    created: tasks.size,
    replays: log.filter((entry) => entry.replayed).length,
    charges: charges.length,
    refunds: refunds.length,
    creditsCharged: credits(charges),
    creditsRefunded: credits(refunds),
    reads: countOf("read"),
    batchReads: countOf("batch"),
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
 * @returns {Promise<T>} rejects with the signal's reason on abort
 */
function abortable(work, signal) {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
