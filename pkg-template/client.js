import { unlessAborted } from "./abort.js";
import { compute, start } from "./engine.js";
import { ConfigurationError, ConnectionError, EvolinkError } from "./errors.js";
import { iterate, pages } from "./iterable.js";
import { copyOf, hasFiles } from "./local-files.js";

/** @typedef {import("./index.js").VideoClient} Client */
/** @typedef {Parameters<typeof start>[0]} Operation */

/**
 * What `client` in src/npm/client.rs reads, with the API key. Not a property of any kind: the consoles of browsers show
 * private ones too.
 * @type {WeakMap<object, unknown[]>}
 */
const setups = /* @__PURE__ */ new WeakMap();

/** The key of a client in `setups`: a function, because reactive proxies pass functions through unchanged. */
const setupKey = /* @__PURE__ */ Symbol();

/** @param {any} client or a proxy of one, such as Vue's @returns {unknown[]} */
function setupOf(client) {
  const setup = setups.get(client?.[setupKey]);
  if (setup) return setup;
  throw new ConfigurationError("A method was called without its client: call it as `client.submit()`.", {
    code: "invalid_option",
  });
}

/**
 * Each method passes its arguments to Rust. The options are checked once. The key is passed with each call, so that
 * it does not stay in the module's memory between calls.
 * @implements {Client}
 */
export class VideoClient {
  /** @param {ConstructorParameters<typeof import("./index.js").VideoClient>[0]} options */
  constructor(options) {
    const config = compute("checkOptions", options ?? {});
    const { apiKey, fetch, store, onEvent, files, allow } = options;
    // It does not fail the call, even if it is async and rejects.
    const observe =
      onEvent && ((/** @type {any} */ event) => void (async () => onEvent(event))().catch(() => {}));
    const key = () => {};
    Object.defineProperty(this, setupKey, { value: key });
    setups.set(key, [config, apiKey, fetch, store, observe, files, allow && [...allow]]);
  }

  /** @type {Client["prepare"]} */
  prepare(request, options) {
    return compute("prepare", setupOf(this), request, options);
  }

  /** @type {Client["submit"]} */
  submit(request, options) {
    return send(this, "submit", request, options);
  }

  /** @type {Client["retrieve"]} */
  retrieve(taskId, options) {
    return call(this, "retrieve", taskId, options);
  }

  /** @type {Client["retrieveAll"]} */
  retrieveAll(taskIds, options) {
    return call(this, "retrieveAll", taskIds, options);
  }

  /** @type {Client["poll"]} */
  async poll(target, options) {
    return withError(await call(this, "poll", target, options));
  }

  /** @type {Client["pollAll"]} */
  async pollAll(targets, options) {
    const polls = await call(this, "pollAll", targets, options);
    return polls.map(withError);
  }

  /** @type {Client["wait"]} */
  wait(target, options) {
    return call(this, "wait", target, options);
  }

  /** @type {Client["watch"]} */
  watch(target, options) {
    return updates(this, "watch", target, options);
  }

  /** @type {Client["waitAll"]} */
  waitAll(ids, options) {
    return call(this, "waitAll", ids, options);
  }

  /** @type {Client["watchAll"]} */
  watchAll(ids, options) {
    return updates(this, "waitAll", ids, options);
  }

  /** @type {Client["resume"]} */
  resume(options) {
    return updates(this, "resume", undefined, options);
  }

  /** @type {Client["pending"]} */
  pending(options) {
    return call(this, "pending", undefined, options);
  }

  /** @type {Client["forget"]} */
  forget(id, options) {
    return call(this, "forget", id, options);
  }

  /** @type {Client["generate"]} */
  async generate(request, options) {
    const { task, submission } = await send(this, "generate", request, options);
    const { idempotencyKey, replayed, requestId, warnings } = submission;
    const value = { idempotencyKey, replayed, requestId, warnings };
    // Not enumerable, so that JSON and copies of a task stay what the API sent.
    return Object.defineProperty(task, "submission", { value });
  }

  /** @type {Client["upload"]} */
  async upload(file, options) {
    const { upload } = await loadFiles(options?.signal);
    return upload(contextOf(this), file, options);
  }

  /** @type {Client["list"]} */
  list(query, options) {
    return pages((page) => call(this, "list", { ...query, page }, options), query?.page);
  }

  /** @type {Client["credits"]} */
  credits(options) {
    return call(this, "credits", undefined, options);
  }

  /** @type {Client["models"]} */
  models(options) {
    return call(this, "models", undefined, options);
  }

  /** @type {Client["request"]} */
  request(method, path, options) {
    return call(this, "request", [method, path], options);
  }
}

/** @param {Client} client @param {Operation} operation @param {unknown} subject @param {unknown} options */
async function call(client, operation, subject, options) {
  return begin(operation, setupOf(client), subject, options);
}

/**
 * Starts an operation, which an async `onUpdate` that rejects ends as one that throws does.
 * @param {Operation} operation
 * @param {unknown[]} setup
 * @param {unknown} subject
 * @param {any} options
 * @param {{ signal: AbortSignal, stop?: AbortController }} [own]
 * @returns {Promise<any>}
 */
async function begin(operation, setup, subject, options, own) {
  const onUpdate = options?.onUpdate;
  if (typeof onUpdate !== "function") return start(operation, setup, subject, options, own);
  const stop = own?.stop ?? new AbortController();
  const observe = (/** @type {unknown[]} */ ...args) =>
    void onUpdate(...args)?.then?.(undefined, (/** @type {unknown} */ reason) => stop.abort(reason));
  return start(operation, setup, subject, { ...options, onUpdate: observe }, { ...own, signal: stop.signal });
}

/** @param {Client} client @param {"submit" | "generate"} operation @param {unknown} request @param {unknown} options */
async function send(client, operation, request, options) {
  if (!hasFiles(request)) return call(client, operation, request, options);
  const copy = copyOf(/** @type {object} */ (request));
  const { sendFiles } = await loadFiles(/** @type {any} */ (options)?.signal);
  return sendFiles(contextOf(client), operation, copy, options);
}

/**
 * The scripts for files, which most apps never need.
 * @param {AbortSignal} [signal]
 * @returns {Promise<typeof import("./files.js")>}
 */
function loadFiles(signal) {
  const loaded = import("./files.js").catch((cause) => {
    throw new ConnectionError(
      "The scripts for files could not be loaded. A service worker cannot load scripts later: bundle the package into its script. See `cause`.",
      { code: "script_unavailable", cause },
    );
  });
  return unlessAborted(loaded, signal);
}

/** What the scripts for files need of a client. @param {Client} client */
function contextOf(client) {
  return { compute, start: begin, setup: setupOf(client), loadMedia: () => import("#media") };
}

/** @param {Client} client @param {Operation} operation @param {unknown} subject @param {unknown} options */
function updates(client, operation, subject, options) {
  const setup = setupOf(client);
  return iterate(
    (own) => begin(operation, setup, subject, options, own),
    (id) => void start("acknowledge", setup, id, undefined),
  );
}

/** @param {any} polled */
function withError(polled) {
  if (polled.error) polled.error = EvolinkError.from(polled.error);
  return polled;
}
