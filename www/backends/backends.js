// Where the page can send requests.

import { endpoints } from "../package.js";

/** @typedef {import("../../pkg/index.js").ClientOptions} ClientOptions */

/**
 * @typedef {object} Backend
 * @property {string} id
 * @property {string} label
 * @property {string} about
 * @property {string} baseUrl that the request views show
 * @property {() => Promise<ClientOptions> | ClientOptions} options of the client
 * @property {() => boolean} isReady
 */

const api = "https://api.evolink.ai";

/** The user's own key, in memory only. */
let key = "";

/** @param {string} value */
export function useKey(value) {
  key = value.trim();
}

/** @type {Backend} */
const emulator = {
  id: "emulator",
  label: "Emulator in this page",
  about: "Costs nothing and sends nothing. Every video is the same test pattern.",
  baseUrl: api,
  isReady: () => true,
  async options() {
    const { fetch } = await import("./emulator.js");
    return { apiKey: () => "key-of-the-emulator", fetch, storeNamespace: "emulator" };
  },
};

/** @type {Backend} */
const site = {
  id: "site",
  label: "This site",
  about: "The server of this page holds the key and pays.",
  baseUrl: `${location.origin}/evolink`,
  isReady: () => true,
  options: () => ({ baseUrl: `${location.origin}/evolink`, storeNamespace: "site" }),
};

/** @type {Backend} */
const live = {
  id: "live",
  label: "EvoLink API with your key",
  about: "Costs money. The key stays in the memory of this tab.",
  baseUrl: api,
  isReady: () => key !== "",
  options: () => ({ apiKey: key, dangerouslyAllowBrowser: true }),
};

/** @type {readonly Backend[]} */
export const backends = [emulator, site, live];

/** @param {unknown} id */
export const backendOf = (id) => backends.find((backend) => backend.id === id) ?? emulator;

/**
 * The initial backend. A server with a handler sends `Server-Timing: evolink` with the page:
 * a request to find out would log an error in the console on every static host.
 *
 * @param {unknown} chosen the last choice of the user
 */
export async function firstBackend(chosen) {
  const [navigation] = performance.getEntriesByType("navigation");
  const { serverTiming = [] } = /** @type {PerformanceNavigationTiming} */ (navigation ?? {});
  if (!serverTiming.some(({ name }) => name === "evolink")) return backendOf(chosen);
  const response = await fetch(site.baseUrl + endpoints.models).catch(() => undefined);
  return response?.ok && (chosen === undefined || chosen === null) ? site : backendOf(chosen);
}
