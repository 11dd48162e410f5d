/**
 * The side that has the API key: handlers of Web standards, `(Request) => Promise<Response>`, for every server and
 * edge worker. They get a `VideoClient`, and load no module of their own. A secret has 32 characters or more.
 * @module evolink-video/server
 */

import type {
  CancelledTask,
  CompletedTask,
  FailedTask,
  Model,
  Quality,
  Store,
  VideoClient,
  VideoRequest,
} from "./index.js";

/** The context that a host passes to a handler besides the request, such as that of a Worker. */
export interface HandlerContext {
  /** Keeps the host alive until the promise settles. */
  waitUntil?(work: Promise<unknown>): void;
}

/** Answers a request. Never rejects. */
export type Handler = (request: Request, context?: HandlerContext) => Promise<Response>;

/** The part of a request of `node:http` or Express that {@link toNodeHandler} reads. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Of Express: the path with the part that a router is mounted at. */
  readonly originalUrl?: string | undefined;
  /** Of Express. */
  readonly protocol?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket?: object | undefined;
  readonly readableEnded: boolean;
  /** Whether all of the body has come. */
  readonly complete?: boolean | undefined;
  iterator(options: { destroyOnReturn: boolean }): AsyncIterable<any>;
  resume(): unknown;
  destroy?(): unknown;
  once?(event: "close", listener: () => void): unknown;
  /** Of a parser such as `express.json()`. */
  readonly body?: unknown;
}

/** The part of a response of `node:http` or Express that {@link toNodeHandler} calls. */
export interface NodeResponse {
  statusCode: number;
  readonly headersSent: boolean;
  setHeader(name: string, value: string | readonly string[]): unknown;
  writeHead(status: number): { end(): unknown };
  write(chunk: Uint8Array): boolean;
  end(): unknown;
  destroy(): unknown;
  once(event: "close" | "drain", listener: (...args: any[]) => void): unknown;
  off(event: "close" | "drain", listener: (...args: any[]) => void): unknown;
}

/**
 * Makes a listener for `node:http`, and a handler for Express, of a handler of Web standards. A body that
 * `express.json()` has read is passed on. `request.signal` is aborted when the client disconnects.
 *
 * The listener never rejects: it answers with 500 if the handler throws.
 *
 * @example
 * ```ts
 * import http from "node:http";
 *
 * const callbacks = createCallbacks({
 *   client,
 *   url: "https://app.example/evolink/callback",
 *   secret: process.env.EVOLINK_SECRET!,
 *   onTask: (task, { ref }) => console.log(ref, task.status),
 * });
 * const listener = toNodeHandler(callbacks.handle);
 * http.createServer(listener).listen(process.env.PORT); // with Express: `app.use("/evolink/callback", listener)`
 * ```
 */
export function toNodeHandler(
  handler: Handler,
): (incoming: NodeRequest, outgoing: NodeResponse) => Promise<void>;

type Awaitable<T> = T | PromiseLike<T>;

/** The operation that a page requests. `"upload"` includes the receipt of an upload. */
export type ProxyOperation = "create" | "read" | "batch" | "credits" | "models" | "upload";

/** The orders that users may send. Other orders are refused. */
export interface ProxyAllow {
  /** The models, by the names that the page sends. */
  models: readonly (Model | (string & {}))[];
  /** The resolutions. Default: the default quality of the model. */
  qualities?: readonly Quality[] | undefined;
  /** Most seconds of a video, greater than 0. Default: the default duration of the model; 5 of the reference's. */
  maxDuration?: number | undefined;
  /** Whether a video may have sound, as by the API's default. Default `true`. */
  audio?: boolean | undefined;
  /**
   * Whether orders may have files: `true` for all public URLs, or a function that decides for each, which is sent as it
   * was parsed. Uploads of the user through this proxy need only `uploads`. Default `false`.
   */
  files?: boolean | ((url: URL, user: string) => Awaitable<boolean>) | undefined;
  /** Whether files may be uploaded, and used by the user who did. Default `false`. */
  uploads?: boolean | undefined;
  /** Whether `client.credits()` shows the balance of the account. Default `false`. */
  credits?: boolean | undefined;
  /** Further fields of the request, such as `"content_filter"`. `callback_url` is never allowed. Default: none. */
  fields?: readonly string[] | undefined;
}

/** An order that is about to be sent. */
export interface ProxyOrder {
  /** The id of the user, from `authorize`. */
  user: string;
  /** The request as it will be sent. */
  request: VideoRequest;
  /**
   * The idempotency key. The page repeats an order whose answer was lost: count a key once.
   */
  key: string;
  /** Credits that the video may cost, the high end of `estimateCost`; `null` if no price is known. */
  credits: number | null;
}

/** The credits that `reserve` set aside for an order. */
export interface Reservation {
  /** Frees it. Called if it is certain that nothing was charged. */
  release(): unknown;
}

/** An event of the proxy. It contains no keys and no prompts. */
export type ProxyEvent =
  | {
      type: "refused";
      /** The operation; `undefined` if the client has no such operation. */
      operation: ProxyOperation | undefined;
      /** The HTTP status of the answer. */
      status: number;
      /** The code of the answer. */
      code: string;
      /** The error of the client, or of a function in the options. */
      error?: unknown;
    }
  | {
      type: "created";
      /** The id of the user. */
      user: string;
      /** The API's id of the task. */
      taskId: string;
      /** Whether the page repeated an earlier order. */
      replayed: boolean;
      /** Credits that the video may cost; `null` if no price is known. */
      credits: number | null;
    }
  | {
      type: "read";
      /** The id of the user. */
      user: string;
      /** The API's ids of the tasks. */
      taskIds: string[];
    }
  | {
      type: "uploaded";
      /** The id of the user. */
      user: string;
      /** Bytes of the file. */
      bytes: number;
    };

/** The options of {@link createProxy}. */
export interface ProxyOptions {
  /** The client, which has the API key. */
  client: VideoClient;
  /**
   * At least 32 characters that only the server knows. Of an array, the first signs and all are accepted, so that a
   * secret can be replaced: put the new one in front, and remove the old one a day later.
   */
  secret: string | readonly string[];
  /**
   * Returns the sender of a request: an object with the id of the user, or `null`, which is answered with 401, or an
   * answer of your own. Apps that share an account need ids that differ. It must not read the body. Like the other
   * functions here, it may take 30 seconds; if it takes longer or throws, the answer is 503, and nothing was sent.
   */
  authorize(
    request: Request,
    operation: ProxyOperation,
  ): Awaitable<
    | {
        /** The id of the user. */
        user: string;
      }
    | Response
    | null
  >;
  /** The orders that users may send. */
  allow: ProxyAllow;
  /**
   * Called for each valid order before it is sent, to limit what a user spends; see {@link createBudget}. `false`
   * refuses the order with 402. `release` is called if it is certain that nothing was charged. Default: orders are
   * not limited.
   */
  reserve?: ((order: ProxyOrder) => Awaitable<boolean | Reservation>) | undefined;
  /**
   * Returns the `callback_url` of an order, for example `(order) => callbacks.urls(order.key)` of {@link createCallbacks}.
   * The API refuses a key with another body: a URL that changes comes with those that it was before, which are tried for
   * a repeated order. Default: no `callback_url`.
   */
  callback?: ((order: Pick<ProxyOrder, "user" | "key">) => Awaitable<string | readonly string[]>) | undefined;
  /**
   * Returns the links of a completed task instead of the API's, which expire after 24 hours: for example of a copy
   * of your own. Default: the API's links.
   */
  results?:
    | ((completed: {
        /** The id of the user. */
        user: string;
        /** The task, with the API's id. */
        task: CompletedTask;
      }) => Awaitable<readonly string[]>)
    | undefined;
  /** Where the proxy is mounted. Default `"/evolink"`; `""` for the root. */
  path?: string | undefined;
  /** Origins of other sites whose pages may call, such as `"https://app.example"`. Default: none but its own. */
  origins?: readonly string[] | undefined;
  /** Most bytes of a body of JSON, 1 or more. Default 65536, which holds the longest prompt with its files. */
  maxBodyBytes?: number | undefined;
  /**
   * Most bytes of an uploaded file, 1 or more. Default 52428800, the largest file that the reference allows: 50 MB,
   * as 2^20 bytes each.
   */
  maxUploadBytes?: number | undefined;
  /**
   * Called on every event; `context` is the one of the handler, for `created` events. Exceptions that it throws are
   * ignored. Default: none.
   */
  onEvent?: ((event: ProxyEvent, context?: HandlerContext) => void) | undefined;
}

/**
 * Makes the handler between pages and the API: it holds the key, and a page needs nothing but
 * `new VideoClient({ baseUrl: "/evolink" })`.
 *
 * - It answers the calls of the client, and nothing else. `list` is refused.
 * - Users read only tasks of their own, without a database: the page gets ids that are sealed for its user. Idempotency
 *   keys are kept apart by user.
 * - Pages of other origins are refused, unless `origins` names them.
 * - A 401, 402 or 403 of the API becomes 424, because users cannot fix it. An unknown outcome is 504, and the
 *   same request with the same key settles it.
 *
 * @throws `ConfigurationError` if an option is missing or invalid. The message names it.
 *
 * @example
 * ```ts
 * const proxy = createProxy({
 *   client,
 *   secret: process.env.EVOLINK_SECRET!,
 *   authorize: (request) => ({ user: request.headers.get("x-user") ?? "nobody" }), // your session
 *   allow: { models: ["seedance-2.0"], maxDuration: 10 },
 * });
 * const { status } = await proxy(new Request("https://app.example/evolink/v1/credits"));
 * status; // => 403
 * ```
 */
export function createProxy(options: ProxyOptions): Handler;

/** A store that can also change an item in one step, which Redis and Durable Objects can. */
export interface AtomicStore extends Store {
  /**
   * Replaces an item with what `change` returns for it, or removes it if that is `null`. No other change may come in
   * between; `change` may be called again if one did.
   */
  update?(key: string, change: (old: string | null) => string | null): PromiseLike<unknown>;
}

/** A task that has ended. */
export type FinalTask = CompletedTask | FailedTask | CancelledTask;

/** The result of a callback. */
export type CallbackEvent<Ref extends string = string> =
  | {
      /** The address or the body is not valid. */
      type: "refused";
      /** The HTTP status of the answer. */
      status: number;
      /** The error of the host. */
      error?: unknown;
    }
  | {
      /**
       * - `"mismatched"`: the task is not the one that `expected` returned.
       * - `"unfinished"`: the task has not ended yet, or has no link yet.
       * - `"delivered"`: `onTask` was called, and succeeded.
       */
      type: "mismatched" | "unfinished" | "delivered";
      /** The `ref` of the address. */
      ref: Ref;
      /** The id of the task. */
      taskId: string;
    }
  | {
      /** The read, the store, `expected` or `onTask` failed. */
      type: "failed";
      /** The `ref` of the address. */
      ref: Ref;
      /** The id of the task. */
      taskId: string;
      /** The error. */
      error: unknown;
    };

/** The options of {@link createCallbacks}. */
export interface CallbackOptions<Ref extends string = string> {
  /** The client, which has the API key. */
  client: VideoClient;
  /** Where `handle` is mounted, as the API reaches it, such as `"https://app.example/evolink/callback"`. */
  url: string;
  /**
   * At least 32 characters that only the server knows. Of an array, the first signs and all are accepted: put a new one
   * in front, and remove the old one after `maxAgeMs`.
   */
  secret: string | readonly string[];
  /**
   * How long an address is accepted at least, in milliseconds, greater than 0 and at most 86,400,000,000, which is
   * 1000 days. It ends with a day in UTC. Default 172,800,000, which is 48 hours.
   */
  maxAgeMs?: number | undefined;
  /**
   * Called with a task that has ended, as it was read with the key, and with the `ref` of its address. Without a
   * `store`, it may be called again for a repeated callback.
   */
  onTask(
    task: FinalTask,
    info: {
      /** The `ref` of the address. */
      ref: Ref;
    },
  ): unknown;
  /**
   * Returns the id of the task of an order, or `null` if it is not known yet. A callback with another id is refused:
   * an address proves only that it was given out, and whoever learned it could name another task of the account.
   * Default: any task of the account.
   */
  expected?: ((ref: Ref) => Awaitable<string | null | undefined>) | undefined;
  /**
   * Remembers the delivered tasks, so that `onTask` succeeds once for each. Two deliveries at the same moment in two
   * processes are recognized only if it has `update`. It has at most 4096 items, which begin with
   * `evolink-video:callback:`: each remembers several tasks until their addresses expire. Default: none.
   */
  store?: AtomicStore | undefined;
  /** Called on every event. Exceptions that it throws are ignored. Default: none. */
  onEvent?: ((event: CallbackEvent<Ref>) => void) | undefined;
}

/** The addresses and their handler. Made by {@link createCallbacks}. */
export interface Callbacks<Ref extends string = string> {
  /**
   * Makes the `callback_url` of an order. It is the same within a day in UTC, so that a repeated submission has the same
   * body: with another one, the API refuses the idempotency key. To repeat an order on another day, store its address.
   *
   * @throws `ConfigurationError` if `ref` is empty, or too long for an address of 2048 characters.
   *
   * @example
   * ```ts
   * const callbacks = createCallbacks({
   *   client,
   *   url: "https://app.example/evolink/callback",
   *   secret: process.env.EVOLINK_SECRET!,
   *   onTask: (task, { ref }) => console.log(ref, task.status),
   * });
   * await client.submit({ ...request, callback_url: await callbacks.url("order-7") });
   * ```
   */
  url(ref: Ref): Promise<string>;
  /**
   * The URL of {@link Callbacks.url}, then those that it was since yesterday or with an earlier secret: for the option
   * `callback` of {@link createProxy}, so that an order that is repeated after midnight is the same order.
   *
   * @throws `ConfigurationError` as `url`.
   *
   * @example
   * ```ts
   * const callbacks = createCallbacks({
   *   client,
   *   url: "https://app.example/evolink/callback",
   *   secret: process.env.EVOLINK_SECRET!,
   *   onTask: (task, { ref }) => console.log(ref, task.status),
   * });
   * const [today] = await callbacks.urls("order-7");
   * today === (await callbacks.url("order-7")); // => true
   * ```
   */
  urls(ref: Ref): Promise<string[]>;
  /**
   * Answers a callback. Never rejects.
   *
   * - 404 for an address that `url` did not make, or that has expired. The body is not read, and neither is a task. Also
   *   for a task other than the `expected` one, which is not read.
   * - 202 with `context.waitUntil`, before the task is read.
   * - Without: 200 if `onTask` succeeded, or the task has not ended. 503 if the read or `onTask` failed, so that the API
   *   calls again after 1, 2 and 4 seconds.
   *
   * @example
   * ```ts
   * const callbacks = createCallbacks({
   *   client,
   *   url: "https://app.example/evolink/callback",
   *   secret: process.env.EVOLINK_SECRET!,
   *   onTask: (task, { ref }) => console.log(ref, task.status),
   * });
   * const forged = new Request("https://app.example/evolink/callback/forged", { method: "POST" });
   * const { status } = await callbacks.handle(forged);
   * status; // => 404
   * ```
   */
  handle(request: Request, context?: HandlerContext): Promise<Response>;
  /**
   * Checks the address and takes the id from the body, for a queue or a workflow that reads the task itself. Resolves
   * with `null` for a callback that `handle` would refuse. Never rejects.
   *
   * @example
   * ```ts
   * const callbacks = createCallbacks({
   *   client,
   *   url: "https://app.example/evolink/callback",
   *   secret: process.env.EVOLINK_SECRET!,
   *   onTask: (task, { ref }) => console.log(ref, task.status),
   * });
   * const { task } = await client.submit(request);
   * const url = await callbacks.url("order-7");
   * const callback = new Request(url, { method: "POST", body: JSON.stringify(task) });
   * const opened = await callbacks.open(callback);
   * opened; // => { ref: "order-7", taskId: task.id }
   * ```
   */
  open(request: Request): Promise<{
    /** The `ref` of the address. */
    ref: Ref;
    /** The id of the task. */
    taskId: string;
  } | null>;
}

/**
 * Makes addresses for `callback_url`, and receives the callbacks. The API does not sign them, so nothing that they say
 * is believed: the address has a proof that it was given out here, and the task is read with the key.
 *
 * A callback is a hint. The API calls again for 7 seconds only, so polling must find what it could not deliver.
 *
 * The answer to a submission can be lost. Its callback still brings the id of the task, with the `ref` of the order.
 *
 * @throws `ConfigurationError` if an option is missing or invalid. The message names it.
 *
 * @example
 * ```ts
 * const callbacks = createCallbacks({
 *   client,
 *   url: "https://app.example/evolink/callback",
 *   secret: process.env.EVOLINK_SECRET!,
 *   onTask: (task, { ref }) => console.log(ref, task.status), // your database
 * });
 * await client.submit({ ...request, callback_url: await callbacks.url("order-7") });
 * ```
 */
export function createCallbacks<Ref extends string = string>(options: CallbackOptions<Ref>): Callbacks<Ref>;

/** A limit of credits within a time. */
export interface BudgetLimit {
  /** Credits that may be spent, 0 or more. */
  credits: number;
  /** How long an order counts, in milliseconds, greater than 0. The window slides. */
  windowMs: number;
}

/** The options of {@link createBudget}. */
export interface BudgetOptions {
  /**
   * Has at most 4096 items, which users share. With `update`, limits are exact. Otherwise they are exact within one process, and
   * processes that reserve at the same moment overwrite each other's orders: `n` of them may spend `n` times the limit.
   */
  store: AtomicStore;
  /** The limit of each user. */
  perUser: BudgetLimit;
  /** The limit of all users together: an item with 50 bytes for each order in its time. Default: no limit. */
  total?: BudgetLimit | undefined;
  /** Credits that an order counts if no price is known, 0 or more. Default: such orders are refused. */
  unpriced?: number | undefined;
}

/**
 * Makes the `reserve` of {@link createProxy}. An order counts once for its key, however often the page repeats it, and
 * `release` of a repetition does not free an order that may have been paid.
 *
 * @throws `ConfigurationError` if an option is missing or invalid. The message names it.
 *
 * @example
 * ```ts
 * const day = 86_400_000;
 * const reserve = createBudget({ store: localStorage, perUser: { credits: 100, windowMs: day } });
 * const first = await reserve({ user: "ann", key: "order-1", credits: 80 });
 * const second = await reserve({ user: "ann", key: "order-2", credits: 80 });
 * first !== false; // => true
 * second; // => false
 * ```
 */
export function createBudget(options: BudgetOptions): (
  order: Pick<ProxyOrder, "user" | "key" | "credits">,
) => Promise<
  | false
  | {
      /**
       * Frees the credits, if the order was not repeated meanwhile.
       * @throws The error of the store, if that fails.
       */
      release(): Promise<void>;
    }
>;

// Without this, every declaration of the file would be exported.
export {};
