// A browser that is driven by the WebDriver protocol, with nothing but `fetch`.
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { startProgram } from "./program.js";

/** Between two looks at whether something is there, milliseconds. */
const lookEveryMs = 50;

/** Runs in the page until that shows something; the last argument is how it answers. */
const script = `
const answer = arguments[arguments.length - 1];
const look = () => {
  const text = document.body.textContent.trim();
  if (text) answer(text);
  else setTimeout(look, ${lookEveryMs});
};
look();
`;

/**
 * What a page shows as its text, which is JSON.
 * @param {{ driver: (port: number) => string[], capabilities: object }} browser
 * @param {string} page its address
 * @returns {Promise<{ shown: any, version: string }>} and the browser's version, as it says itself
 */
export async function shownByWebDriver({ driver, capabilities }, page) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const [file, ...args] = driver(port);
  const { stop } = await startProgram(file, args, { serves: (signal) => ready(url, signal) });
  /** @param {string} path @param {object} body */
  const send = async (path, body) => {
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const { value } = /** @type {any} */ (await response.json());
    if (!response.ok) throw new Error(`${path}: ${value.error}: ${value.message}`);
    return value;
  };
  try {
    const { sessionId, capabilities: had } = await send("/session", {
      capabilities: { alwaysMatch: capabilities },
    });
    await send(`/session/${sessionId}/url`, { url: page });
    const text = await send(`/session/${sessionId}/execute/async`, { script, args: [] });
    return { shown: JSON.parse(text), version: had.browserVersion };
  } finally {
    await stop();
  }
}

/** A port that nobody listens at now: a driver takes one, and not each tells which it chose itself. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Waits until a driver would open a session.
 * @param {string} url
 * @param {AbortSignal} signal ends it
 * @returns {Promise<string>} the address
 */
async function ready(url, signal) {
  for (;;) {
    const answer = await fetch(`${url}/status`, { signal }).then(
      (response) => response.json(),
      // Nobody listens yet.
      () => undefined,
    );
    if (/** @type {any} */ (answer)?.value.ready) return url;
    await sleep(lookEveryMs, undefined, { signal });
  }
}
