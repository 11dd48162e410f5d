/** @typedef {import("../testing.js").Fault} Fault */
/** @typedef {import("../testing.js").FaultAction} FaultAction */
/** @typedef {import("../testing.js").FaultKind} FaultKind */
/** @typedef {import("../testing.js").EmulatedRequest} EmulatedRequest */

/**
 * @typedef {object} FaultPlan
 * @property {(fault: Fault) => void} add
 * @property {(request: EmulatedRequest) => FaultAction | null} draw the fault for a request
 */

/** The named kinds, and whether the request is processed despite them. */
const carriedOutByDefault = {
  network: false,
  "no-answer": false,
  "cut-body": true,
  "stall-body": true,
  "endless-body": true,
  html: true,
  "invalid-json": true,
  "wrong-types": true,
  "missing-id": true,
};

const operations =
  "any create read batch list credits models upload files quota receipt delete file other".split(" ");

/** @type {FaultAction[]} */
const settlingFaults = [
  { fault: { status: 429, headers: { "retry-after": "1" } } },
  { fault: { status: 500 } },
  { fault: { status: 502 }, carriedOut: true },
  { fault: { status: 503, headers: { "retry-after": "1" } } },
  { fault: "network" },
  { fault: "network", carriedOut: true },
  { fault: "cut-body" },
  { fault: "html" },
  { fault: "invalid-json" },
  { fault: "wrong-types" },
  { fault: "missing-id" },
];

/**
 * @param {FaultAction} action
 * @returns {boolean}
 */
export function isCarriedOut({ fault, carriedOut }) {
  if (carriedOut !== undefined || fault === undefined) return carriedOut ?? true;
  return typeof fault === "object" ? false : carriedOutByDefault[fault];
}

/**
 * @param {readonly Fault[]} faults
 * @returns {FaultPlan}
 */
export function createFaultPlan(faults) {
  const plan = faults.map(createTrigger);
  return {
    add: (fault) => void plan.push(createTrigger(fault)),
    draw(request) {
      // Every fault is evaluated, even after another has fired. So its counter and
      // its random numbers depend on the requests alone, not on other faults.
      const fired = plan.map((fault) => fault(request));
      return fired.find((action) => action !== null) ?? null;
    },
  };
}

/**
 * @param {Fault} fault
 * @returns {(request: EmulatedRequest) => FaultAction | null}
 */
function createTrigger(fault) {
  const { on = "any", when } = fault;
  check(operations.includes(on), `unknown operation ${JSON.stringify(on)}`);
  const fire = "rate" in fault ? randomTrigger(fault) : ruleTrigger(fault);
  return (request) =>
    (on === "any" || on === request.operation) && (when?.(request) ?? true) ? fire() : null;
}

/** @param {import("../testing.js").FaultRule} rule */
function ruleTrigger(rule) {
  const { nth, times = Infinity } = rule;
  checkAction(rule);
  let matched = 0;
  let fired = 0;
  return () => {
    matched += 1;
    if ((nth !== undefined && matched !== nth) || fired >= times) return null;
    fired += 1;
    return rule;
  };
}

/** @param {import("../testing.js").RandomFaults} faults */
function randomTrigger({ seed, rate, among = settlingFaults }) {
  check(rate >= 0 && rate <= 1, `rate must be from 0 to 1, got ${rate}`);
  check(among.length > 0, "among must not be empty");
  among.forEach(checkAction);
  const random = randomNumbers(seed);
  return () => {
    const [hit, choice] = [random(), random()];
    return hit < rate ? among[Math.floor(choice * among.length)] : null;
  };
}

/** @param {FaultAction} action */
function checkAction({ fault, delayMs }) {
  check(fault !== undefined || delayMs !== undefined, "a fault requires `fault`, `delayMs` or both");
  check(
    typeof fault !== "string" || Object.hasOwn(carriedOutByDefault, fault),
    `unknown fault ${JSON.stringify(fault)}`,
  );
}

/**
 * @param {boolean} condition
 * @param {string} message
 */
function check(condition, message) {
  if (!condition) throw new TypeError(message);
}

/**
 * Random numbers from 0 to 1 (exclusive): a Weyl sequence through the finalizer of
 * MurmurHash3, which is sufficient to scatter faults.
 *
 * @param {number} seed
 */
function randomNumbers(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}
