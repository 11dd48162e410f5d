import { createPostbox } from "./callbacks.js";
import { createFaultPlan } from "./faults.js";
import { endOf, statusOf, viewTask } from "./tasks.js";

/**
 * Everything that `reset` forgets. A request keeps the world it came into.
 *
 * @typedef {object} World
 * @property {import("../testing.js").EmulatorOptions} options
 * @property {import("./clock.js").Clock} clock
 * @property {Map<string, import("./tasks.js").Task>} tasks by id, oldest first
 * @property {Map<string, Account>} accounts by api key
 * @property {import("../testing.js").LogEntry[]} log
 * @property {import("../testing.js").Charge[]} charges
 * @property {import("./faults.js").FaultPlan} faults
 * @property {import("./callbacks.js").Postbox} postbox
 * @property {Ending[]} unsettled ends that nobody has noticed, the earliest first
 */

/**
 * What one api key has.
 *
 * @typedef {object} Account
 * @property {number} credits
 * @property {number} used credits
 * @property {Set<string>} taskIds
 * @property {Map<string, Submission>} submissions by idempotency key
 */

/**
 * @typedef {object} Submission
 * @property {Uint8Array} bytes the body
 * @property {import("./tasks.js").Task | null} task `null` while it is being decided
 */

/**
 * What a task's end touches.
 *
 * @typedef {{ task: import("./tasks.js").Task, end: number, account: Account, charge: import("../testing.js").Charge }} Ending
 */

const startingCredits = 1_000_000;

/**
 * @param {import("../testing.js").EmulatorOptions} options
 * @param {import("./clock.js").Clock} clock
 * @returns {World}
 */
export function createWorld(options, clock) {
  return {
    options,
    clock,
    tasks: new Map(),
    accounts: new Map(),
    log: [],
    charges: [],
    faults: createFaultPlan(options.faults ?? []),
    postbox: createPostbox(options.callbackFetch, clock),
    unsettled: [],
  };
}

/**
 * @param {World} world
 * @param {Headers} headers
 * @returns {Account | null} `null` for a key that is missing or not let in
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
    };
    accounts.set(key, account);
  }
  return account;
}

/**
 * Puts a task in, and takes what it costs.
 *
 * @param {World} world
 * @param {Account} account
 * @param {import("./tasks.js").Task} task
 */
export function enter({ charges, tasks, unsettled, clock }, account, task) {
  const { id: taskId, created: time, credits } = task;
  const charge = { time, taskId, credits, refunded: false };
  account.credits -= credits;
  account.used += credits;
  account.taskIds.add(taskId);
  charges.push(charge);
  tasks.set(taskId, task);
  const end = endOf(task, clock);
  // What has no end, as of a time that is no number, is never settled.
  if (isNaN(end)) return;
  unsettled.splice(unsettled.findLastIndex((other) => other.end <= end) + 1, 0, {
    task,
    end,
    account,
    charge,
  });
}

/**
 * Does what is to be done at the end of a task, for every task that has ended
 * since: refund it if it brought nothing, and write its callback.
 *
 * @param {World} world
 */
export function settle({ unsettled, clock, options, postbox }) {
  while (unsettled[0]?.end <= clock.now()) {
    const { task, end, account, charge } = /** @type {Ending} */ (unsettled.shift());
    if (statusOf(task, clock) !== "completed") {
      charge.refunded = true;
      account.credits += charge.credits;
      account.used -= charge.credits;
    }
    const url = task.request.callback_url;
    // [doc] "Sent after billing confirmation".
    if (typeof url === "string") postbox.add(url, viewTask(task, clock, options, task.origin), end);
  }
}
