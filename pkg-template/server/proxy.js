// The handler between a page and the API: it holds the key, and lets through what its options name.
import { limits } from "#tables";
import { ConfigurationError, EvolinkError } from "../errors.js";
import { estimateCost } from "../index.js";
import { fileFields } from "../local-files.js";
import { checkAllow } from "./allow.js";
import { readJson } from "./body.js";
import { digest } from "./digest.js";
import { checkNames, emitterOf } from "./options.js";
import { checkFilesOf, checkOrder, sealedUpload } from "./order.js";
import { checkOrigin, corsHeaders, preflight } from "./origin.js";
import { Refusal, calling, refusalOf, unsent } from "./refusal.js";
import { routeOf } from "./routes.js";
import { createSealer } from "./seal.js";
import { openedId, sealedId, shownTask } from "./task.js";
import { fileOf } from "./upload.js";

/** @typedef {import("../server.js").ProxyOptions} Options */
/** @typedef {import("../server.js").ProxyOperation} Operation */
/** @typedef {import("../server.js").HandlerContext} Context */
/** @typedef {ReturnType<typeof checkOptions>} Checked */
/** @typedef {{ status?: number, body: unknown, headers?: Record<string, string> }} Answer */
/** @typedef {{ request: Request, user: string, id: string, context: Context | undefined }} Call */

/** The longest pause before another attempt, because the page's client waits for the response. */
const maxSleepMs = 5000;

/** @type {typeof import("../server.js").createProxy} */
export function createProxy(options) {
  const checked = checkOptions(options);
  return async (request, context) => {
    const { origins } = checked;
    /** @type {Answer} */
    let answer;
    /** @type {Operation | undefined} */
    let operation;
    try {
      const url = new URL(request.url);
      const route = routeOf(url.pathname, checked.path);
      if (!route) throw new Refusal(404, "not_found", "This path does not exist.");
      if (request.method === "OPTIONS") return preflight(request, origins);
      if (request.method !== route.method)
        throw new Refusal(405, "method_not_allowed", `This path accepts ${route.method}.`, {
          headers: { allow: `${route.method}, OPTIONS` },
        });
      checkOrigin(request, origins);
      if (route.operation !== "list" && url.search !== "")
        throw new Refusal(400, "invalid_request", "This path accepts no query.");
      operation =
        route.operation === "receipt" ? "upload" : route.operation === "list" ? "read" : route.operation;
      const user = await authorized(request, operation, checked);
      if (user instanceof Response) return withHeaders(user, corsHeaders(request, origins));
      answer = await answers[route.operation]({ request, user, id: route.id, context }, checked);
    } catch (thrown) {
      const refusal = refusalFor(thrown, operation === "create");
      const { status, code } = refusal;
      const error = refusal === thrown ? refusal.cause : thrown;
      checked.emit({ type: "refused", operation, status, code, ...(error !== undefined && { error }) });
      answer = refusal;
    }
    const headers = {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...corsHeaders(request, origins),
      ...answer.headers,
    };
    return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200, headers });
  };
}

/**
 * The calls of the client throw its errors. Anything else comes from the server around them.
 * @param {unknown} thrown
 * @param {boolean} isCreate
 */
function refusalFor(thrown, isCreate) {
  if (thrown instanceof Refusal) return thrown;
  return thrown instanceof EvolinkError ? refusalOf(thrown, isCreate) : unsent("server_failed", thrown);
}

/** @param {Options} options */
function checkOptions(options) {
  const { client, secret, authorize, allow, reserve, callback, results, onEvent } = options ?? {};
  const {
    path = "/evolink",
    origins = [],
    maxBodyBytes = 65_536,
    maxUploadBytes = mostFileBytes,
  } = options ?? {};
  const fail = (/** @type {string} */ text) => {
    throw new ConfigurationError(text);
  };
  checkNames("`createProxy`", options, optionNames);
  if (typeof client?.submit !== "function") fail("The option `client` must be a VideoClient.");
  if (typeof authorize !== "function")
    fail("The option `authorize` must be a function that returns `{ user }`, a Response, or null.");
  for (const [name, value] of Object.entries({ reserve, callback, results, onEvent }))
    if (value !== undefined && typeof value !== "function")
      fail(`The option \`${name}\` must be a function.`);
  // As URLs normalize it: every request has this spelling.
  if (
    typeof path !== "string" ||
    !/^(\/[^/?#]+)*$/.test(path) ||
    (path !== "" && new URL(`http://a${path}`).pathname !== path)
  )
    fail(
      `The option \`path\` must begin with a slash and not end with one, such as "/evolink", but it is ${JSON.stringify(path)}.`,
    );
  const isOrigin = (/** @type {unknown} */ origin) =>
    typeof origin === "string" && URL.canParse(origin) && new URL(origin).origin === origin;
  if (!Array.isArray(origins) || !origins.every(isOrigin))
    fail(`The option \`origins\` must be an array of origins, such as "https://example.com".`);
  for (const [name, value] of Object.entries({ maxBodyBytes, maxUploadBytes }))
    if (!Number.isSafeInteger(value) || value < 1) fail(`The option \`${name}\` must be a number of bytes.`);
  return {
    ...{ client, authorize, reserve, callback, path, maxBodyBytes, maxUploadBytes },
    allow: checkAllow(allow),
    origins: [...origins],
    sealer: createSealer(secret),
    /** With links of the server's own. @param {import("../index.js").Task} task @param {string} user */
    async linked(task, user) {
      if (!results || task.status !== "completed" || task.results.length === 0) return task;
      const completed = /** @type {import("../index.js").CompletedTask} */ (task);
      const links = await calling("results", async () => {
        const found = await results({ task: completed, user });
        if (Array.isArray(found) && found.every((link) => typeof link === "string")) return found;
        throw new ConfigurationError("`results` must return an array of links.");
      });
      return /** @type {typeof completed} */ ({ ...completed, results: [...links] });
    },
    emit: emitterOf(onEvent),
  };
}

const optionNames = [
  ...["client", "secret", "authorize", "allow", "reserve", "callback", "results"],
  ...["path", "origins", "maxBodyBytes", "maxUploadBytes", "onEvent"],
];
/** Megabytes of 2^20 bytes, as some count. */
const mostFileBytes = Math.round(
  (Math.max(limits.images.maxBytes, limits.videos.maxBytes, limits.audios.maxBytes) / 1e6) * 2 ** 20,
);

/**
 * @param {Request} request
 * @param {Operation} operation
 * @param {Checked} checked
 */
async function authorized(request, operation, { authorize }) {
  const found = await calling("authorize", () => authorize(request, operation));
  if (found instanceof Response) return found;
  if (typeof found?.user !== "string" || found.user === "") {
    const isNobody = found === null || found === undefined;
    const expected = "`authorize` must return an object with `user`, a non-empty string, or null.";
    const cause = isNobody ? undefined : new ConfigurationError(expected);
    throw new Refusal(401, "unauthorized", "Sign in first.", { cause });
  }
  if (request.bodyUsed || request.body?.locked)
    throw new Refusal(500, "authorize_failed", "`authorize` must not read the body of the request.");
  return found.user;
}

/**
 * The answers to the calls of a client.
 * @type {Record<import("./routes.js").Route["operation"], (call: Call, checked: Checked) => Promise<Answer>>}
 */
const answers = {
  create,
  async read({ request, user, id }, { client, sealer, linked, emit }) {
    const taskId = await openedId(id, user, sealer);
    // Not 403, so that nobody learns which tasks exist.
    if (taskId === undefined) throw new Refusal(404, "task_not_found", "There is no such task.");
    const task = await client.retrieve(taskId, { signal: request.signal, maxRetries: 1 });
    emit({ type: "read", user, taskIds: [taskId] });
    return { body: shownTask(await linked(task, user), id) };
  },
  async batch({ request, user }, { client, sealer, maxBodyBytes, linked, emit }) {
    const { task_ids: sealed } = await readJson(request, maxBodyBytes);
    if (!Array.isArray(sealed) || sealed.length > 50)
      throw new Refusal(400, "invalid_request", "`task_ids` must be an array of at most 50 ids.");
    const opened = await Promise.all(sealed.map((id) => openedId(id, user, sealer)));
    /** The page's ids by the API's ids. */
    const ids = new Map(opened.flatMap((id, index) => (id === undefined ? [] : [[id, sealed[index]]])));
    const taskIds = [...ids.keys()];
    const tasks =
      taskIds.length > 0 ? await client.retrieveAll(taskIds, { signal: request.signal, maxRetries: 1 }) : [];
    emit({ type: "read", user, taskIds });
    const data = [];
    for (const [index, task] of tasks.entries())
      if (task) data.push(shownTask(await linked(task, user), ids.get(taskIds[index])));
    return { body: { code: 200, data } };
  },
  async list() {
    throw new Refusal(
      403,
      "not_allowed",
      "Tasks cannot be listed here: the list contains the tasks of all users.",
    );
  },
  async credits({ request }, { client, allow }) {
    if (allow.credits !== true) throw new Refusal(403, "not_allowed", "The balance is not shown here.");
    const { remaining, used, unlimited } = await client.credits({ signal: request.signal, maxRetries: 1 });
    const token = { remaining_credits: remaining, used_credits: used, unlimited_credits: unlimited };
    return { body: { success: true, message: "", data: { token } } };
  },
  async models(_, { allow }) {
    return { body: { object: "list", data: allow.models.map((id) => ({ id })) } };
  },
  upload,
  // The client in the page uploads again. A second copy costs only quota.
  async receipt({ id }) {
    return { body: { upload_id: id, state: "outcome_unknown", result_verified: false, file: null } };
  },
};

/** @param {Call} call @param {Checked} checked @returns {Promise<Answer>} */
async function create({ request, user, context }, checked) {
  const { client, sealer, allow, callback, reserve, emit } = checked;
  const pageKey = request.headers.get("idempotency-key") ?? "";
  if (!/^[\w.-]{16,96}$/.test(pageKey))
    throw new Refusal(
      400,
      "invalid_request",
      "An order needs the header Idempotency-Key with 16 to 96 characters of A-Z a-z 0-9 . _ -",
    );
  const body = await readJson(request, checked.maxBodyBytes);
  const { request: order, extraFields } = checkOrder(body, allow);
  await checkFilesOf(/** @type {any} */ (order), allow, user, sealer);
  // Separate for each user, so that nobody gets the task of another user by repeating a key. Independent of the secret,
  // because with a new secret, a repeated order would be charged again.
  const key = await digest("key", user, pageKey);
  const addresses = callback ? await callbackUrls(() => callback({ user, key })) : [];
  if (callback) /** @type {any} */ (order).callback_url = addresses[0];
  const credits = estimateCost(order).credits?.[1] ?? null;
  // `submit` checks it too, but nothing is reserved for an order that is invalid.
  if (reserve) client.prepare(order, { extraFields });
  const reserved = reserve && (await reservation(() => reserve({ user, request: order, key, credits })));
  // Not aborted by `request.signal`: the order stands even if the page is closed.
  const submitted = submitOnce(client, order, addresses, { idempotencyKey: key, extraFields, maxSleepMs });
  try {
    context?.waitUntil?.(submitted.catch(() => {}));
  } catch {
    // The host does not support it here. The order is sent anyway.
  }
  try {
    const { task, replayed, requestId } = await submitted;
    emit({ type: "created", user, taskId: task.id, replayed, credits }, context);
    return {
      body: shownTask(task, await sealedId(task.id, user, sealer)),
      headers: {
        ...(replayed && { "idempotency-replayed": "true" }),
        ...(requestId !== null && { "x-request-id": requestId }),
      },
    };
  } catch (error) {
    // The order was sent, even if something else failed.
    const sent = /** @type {import("../index.js").EvolinkError} */ (EvolinkError.from(error));
    if (sent.charged === "no") await release(reserved);
    throw sent;
  }
}

/** @param {() => ReturnType<NonNullable<Options["callback"]>>} callback */
const callbackUrls = (callback) =>
  calling("callback", async () => {
    const returned = await callback();
    const urls = typeof returned === "string" ? [returned] : returned;
    const isUrl = (/** @type {unknown} */ url) => typeof url === "string" && URL.canParse(url);
    if (Array.isArray(urls) && urls.length > 0 && urls.every(isUrl)) return urls;
    throw new ConfigurationError("`callback` must return a URL, or an array of them.");
  });

/**
 * Submits an order, also one that was sent before with an earlier URL for its callback: the API refuses its key with
 * another body, and ordering again with a new key would be charged twice.
 * @param {import("../index.js").VideoClient} client
 * @param {import("../index.js").VideoRequest} order
 * @param {readonly string[]} addresses
 * @param {import("../index.js").SubmitOptions} options
 * @returns {ReturnType<import("../index.js").VideoClient["submit"]>}
 */
async function submitOnce(client, order, [callback_url, ...earlier], options) {
  try {
    return await client.submit(callback_url === undefined ? order : { ...order, callback_url }, options);
  } catch (error) {
    const isConflict = /** @type {any} */ (error)?.code === "idempotency_conflict";
    if (!isConflict || earlier.length === 0) throw error;
    return submitOnce(client, order, earlier, options);
  }
}

/** @typedef {Awaited<ReturnType<NonNullable<Options["reserve"]>>>} Reserved */

/**
 * Any other value that `reserve` returns is refused too: a promise that was not awaited, for example, would let
 * every order through.
 * @param {() => Reserved | PromiseLike<Reserved>} reserve
 */
async function reservation(reserve) {
  const work = async () => {
    const reserved = (await reserve()) ?? false;
    if (typeof reserved === "boolean" || isReleasable(reserved)) return reserved;
    throw new ConfigurationError(
      "`reserve` must return true, false, or an object with `release`, a function.",
    );
  };
  const reserved = await calling("reserve", work, release);
  // Not 429, which the client in the page would repeat.
  if (!reserved) throw new Refusal(402, "spending_limit", "The budget for videos is used up.");
  return reserved;
}

/** @param {unknown} reserved @returns {reserved is { release(): unknown }} */
const isReleasable = (reserved) => typeof (/** @type {any} */ (reserved)?.release) === "function";

/** What it throws, or a promise that never settles, must not hide why the order was refused. @param {Reserved | undefined} reserved */
async function release(reserved) {
  try {
    if (isReleasable(reserved)) await calling("release", () => reserved.release());
  } catch {
    // The order counts until its window ends.
  }
}

/** @param {Call} call @param {Checked} checked @returns {Promise<Answer>} */
async function upload({ request, user }, { client, allow, sealer, maxUploadBytes, emit }) {
  if (allow.uploads !== true) throw new Refusal(403, "not_allowed", "Files cannot be uploaded here.");
  // A form of another site cannot set it.
  if (!request.headers.has("x-evo-upload-id"))
    throw new Refusal(400, "invalid_request", "An upload needs the header X-Evo-Upload-Id.");
  const { stream, bytes, name, mediaType } = await fileOf(request, maxUploadBytes);
  const sent = client.upload(stream, { bytes, name, mediaType, signal: request.signal });
  const file = await sent.catch((error) => {
    // The page must correct the form.
    throw error?.cause instanceof Refusal ? error.cause : error;
  });
  emit({ type: "uploaded", user, bytes });
  const url = await sealedUpload(file.url, user, sealer);
  const data = {
    ...{ file_id: file.fileId, file_name: name, file_size: bytes, mime_type: file.mediaType },
    ...{ file_url: url, download_url: url },
    expires_at: file.expiresAt === null ? null : new Date(file.expiresAt).toISOString(),
  };
  return { body: { success: true, code: 200, msg: "", data } };
}

/** @param {Response} response @param {Record<string, string>} headers */
function withHeaders(response, headers) {
  const copy = new Response(response.body, response);
  for (const [name, value] of Object.entries(headers))
    if (name === "vary") copy.headers.append(name, value);
    else copy.headers.set(name, value);
  return copy;
}
