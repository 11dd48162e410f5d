// The names that the examples of the types use without declaring them, and the check of what they show.
import { VideoClient } from "evolink-video";
import { createEmulator } from "evolink-video/testing";

const hostFetch = globalThis.fetch;

/** An emulator instead of the network, and a client of it. */
export function createGiven() {
  const emulator = createEmulator({ taskTime: 0.1 });
  // An example may serve its own emulator.
  globalThis.fetch = (input, init) =>
    String(input).startsWith("http://127.0.0.1") ? hostFetch(input, init) : emulator.fetch(input, init);
  globalThis.localStorage = createStorage();
  const client = new VideoClient({ apiKey: "sk-test", fetch: /** @type {any} */ (emulator.fetch) });
  const request = { model: "seedance-2.0", prompt: "A cat walks through snow" };
  return { emulator, client, request, check: createCheck(), ...outsideOfCloudflare };
}

/** `localStorage`, which only browsers have. @returns {any} */
function createStorage() {
  /** @type {Map<string, string>} */
  const items = new Map();
  return {
    getItem: (/** @type {string} */ key) => items.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void items.set(key, value),
    removeItem: (/** @type {string} */ key) => void items.delete(key),
    key: (/** @type {number} */ index) => [...items.keys()][index] ?? null,
    get length() {
      return items.size;
    },
  };
}

/**
 * What Cloudflare passes: `ctx` to a Durable Object, the others to a Workflow, and `env` to both.
 * @type {{
 *   ctx: { storage: import("evolink-video/cloudflare").DurableStorage },
 *   env: { VIDEOS: import("evolink-video/cloudflare").R2BucketLike },
 *   step: import("evolink-video/cloudflare").WorkflowStepLike,
 *   event: { instanceId: string },
 *   NonRetryableError: new (message: string, name?: string) => Error,
 * }}
 */
const outsideOfCloudflare = /** @type {any} */ ({});

function createCheck() {
  /** The lines that were reached. @type {Set<number>} */
  const reached = new Set();
  /**
   * Compares the value of an expression with the one after `// =>`.
   * @param {number} line
   * @param {unknown} actual
   * @param {unknown} expected a regular expression matches a string
   */
  function check(line, actual, expected) {
    reached.add(line);
    const isPattern = expected instanceof RegExp;
    if (isPattern ? expected.test(String(actual)) : print(actual) === print(expected)) return;
    throw new Error(`The value is ${print(actual)}, not ${isPattern ? expected : print(expected)}`);
  }
  return Object.assign(check, { reached });
}

/**
 * Runs an example, and checks that it reached each line that shows a value.
 * @param {{ example: (given: Given) => Promise<void>, shown: number[] }} module
 * @param {Given} given
 * @returns {Promise<string | null>} its error
 */
export async function runExample({ example, shown }, given) {
  try {
    await example(given);
    const missed = shown.filter((line) => !given.check.reached.has(line));
    return missed.length ? `It did not reach line ${missed.join(", ")}` : null;
  } catch (error) {
    return error instanceof Error ? String(error.stack) : String(error);
  }
}

const print = (/** @type {unknown} */ value) => JSON.stringify(value) ?? String(value);

/** @typedef {ReturnType<typeof createGiven>} Given */
