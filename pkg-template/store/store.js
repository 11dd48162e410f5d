import { ConfigurationError, EvolinkError, TaskCancelledError, TaskFailedError } from "../errors.js";
import { digest, digestOf, random } from "./digest.js";
import { Order } from "./order.js";

/** @typedef {import("../index.js").VideoRequest} VideoRequest */
/** @typedef {import("../index.js").CompletedTask} CompletedTask */
/** @typedef {import("../store.js").VideoSnapshot} VideoSnapshot */
/** @typedef {import("./order.js").Change} Change */
/** @typedef {Promise<CompletedTask | undefined>} Outcome */
/** @typedef {{ order: Order, outcome: Outcome, stop(): void }} Run */

/** @type {VideoSnapshot} */
const idle = Object.freeze({ status: "idle", task: null, state: null, error: null, idempotencyKey: null });

/** @type {typeof import("../store.js").createVideoStore} */
export function createVideoStore(client, { name = "video" } = {}) {
  // A key identifies the store that created it, and the request.
  const prefix = `store.${digest(name)}.`;
  /** @type {Set<() => void>} */
  const listeners = new Set();
  let snapshot = idle;
  /** The last order, until it is known how it ended. @type {Order | undefined} */
  let order;
  /** @type {VideoRequest | undefined} */
  let lastRequest;
  /** @type {Run | undefined} */
  let run;
  /** @type {Promise<void> | undefined} */
  let resumed;
  /** Counts `stop` and `reset`, which cancel pending work on the store of the client. */
  let stops = 0;

  /** @param {Change} change */
  function report(change) {
    snapshot = /** @type {VideoSnapshot} */ (Object.freeze({ ...snapshot, ...change }));
    for (const listener of [...listeners]) listener();
  }

  /** @param {Order} next */
  function start(next) {
    const stopper = new AbortController();
    const { signal } = stopper;
    order = next;
    lastRequest = next.request;
    /** @type {Run} */
    const own = { order: next, outcome: Promise.resolve(undefined), stop: () => stopper.abort() };
    run = own;
    const isNew = snapshot.idempotencyKey !== next.key || snapshot.task?.id !== next.taskId;
    report({
      ...(isNew && idle),
      error: null,
      idempotencyKey: next.key,
      status: next.taskId ? "waiting" : "submitting",
    });
    const whileRunning = (/** @type {Change} */ change) => {
      if (!signal.aborted) report(change);
    };
    own.outcome = next.run(signal, whileRunning).then(
      (task) => {
        if (signal.aborted || !task) return undefined;
        run = order = undefined;
        report({ status: "completed", task });
        return task;
      },
      (cause) => {
        if (signal.aborted) return undefined;
        const error = toError(cause);
        const status = statusAfter(error, next);
        run = undefined;
        if (status !== "unknown") order = undefined;
        report({ status, error, task: error.task ?? snapshot.task });
        throw error;
      },
    );
    // The snapshot has the error, so ignoring the promise must not cause an unhandled rejection.
    own.outcome.catch(() => {});
    return own.outcome;
  }

  /** Continues the order of an earlier page, once. */
  function resume() {
    resumed ??= client.pending().then(
      (items) => {
        const item = items.filter(({ idempotencyKey }) => idempotencyKey.startsWith(prefix)).at(-1);
        if (!item || run) return;
        const { idempotencyKey: key, request, taskId } = item;
        start(new Order(client, { key, digest: key.split(".")[2], request, taskId }));
      },
      () => {
        // There is no store, or it cannot be read at the moment.
        resumed = undefined;
      },
    );
    return resumed;
  }

  /**
   * Runs an order, or joins the running one if it is the same.
   * @param {(order: Order) => boolean} isSame
   * @param {() => Order} create
   * @returns {Outcome}
   */
  async function enter(isSame, create) {
    const before = stops;
    await resume();
    if (before !== stops) return undefined;
    if (run && isSame(run.order)) return run.outcome;
    if (run)
      throw new ConfigurationError(
        "This store is generating another video. Call `reset()` first, or use a store with another name.",
      );
    return start(order && isSame(order) ? order : create());
  }

  /** @type {import("../store.js").VideoStore["generate"]} */
  async function generate(request) {
    let wanted = "";
    try {
      wanted = digestOf(client, request);
    } catch (cause) {
      const error = toError(cause);
      if (!run) report({ ...idle, status: "failed", error });
      throw error;
    }
    if (!run) report({ status: "submitting", error: null });
    return enter(
      (order) => {
        if (order.digest !== wanted) return false;
        order.request ??= request;
        return true;
      },
      () => new Order(client, { key: `${prefix}${wanted}.${random()}`, digest: wanted, request }),
    );
  }

  function stop() {
    stops++;
    run?.stop();
    run = undefined;
    if (snapshot.status === "submitting" || snapshot.status === "waiting") report({ status: "idle" });
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      void resume();
      return () => void listeners.delete(listener);
    },
    getSnapshot: () => snapshot,
    generate: (request) => handled(generate(request)),
    follow: (taskId) =>
      handled(
        enter(
          (order) => order.taskId === taskId,
          () => new Order(client, { key: null, taskId }),
        ),
      ),
    retry() {
      if (run) return run.outcome;
      if (order) return start(order);
      const isOver = snapshot.status === "failed" || snapshot.status === "cancelled";
      return isOver && lastRequest ? handled(generate(lastRequest)) : Promise.resolve(undefined);
    },
    stop,
    reset() {
      stop();
      void order?.forget();
      order = lastRequest = undefined;
      report(idle);
    },
  };
}

/** @param {unknown} cause @returns {import("../index.js").EvolinkError} */
const toError = (cause) => /** @type {any} */ (EvolinkError.from(cause));

/** @param {import("../index.js").EvolinkError} error @param {Order} order @returns {VideoSnapshot["status"]} */
function statusAfter(error, order) {
  if (error instanceof TaskFailedError) return "failed";
  if (error instanceof TaskCancelledError) return "cancelled";
  // A task continues even if its reads fail.
  return order.taskId || error.charged !== "no" ? "unknown" : "failed";
}

/** @param {Outcome} outcome */
function handled(outcome) {
  outcome.catch(() => {});
  return outcome;
}
