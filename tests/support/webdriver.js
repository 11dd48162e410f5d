// A browser that is driven by the WebDriver protocol, with nothing but `fetch`.
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { startProgram } from "./program.js";

/** Between two looks at whether a driver is ready, milliseconds. */
const lookEveryMs = 50;

/** Runs in the page; the last argument is how it answers. */
const script = `
const answer = arguments[arguments.length - 1];
Promise.all([import("/node_modules/evolink-video/index.js"), import("/journey.mjs")])
  .then(([library, { journey }]) => journey(library, location.origin))
  .then((facts) => answer(JSON.stringify({ facts })), (error) => answer(JSON.stringify({ error: String(error) })));
`;

/**
 * The journey in a page of a browser.
 * @param {{ driver: (port: number) => string[], capabilities: object }} browser
 * @param {string} page its address
 * @returns {Promise<any>}
 */
export async function journeyByWebDriver({ driver, capabilities }, page) {
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
    const { sessionId } = await send("/session", { capabilities: { alwaysMatch: capabilities } });
    await send(`/session/${sessionId}/url`, { url: page });
    const told = JSON.parse(await send(`/session/${sessionId}/execute/async`, { script, args: [] }));
    if (told.error) throw new Error(told.error);
    return told.facts;
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
