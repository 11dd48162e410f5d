// A minimal WebDriver client over `fetch`.
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, startProgram } from "./program.js";

const pollIntervalMs = 50;

/** Runs in the page until it has text. The last argument is the callback of the result. */
const script = `
const done = arguments[arguments.length - 1];
const poll = () => {
  const text = document.body.textContent.trim();
  if (text) done(text);
    else setTimeout(poll, ${pollIntervalMs});
};
poll();
`;

/**
 * Opens a page in a browser, and parses its text as JSON.
 * @param {string} page its URL
 * @param {{ driver: (port: number) => string[], capabilities: object }} browser
 * @returns {Promise<{ facts: any, version: string }>} the JSON, and the browser's version
 */
export async function readByWebDriver(page, { driver, capabilities }) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const [file, ...args] = driver(port);
  const { stop } = await startProgram(file, args, { findUrl: (signal) => ready(url, signal) });
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
    const { sessionId, capabilities: actual } = await send("/session", {
      capabilities: { alwaysMatch: capabilities },
    });
    await send(`/session/${sessionId}/url`, { url: page });
    const text = await send(`/session/${sessionId}/execute/async`, { script, args: [] });
    return { facts: JSON.parse(text), version: actual.browserVersion };
  } finally {
    await stop();
  }
}

/**
 * Waits until a driver is ready.
 * @param {string} url
 * @param {AbortSignal} signal
 * @returns {Promise<string>} the URL
 */
async function ready(url, signal) {
  for (;;) {
    const status = await fetch(`${url}/status`, { signal }).then(
      (response) => response.json(),
      // It does not listen yet.
      () => undefined,
    );
    if (/** @type {any} */ (status)?.value.ready) return url;
    await sleep(pollIntervalMs, undefined, { signal });
  }
}
