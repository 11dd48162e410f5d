// A browser that is driven by the WebDriver protocol, with nothing but `fetch`.
import { startProgram } from "./program.js";

/** Runs in the page; the last argument is how it answers. */
const script = `
const answer = arguments[arguments.length - 1];
Promise.all([import("/node_modules/evolink-video/index.js"), import("/journey.mjs")])
  .then(([library, { journey }]) => journey(library, location.origin))
  .then((facts) => answer(JSON.stringify({ facts })), (error) => answer(JSON.stringify({ error: String(error) })));
`;

/**
 * The journey in a page of a browser.
 * @param {{ driver: string[], port: number, says: RegExp, capabilities: object }} browser
 * @param {string} page its address
 * @returns {Promise<any>}
 */
export async function journeyByWebDriver({ driver: [file, ...args], port, says, capabilities }, page) {
  const { stop } = await startProgram(file, args, { says });
  /** @param {string} path @param {object} body */
  const send = async (path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
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
