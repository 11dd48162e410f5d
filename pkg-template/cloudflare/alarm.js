// Many tasks in one Durable Object, with one alarm.
import { checkFiles, checkKey, idempotencyKeyOf } from "../durable/order.js";
import {
  ConfigurationError,
  EvolinkError,
  OutcomeUnknownError,
  ServerError,
  WaitTimeoutError,
} from "../errors.js";
import { isTaskId } from "../task-id.js";
import {
  dueWorks,
  nextReads,
  nextTime,
  orderKey,
  parseDue,
  readAt,
  taskKey,
  workAt,
  write,
} from "./agenda.js";

/** @typedef {import("../cloudflare.js").VideoAlarm} VideoAlarm */
/** @typedef {import("./agenda.js").Order} Order */
/** @typedef {import("./agenda.js").Followed} Followed */
/** @typedef {import("../index.js").Task} Task */
/** @typedef {import("../index.js").EvolinkError} ClientError */

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
// Longer than a submission takes with its retries. After that, the process that sent it has died.
const INTERRUPTED_MS = 240 * SECOND_MS;
// Links expire after a day. A task that is open for three days will never end.
const GIVE_UP_MS = 3 * DAY_MS;
// How long `look` still finds a delivered task.
const KEEP_MS = 7 * DAY_MS;
// An alarm may run for 15 minutes.
const ALARM_MS = 60 * SECOND_MS;
const HANDLER_MS = 300 * SECOND_MS;
// After a failure of the storage itself.
const REPAIR_MS = 30 * SECOND_MS;

/** From ten seconds to an hour. @param {number} tries */
const backoffMs = (tries) => Math.min(10 * SECOND_MS * 2 ** tries, HOUR_MS);

/** @type {typeof import("../cloudflare.js").videoAlarm} */
export function videoAlarm(storage, client, { onTask, onError }) {
  /** The submissions that are in flight in this instance. @type {Map<string, Promise<Task>>} */
  const placing = new Map();
  /** @type {Promise<void> | undefined} */
  let running;
  let arming = Promise.resolve();

  /**
   * Sets the alarm to what is due next. One after the other, so that the last one has seen everything.
   * @param {number} [earliest]
   */
  function arm(earliest = 0) {
    const armed = arming.then(async () => {
      const now = Date.now();
      const next = await nextTime(storage, now);
      if (next === null) await storage.deleteAlarm();
      else await storage.setAlarm(Math.max(next, now, earliest));
    });
    arming = armed.catch(() => {});
    return armed;
  }

  /** @type {VideoAlarm["submit"]} */
  async function submit(request, { key, ref }) {
    checkKey(key);
    checkFiles(request);
    const digest = await idempotencyKeyOf(key);
    const placed = placing.get(digest);
    if (placed) return placed;
    const known = /** @type {Order | undefined} */ (await storage.get(orderKey(digest)));
    if (known?.taskId !== undefined) return taskOf(known.taskId);
    if (!known && !placing.has(digest)) {
      const since = Date.now();
      const due = workAt(since + INTERRUPTED_MS, "submit", digest);
      // A plain copy: URL objects cannot be stored.
      const copy = JSON.parse(JSON.stringify(request));
      await write(storage, { [orderKey(digest)]: { ref, since, request: copy, tries: 0, due } });
      await arm();
    }
    return place(digest, async (error, order) => {
      // This error does not tell what became of an earlier attempt.
      const isOver = !known && isClientError(error) && error.charged === "no";
      if (isOver) await write(storage, {}, [orderKey(digest), order.due]);
      else await postpone(digest, order);
      await arm();
    });
  }

  /**
   * Sends an order that is stored, once at a time.
   * @param {string} digest
   * @param {(error: unknown, order: Order) => Promise<void>} failed
   * @returns {Promise<Task>}
   */
  function place(digest, failed) {
    const placed =
      placing.get(digest) ??
      (async () => {
        const order = /** @type {Order} */ (await storage.get(orderKey(digest)));
        if (!order)
          throw new OutcomeUnknownError("The order was removed while it was sent.", {
            idempotencyKey: digest,
          });
        if (order.taskId !== undefined) return taskOf(order.taskId);
        try {
          const request = /** @type {any} */ (order.request);
          const { task, state, delayMs } = await client.submit(request, { idempotencyKey: digest });
          const { ref, since } = order;
          // In one write, because an order whose task nobody follows would never be delivered.
          await write(storage, {
            [orderKey(digest)]: { ref, since, taskId: task.id },
            ...(await followedFrom(task.id, { target: state, task, state, ref }, delayMs ?? 0)),
          });
          await arm();
          return task;
        } catch (error) {
          await failed(error, order);
          throw error;
        }
      })().finally(() => placing.delete(digest));
    placing.set(digest, placed);
    return placed;
  }

  /** @param {string} digest @param {Order} order */
  async function postpone(digest, order) {
    const tries = (order.tries ?? 0) + 1;
    const due = workAt(Date.now() + backoffMs(tries), "submit", digest);
    await write(storage, { [orderKey(digest)]: { ...order, tries, due } });
  }

  /**
   * The record of a task that is followed from now on; none if it is followed already.
   * @param {string} id
   * @param {Pick<Followed, "target" | "task" | "state" | "ref">} from
   * @param {number} delayMs
   * @returns {Promise<Record<string, Followed>>}
   */
  async function followedFrom(id, from, delayMs) {
    if (await storage.get(taskKey(id))) return {};
    const since = Date.now();
    return { [taskKey(id)]: { id, since, tries: 0, ...from, due: readAt(since + delayMs, id) } };
  }

  /** @type {VideoAlarm["follow"]} */
  async function follow(target, { ref } = {}) {
    const isId = typeof target === "string";
    const id = isId ? target : target?.id;
    // Otherwise, the reads of the tasks in its group would fail for three days.
    if (!isTaskId(id)) {
      const received = typeof id === "string" ? `"${String(id).slice(0, 40)}"` : typeof id;
      throw new ConfigurationError(`\`follow\` needs a task, or the id of one; received ${received}.`);
    }
    await write(storage, await followedFrom(id, { target, task: isId ? null : target, state: null, ref }, 0));
    await arm();
  }

  /** @type {VideoAlarm["look"]} */
  async function look(id) {
    const followed = /** @type {Followed | undefined} */ (await storage.get(taskKey(id)));
    // Sets an alarm again that failed six times, so that Cloudflare dropped it.
    if (followed?.due && !running && (await storage.getAlarm()) === null) await arm();
    if (!followed) return null;
    const { task, state, ref, error } = followed;
    return { task, state, ref, ...(error && { error: fromJson(error) }) };
  }

  /** @param {string} id */
  async function taskOf(id) {
    const followed = /** @type {Followed | undefined} */ (await storage.get(taskKey(id)));
    return followed?.task ?? client.retrieve(id);
  }

  /** @type {VideoAlarm["alarm"]} */
  function alarm() {
    running ??= ring().finally(() => (running = undefined));
    return running;
  }

  async function ring() {
    const began = Date.now();
    let earliest = 0;
    try {
      while (Date.now() - began < ALARM_MS) {
        const works = await dueWorks(storage, Date.now());
        await Promise.all(works.map((due) => doWork(due)));
        const reads = await nextReads(storage, Date.now());
        const isReady = reads !== null && reads.at <= Date.now();
        if (isReady) await read(reads.dues);
        if (!isReady && works.length === 0) break;
      }
    } catch {
      earliest = Date.now() + REPAIR_MS;
    }
    // This comes last, and is the only call that may throw: Cloudflare then repeats the alarm.
    await arm(earliest);
  }

  /** @param {string[]} dues */
  async function read(dues) {
    const ids = dues.map((due) => parseDue(due).id);
    const stored = /** @type {Map<string, Followed>} */ (await storage.get(ids.map(taskKey)));
    const followed = dues.flatMap((due, index) => {
      const record = stored.get(taskKey(ids[index]));
      return record?.due === due ? [record] : [];
    });
    /** @type {import("../index.js").PollResult[] | undefined} */
    let results;
    try {
      results =
        followed.length > 0
          ? await client.pollAll(
              followed.map(({ target }) => target),
              { maxSleepMs: 0 },
            )
          : [];
    } catch {
      // Not even the API key was available.
    }
    const now = Date.now();
    const records = followed.map((record, index) => afterRead(record, results?.[index], now));
    await write(storage, Object.fromEntries(records.map((record) => [taskKey(record.id), record])), dues);
  }

  /** @param {string} due */
  async function doWork(due) {
    const { id, work } = parseDue(due);
    if (work === "submit") return repeat(due, id);
    const followed = /** @type {Followed | undefined} */ (await storage.get(taskKey(id)));
    if (followed?.due !== due) return write(storage, {}, [due]);
    if (work === "drop") return write(storage, {}, [taskKey(id), due]);
    const isDone = await hand(followed.error, followed.task, { id, ref: followed.ref });
    const tries = followed.tries + 1;
    const next = isDone
      ? { due: workAt(Date.now() + KEEP_MS, "drop", id) }
      : { tries, due: workAt(Date.now() + backoffMs(tries), "deliver", id) };
    await write(storage, { [taskKey(id)]: { ...followed, ...next } });
  }

  /** Sends an interrupted order again. @param {string} due @param {string} digest */
  async function repeat(due, digest) {
    const order = /** @type {Order | undefined} */ (await storage.get(orderKey(digest)));
    if (order?.due !== due) return write(storage, {}, [due]);
    if (Date.now() - order.since > DAY_MS) {
      const message =
        "The order was not settled within 24 hours, after which its key could be charged again.";
      return giveUp(
        digest,
        order,
        asClientError(new OutcomeUnknownError(message, { idempotencyKey: digest, retryable: false })),
      );
    }
    await place(digest, async (error) => {
      const isFinal = isClientError(error) && !error.retryable && !isOfKey(error);
      if (isFinal) await giveUp(digest, order, error);
      else await postpone(digest, order);
    }).catch(() => {});
  }

  /** @param {string} digest @param {Order} order @param {ClientError} error */
  async function giveUp(digest, order, error) {
    if (await hand(error.toJSON(), null, { key: digest, ref: order.ref })) {
      await write(storage, {}, [orderKey(digest), order.due]);
    } else await postpone(digest, order);
  }

  /**
   * Delivers the result to the app. Resolves with whether the app accepted it.
   * @param {object | undefined} error
   * @param {Task | null} task
   * @param {{ id?: string, key?: string, ref: any }} about
   */
  async function hand(error, task, about) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    try {
      const handled = (async () => {
        if (error) await onError?.(fromJson(error), /** @type {any} */ (about));
        else await onTask(/** @type {any} */ (task), { ref: about.ref });
        return true;
      })();
      const late = new Promise((resolve) => (timer = setTimeout(() => resolve(false), HANDLER_MS)));
      return await Promise.race([handled, late]);
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  return { submit, follow, look, alarm };
}

const asClientError = (/** @type {unknown} */ error) => /** @type {ClientError} */ (error);
const fromJson = (/** @type {object} */ error) => asClientError(EvolinkError.from(error));

/** @param {unknown} error @returns {error is ClientError} */
const isClientError = (error) => error instanceof EvolinkError;

/** The API key may be replaced later. @param {ClientError} error */
const isOfKey = ({ status, code }) => status === 401 || status === 403 || code === "api_key_failed";

/**
 * A followed task after a read.
 * @param {Followed} record
 * @param {import("../index.js").PollResult | undefined} result
 * @param {number} now
 * @returns {Followed}
 */
function afterRead(record, result, now) {
  const { id } = record;
  const task = result?.task ?? record.task;
  const state = result?.state ?? record.state;
  const seen = { ...record, task, state, target: state ?? record.target };
  const deliver = workAt(now, "deliver", id);
  if (result && result.delayMs === null) {
    const isFinal = task && (task.status !== "completed" || task.results.length > 0);
    if (isFinal && !result.error) return { ...seen, tries: 0, due: deliver };
    const unreadable = new ServerError(`The task ${id} cannot be read.`, { taskId: id });
    const error = result.error ?? asClientError(unreadable);
    if (!isOfKey(error) && error.name !== "AuthenticationError")
      return { ...seen, tries: 0, error: error.toJSON(), due: deliver };
  }
  if (now - record.since > GIVE_UP_MS) {
    const message = `The task ${id} did not finish within three days. Its last status: ${task?.status ?? "never read"}.`;
    const error = new WaitTimeoutError(message, { taskId: id, task: task ?? undefined });
    return { ...seen, tries: 0, error: error.toJSON(), due: deliver };
  }
  if (typeof result?.delayMs === "number") {
    return { ...seen, tries: 0, due: readAt(now + Math.max(result.delayMs, SECOND_MS), id) };
  }
  return { ...seen, tries: record.tries + 1, due: readAt(now + backoffMs(record.tries), id) };
}
