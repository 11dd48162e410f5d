import { createAlarm } from "./alarm.js";
import { isReturned } from "./billing.js";
import { createCallbackQueue } from "./callbacks.js";
import { createFaultPlan } from "./faults.js";
import { taskBody } from "./task-body.js";
import { endOf, statusOf } from "./task.js";

/**
 * Everything that `reset` discards. A request keeps the state in which it started.
 *
 * @typedef {object} State
 * @property {import("../testing.js").EmulatorOptions} options
 * @property {import("./clock.js").Clock} clock
 * @property {Map<string, import("./task.js").Task>} tasks by id, oldest first
 * @property {Map<string, import("./stored-file.js").StoredFile>} files by id, oldest first
 * @property {number} fileCount the files that were ever stored
 * @property {Map<string, Account>} accounts by API key
 * @property {import("../testing.js").LogEntry[]} log
 * @property {import("../testing.js").Charge[]} charges
 * @property {import("./faults.js").FaultPlan} faults
 * @property {import("./callbacks.js").CallbackQueue} callbackQueue
 * @property {import("./alarm.js").Alarm} alarm rings when callbacks are due
 * @property {TaskEnd[]} pendingEnds ends that have not been processed, the earliest first
 */

/**
 * The account of one API key.
 *
 * @typedef {object} Account
 * @property {number} credits
 * @property {number} used credits
 * @property {Set<string>} taskIds
 * @property {Map<string, Submission>} submissions by idempotency key
 * @property {Map<string, import("./stored-file.js").StoredFile | null>} uploads by upload id; `null` while the outcome is unknown
 */

/**
 * @typedef {object} Submission
 * @property {Uint8Array} bytes the body
 * @property {import("./task.js").Task | null} task `null` while it is being processed
 */

/**
 * The end of a task, and what it affects.
 *
 * @typedef {{ task: import("./task.js").Task, end: number, account: Account, charge: import("../testing.js").Charge }} TaskEnd
 */

const startingCredits = 1_000_000;

/**
 * @param {import("../testing.js").EmulatorOptions} options
 * @param {import("./clock.js").Clock} clock
 * @returns {State}
 */
export function createState(options, clock) {
  const alarm = createAlarm(clock, () => {
    finishTasks(state);
    void state.callbackQueue.deliver();
  });
  /** @type {State} */
  const state = {
    options,
    clock,
    tasks: new Map(),
    files: new Map(),
    fileCount: 0,
    accounts: new Map(),
    log: [],
    charges: [],
    faults: createFaultPlan(options.faults ?? []),
    callbackQueue: createCallbackQueue(options.callbackFetch, clock, alarm.set),
    alarm,
    pendingEnds: [],
  };
  return state;
}

/**
 * @param {State} state
 * @param {Headers} headers
 * @returns {Account | null} `null` if the key is missing or not accepted
 */
export function accountOf({ options, accounts }, headers) {
  const key = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  if (key === undefined) return null;
  if (options.apiKeys && !options.apiKeys.includes(key)) return null;
  let account = accounts.get(key);
  if (account === undefined) {
    account = {
      credits: options.credits ?? startingCredits,
      used: 0,
      taskIds: new Set(),
      submissions: new Map(),
      uploads: new Map(),
    };
    accounts.set(key, account);
  }
  return account;
}

/**
 * Adds a task and charges for it.
 *
 * @param {State} state
 * @param {Account} account
 * @param {import("./task.js").Task} task
 */
export function addTask({ options, charges, tasks, pendingEnds, clock, alarm }, account, task) {
  const { id: taskId, created: time, credits } = task;
  const charge = { time, taskId, credits, refunded: false };
  account.credits -= credits;
  account.used += credits;
  account.taskIds.add(taskId);
  charges.push(charge);
  tasks.set(taskId, task);
  const end = endOf(task, clock);
  // A task whose time is NaN never ends.
  if (isNaN(end)) return;
  pendingEnds.splice(pendingEnds.findLastIndex((other) => other.end <= end) + 1, 0, {
    task,
    end,
    account,
    charge,
  });
  if (options.callbackFetch && task.request.callback_url !== undefined) alarm.set(end);
}

/**
 * Processes the tasks that have ended since the last call: refunds those that failed
 * or were cancelled, and queues callbacks.
 *
 * @param {State} state
 */
export function finishTasks({ pendingEnds, clock, options, callbackQueue }) {
  while (pendingEnds[0]?.end <= clock.now()) {
    const { task, end, account, charge } = /** @type {TaskEnd} */ (pendingEnds.shift());
    if (isReturned(task, statusOf(task, clock))) {
      charge.refunded = true;
      account.credits += charge.credits;
      account.used -= charge.credits;
    }
    const url = task.request.callback_url;
    // [doc] "Sent after billing confirmation".
    if (typeof url === "string") callbackQueue.add(url, taskBody(task, clock, options, task.origin), end);
  }
}
