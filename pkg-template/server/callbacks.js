// The receiver of callbacks. The API does not sign them, so a body proves nothing. The URL proves that it was created
// here, and the task is read with the key.
import { base64Url } from "../base64-url.js";
import { ConfigurationError } from "../errors.js";
import { isTaskId } from "../task-id.js";
import { readBytes } from "./body.js";
import { digest } from "./digest.js";
import { claimMs, recordOf } from "./delivery.js";
import { checkStore, pause } from "./item.js";
import { checkNames, emitterOf } from "./options.js";
import { Refusal } from "./refusal.js";
import { createSealer } from "./seal.js";

/** @typedef {import("../server.js").CallbackOptions} Options */
/** @typedef {import("../server.js").CallbackEvent} Event */
/** @typedef {import("../server.js").FinalTask} FinalTask */
/** @typedef {import("../server.js").HandlerContext} Context */
/** @typedef {ReturnType<typeof checkOptions>} Checked */
/** @typedef {{ ref: string, taskId: string, expiresAt: number }} Hint */
/** @typedef {{ since: number, status?: number }} Delivery */

const dayMs = 86_400_000;
const defaultMaxAgeMs = 2 * dayMs;
/** Of the API. */
const maxAddressLength = 2048;
const maxBodyBytes = 65_536;
/** The API waits 10 s for the response, and `onTask` needs part of that. */
const readMs = 7_000;
/** Some hosts stop work in `waitUntil` after 30 s. */
const readInBackgroundMs = 20_000;

/** @type {typeof import("../server.js").createCallbacks} */
export function createCallbacks(options) {
  // The compiler cannot know that a `ref` that comes back is one of those that went out.
  const checked = checkOptions(/** @type {Options} */ (/** @type {unknown} */ (options)));
  return /** @type {any} */ ({
    url: async (/** @type {string} */ ref) => (await addressesOf(ref, Date.now(), checked))[0],
    urls: (/** @type {string} */ ref) => addressesSinceYesterday(ref, checked),
    async handle(/** @type {Request} */ request, /** @type {Context | undefined} */ context) {
      try {
        return new Response(null, { status: await answer(request, context, checked) });
      } catch (error) {
        const status = error instanceof Refusal ? error.status : 503;
        checked.emit({ type: "refused", status, ...(!(error instanceof Refusal) && { error }) });
        return new Response(null, { status, headers: error instanceof Refusal ? error.headers : {} });
      }
    },
    open: (/** @type {Request} */ request) =>
      openRequest(request, checked).then(
        ({ ref, taskId }) => ({ ref, taskId }),
        () => null,
      ),
  });
}

const optionNames = ["client", "url", "secret", "maxAgeMs", "onTask", "expected", "store", "onEvent"];

/** @param {Options} options */
function checkOptions(options) {
  const { client, url, secret, maxAgeMs = defaultMaxAgeMs, onTask, expected, store, onEvent } = options ?? {};
  const fail = (/** @type {string} */ text) => {
    throw new ConfigurationError(text);
  };
  checkNames("`createCallbacks`", options, optionNames);
  if (typeof client?.retrieve !== "function") fail("The option `client` must be a VideoClient.");
  if (typeof onTask !== "function") fail("The option `onTask` must be a function.");
  for (const [name, value] of Object.entries({ expected, onEvent }))
    if (value !== undefined && typeof value !== "function")
      fail(`The option \`${name}\` must be a function.`);
  if (typeof maxAgeMs !== "number" || !(maxAgeMs > 0 && maxAgeMs <= 1000 * dayMs))
    fail(
      `The option \`maxAgeMs\` must be milliseconds, at most 1000 days, but it is ${String(maxAgeMs).slice(0, 40)}.`,
    );
  if (store !== undefined) checkStore(store);
  const base = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  if (!base || !isReachable(base) || base.search || base.hash || base.username || base.password)
    throw new ConfigurationError(
      'The option `url` must be an address with https and without a query, as "https://example.com/callback".',
    );
  const path = base.pathname.replace(/\/+$/, "");
  return {
    ...{ client, maxAgeMs, onTask, expected, store },
    base: base.origin + path,
    path,
    sealer: createSealer(secret),
    /**
     * The deliveries in progress in this process.
     * @type {Map<string, Delivery>}
     */
    inProgress: new Map(),
    emit: emitterOf(onEvent),
  };
}

/** http is for an emulator on this machine. @param {URL} url */
const isReachable = ({ protocol, hostname }) =>
  protocol === "https:" || (protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname));

/**
 * The URLs that an order may first have been sent with, while the API remembers its key. The current URL comes first.
 * @param {string} ref
 * @param {Checked} checked
 */
async function addressesSinceYesterday(ref, checked) {
  const now = Date.now();
  const days = await Promise.all([now, now - dayMs].map((time) => addressesOf(ref, time, checked)));
  return days.flat();
}

/**
 * The URLs of a day, with each secret.
 * @param {string} ref
 * @param {number} time
 * @param {Checked} checked
 */
async function addressesOf(ref, time, { base, maxAgeMs, sealer }) {
  const bytes = new TextEncoder().encode(typeof ref === "string" ? ref : "");
  if (
    bytes.length === 0 ||
    bytes.length > maxAddressLength ||
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) !== ref
  )
    throw new ConfigurationError("`url(ref)` needs a string that is not empty and well-formed.");
  const name = base64Url(bytes);
  // The URL stays the same all day, because a repeated order must have the same body.
  const day = Math.floor(time / dayMs) + 1 + Math.ceil(maxAgeMs / dayMs);
  const expiry = day.toString(36);
  const seals = await sealer.seals("callback", name, expiry);
  const addresses = seals.map((seal) => `${base}/${name}/${expiry}.${seal}`);
  const [address] = addresses;
  if (address.length > maxAddressLength)
    throw new ConfigurationError(
      `The address of a callback may have ${maxAddressLength} characters, but this one has ${address.length}. Use a shorter \`ref\`.`,
    );
  return addresses;
}

/**
 * The `ref` of a URL that was created here, and when it expires; `undefined` if it has expired.
 * @param {string} pathname
 * @param {Checked} checked
 */
async function openAddress(pathname, { path, sealer }) {
  if (pathname.length > maxAddressLength || !pathname.startsWith(`${path}/`)) return undefined;
  const found = /^([\w-]+)\/([0-9a-z]{1,6})\.([\w-]{22})$/.exec(pathname.slice(path.length + 1));
  if (!found) return undefined;
  const [, name, expiry, seal] = found;
  // The seal covers the encoded characters, so that no other encoding of the same value is accepted.
  if (!(await sealer.verifies(seal, "callback", name, expiry))) return undefined;
  const expiresAt = parseInt(expiry, 36) * dayMs;
  if (Date.now() >= expiresAt) return undefined;
  const letters = atob(name.replace(/[-_]/g, (letter) => (letter === "-" ? "+" : "/")));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  return { ref: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), expiresAt };
}

/**
 * Checks the URL, then reads the body. Everything in the body except the id is ignored.
 * @param {Request} request
 * @param {Checked} checked
 * @returns {Promise<Hint>}
 */
async function openRequest(request, checked) {
  const opened = await openAddress(new URL(request.url).pathname, checked);
  if (!opened) throw new Refusal(404, "not_found", "This path does not exist.");
  if (request.method !== "POST")
    throw new Refusal(405, "method_not_allowed", "This path takes POST.", { headers: { allow: "POST" } });
  if (request.bodyUsed) throw new Refusal(400, "invalid_request", "The body has already been read.");
  const taskId = idOf(new TextDecoder().decode(await readBytes(request, maxBodyBytes)));
  if (taskId === undefined) throw new Refusal(400, "invalid_request", "The body has no task id.");
  return { ...opened, taskId };
}

/** As the client reads it in answers. @param {string} text @returns {string | undefined} */
function idOf(text) {
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  return [body?.id, body?.task_id, body?.data?.id, body?.data?.task_id].find(isTaskId);
}

/**
 * The status of the answer.
 * @param {Request} request
 * @param {Context | undefined} context
 * @param {Checked} checked
 */
async function answer(request, context, checked) {
  const hint = await openRequest(request, checked);
  if (typeof context?.waitUntil !== "function") return follow(hint, readMs, checked);
  context.waitUntil(follow(hint, readInBackgroundMs, checked));
  return 202;
}

/**
 * Reads the task and delivers it, once for concurrent deliveries. Never rejects.
 * @param {Hint} hint
 * @param {number} ms that the read may take
 * @param {Checked} checked
 * @returns {Promise<number>} the status of the answer
 */
async function follow(hint, ms, checked) {
  const { inProgress } = checked;
  const name = JSON.stringify([hint.ref, hint.taskId]);
  // As in changeItem, a request must not wait for a promise of another request.
  for (let other; (other = inProgress.get(name)) && Date.now() - other.since < claimMs;) {
    await pause(20);
    if (other.status !== undefined) return other.status;
  }
  /** @type {Delivery} */
  const own = { since: Date.now() };
  inProgress.set(name, own);
  own.status = await readAndDeliver(hint, ms, checked);
  if (inProgress.get(name) === own) inProgress.delete(name);
  return own.status;
}

/** @param {Hint} hint @param {number} ms @param {Checked} checked */
async function readAndDeliver(hint, ms, checked) {
  const { ref, taskId } = hint;
  const { client, expected, emit } = checked;
  try {
    // Before the read, so that somebody who learned a URL cannot cause reads of other tasks.
    const id = (await expected?.(ref)) ?? taskId;
    if (id !== taskId) {
      emit({ type: "mismatched", ref, taskId });
      return 404;
    }
    const task = await client.retrieve(taskId, { signal: AbortSignal.timeout(ms) });
    const isFinal =
      ["failed", "cancelled"].includes(task.status) ||
      (task.status === "completed" && task.results.length > 0);
    if (!isFinal) {
      emit({ type: "unfinished", ref, taskId });
      return 200;
    }
    const isDelivered = await deliver(hint, /** @type {FinalTask} */ (task), checked);
    return isDelivered ? 200 : 503;
  } catch (error) {
    emit({ type: "failed", ref, taskId, error });
    return 503;
  }
}

/**
 * Calls `onTask`, unless another delivery does or did. Returns whether the callback is settled.
 * @param {Hint} hint
 * @param {FinalTask} task
 * @param {Checked} checked
 */
async function deliver({ ref, taskId, expiresAt }, task, { store, onTask, emit }) {
  // By `ref` too, so that somebody who learned one URL cannot use up the callback of another order.
  const record = store && recordOf(store, await digest("callback", ref, taskId), expiresAt);
  const found = (await record?.claim()) ?? "free";
  if (found !== "free") return found === "done";
  try {
    await onTask(task, { ref });
  } catch (error) {
    await record?.set(null).catch(() => {});
    throw error;
  }
  emit({ type: "delivered", ref, taskId });
  // The API must not call again for this, because `onTask` would be called twice.
  await record?.set("done").catch((error) => emit({ type: "failed", ref, taskId, error }));
  return true;
}
