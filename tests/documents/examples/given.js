// The names that the examples of the types use without declaring them, and the check of what they show.
import { VideoClient } from "evolink-video";
import { createEmulator } from "evolink-video/testing";

/** The API in place of the network, and a client of it. */
export function createGiven() {
  const emulator = createEmulator({ estimatedTime: 1, taskTime: 1 });
  globalThis.fetch = emulator.fetch;
  const client = new VideoClient({ apiKey: "sk-test", fetch: /** @type {any} */ (emulator.fetch) });
  const request = { model: "seedance-2.0", prompt: "A cat walks through snow" };
  return { emulator, client, request, check, ...outsideOfCloudflare };
}

/**
 * What Cloudflare lends: `ctx` to a Durable Object, the others to a Workflow. `env` is that of both.
 * @type {{
 *   ctx: { storage: import("evolink-video/cloudflare").DurableStorage },
 *   env: { VIDEOS: import("evolink-video/cloudflare").R2BucketLike },
 *   step: import("evolink-video/cloudflare").WorkflowStepLike,
 *   event: { instanceId: string },
 *   NonRetryableError: new (message: string, name?: string) => Error,
 * }}
 */
const outsideOfCloudflare = /** @type {any} */ ({});

/**
 * Compares the value of an expression with the one after `// =>`.
 * @param {unknown} actual
 * @param {unknown} expected a regular expression matches a string
 */
function check(actual, expected) {
  const isPattern = expected instanceof RegExp;
  if (isPattern ? expected.test(String(actual)) : print(actual) === print(expected)) return;
  throw new Error(`The value is ${print(actual)}, not ${isPattern ? expected : print(expected)}`);
}

const print = (/** @type {unknown} */ value) => JSON.stringify(value) ?? String(value);

/** @typedef {ReturnType<typeof createGiven>} Given */
