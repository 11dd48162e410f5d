// The installed package with a proxy in front of the emulator, and what reached the API.
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { importPackage, installPackage } from "../support/packed.js";

/** @typedef {typeof import("../../pkg-template/server.js")} Server */
/** @typedef {import("../../pkg-template/server.js").ProxyOptions} ProxyOptions */
/** @typedef {import("../../pkg-template/server.js").ProxyEvent} ProxyEvent */

const folder = await installPackage();

export const library = await importPackage(folder);
/** @type {Server} */
export const server = await import(pathToFileURL(join(folder, "node_modules/evolink-video/server.js")).href);

export const origin = "https://app.example";
export const api = "https://api.example";
export const secret = "a secret of at least 32 characters";
export const pageKey = "order-of-the-page-0001";
export const order = { model: "seedance-2.0", prompt: "A paper boat on a river" };

/**
 * A proxy whose users are named by a header, as a session would.
 * @param {Partial<ProxyOptions>} [options]
 * @param {import("../../pkg-template/testing.js").EmulatorOptions} [emulated]
 */
export function setUp(options, emulated) {
  const emulator = library.createEmulator({ apiKeys: ["sk-server"], ...emulated });
  /** @type {{ method: string, url: string, headers: Headers, body: unknown }[]} */
  const sent = [];
  /** @type {ProxyEvent[]} */
  const events = [];
  const client = new library.VideoClient({
    apiKey: "sk-server",
    baseUrl: api,
    fetch: (url, init) => {
      sent.push({ method: init.method, url, headers: new Headers(init.headers), body: init.body });
      return emulator.fetch(url, /** @type {RequestInit} */ (init));
    },
    maxRetries: 0,
  });
  const proxy = server.createProxy({
    client,
    secret,
    authorize: (request) => {
      const user = request.headers.get("x-user");
      return user === null ? null : { user };
    },
    allow: { models: ["seedance-2.0"] },
    onEvent: (event) => events.push(event),
    ...options,
  });

  /**
   * A request of a page.
   * @param {string} path below the proxy
   * @param {{ user?: string | null, method?: string, headers?: Record<string, string>, body?: unknown }} [init]
   */
  const call = (path, { user = "ann", method, headers, body } = {}) =>
    proxy(
      new Request(`${origin}/evolink${path}`, {
        method: method ?? (body === undefined ? "GET" : "POST"),
        headers: {
          ...(user !== null && { "x-user": user }),
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        body: /** @type {any} */ (
          body === undefined || typeof body === "string" || body instanceof ReadableStream
            ? body
            : JSON.stringify(body)
        ),
        // @ts-expect-error Not in all types.
        duplex: "half",
      }),
    );

  return {
    emulator,
    client,
    sent,
    events,
    proxy,
    call,
    /** @param {object} [body] @param {Parameters<typeof call>[1]} [init] */
    create: (body = order, init) =>
      call("/v1/videos/generations", {
        ...init,
        headers: { "idempotency-key": pageKey, ...init?.headers },
        body,
      }),
    /**
     * The client of a page.
     * @param {string} [user]
     * @param {Partial<import("../../pkg-template/index.js").ClientOptions>} [own]
     */
    page: (user = "ann", own) =>
      new library.VideoClient({
        baseUrl: `${origin}/evolink`,
        headers: { "x-user": user },
        fetch: (url, init) => proxy(new Request(url, /** @type {RequestInit} */ (init))),
        ...own,
      }),
  };
}

/** @param {Response} response */
export const codeOf = async (response) => (await response.json()).error?.code;
