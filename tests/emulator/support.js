import { createEmulator } from "../../pkg-template/testing.js";

export const origin = "https://api.example";
export const paths = {
  create: "/v1/videos/generations",
  batch: "/v1/tasks/batch",
  list: "/v1/tasks",
  credits: "/v1/credits",
  models: "/v1/models",
};
export const request = {
  model: "seedance-2.0",
  prompt: "A paper boat on a river",
};
export const key = "a-key-of-24-characters-1";

/**
 * Creates an emulator with a fake clock, and shorthands for calls.
 *
 * @param {import("../../pkg-template/testing.js").EmulatorOptions} [options]
 */
export function setUp(options) {
  let time = 1_761_313_744_000;
  const emulator = createEmulator({ now: () => time, ...options });
  const { fetch } = emulator;

  /**
   * @param {string} path
   * @param {RequestInit & { bearer?: string | null, idempotencyKey?: string }} [init]
   */
  function call(path, { bearer = "sk-test", idempotencyKey, ...init } = {}) {
    const headers = new Headers(init.headers);
    if (bearer !== null) headers.set("authorization", `Bearer ${bearer}`);
    if (idempotencyKey) headers.set("idempotency-key", idempotencyKey);
    return fetch(origin + path, { ...init, headers });
  }

  /**
   * @param {unknown} [body]
   * @param {Parameters<typeof call>[1]} [init]
   */
  const create = (body = request, init) =>
    call(paths.create, {
      method: "POST",
      body: JSON.stringify(body),
      ...init,
    });

  return {
    emulator,
    call,
    create,
    /** @param {number} seconds */
    advance(seconds) {
      time += seconds * 1000;
    },
    /**
     * Creates a task.
     *
     * @param {unknown} [body]
     * @param {Parameters<typeof call>[1]} [init]
     */
    async task(body, init) {
      return json(await create(body, init));
    },
    /**
     * @param {string} id
     * @param {Parameters<typeof call>[1]} [init]
     */
    async read(id, init) {
      return json(await call(`/v1/tasks/${id}`, init));
    },
  };
}

/**
 * @param {Response} response
 * @returns {Promise<any>}
 */
export const json = (response) => response.json();
