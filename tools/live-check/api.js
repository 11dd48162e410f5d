// Plain requests to the API, because the client would retry, and hide statuses and headers.

/** How long to wait for an answer. */
const timeoutMs = 30_000;

/** The origin of a page, for the questions about CORS. */
export const pageOrigin = "https://page.example";

/**
 * An answer. Without a connection, the status is 0.
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {Headers} headers
 * @property {any} body parsed JSON, or `undefined`
 * @property {string} code of an error, in lower case, or `""`
 * @property {string} summary for a table
 * @property {boolean} isAnswered by the API: not by a proxy, and not with "later"
 */

/** @typedef {{ headers?: Record<string, string>, body?: BodyInit | object, key?: string | null, page?: boolean }} Options */

/** @typedef {ReturnType<typeof createApi>} Api */

/**
 * @param {object} setup
 * @param {string} setup.key
 * @param {string} setup.baseUrl
 * @param {string} setup.filesUrl
 * @param {(input: string, init: RequestInit) => Promise<Response>} setup.fetch
 */
export function createApi({ key: ownKey, baseUrl, filesUrl, fetch }) {
  /**
   * @param {string} base
   * @param {string} method
   * @param {string} path
   * @param {Options} options
   * @returns {Promise<Answer>}
   */
  async function ask(base, method, path, { headers = {}, body, key = ownKey, page = false }) {
    const isJson = body !== undefined && !(body instanceof FormData);
    try {
      const response = await fetch(base + path, {
        method,
        headers: {
          ...(key !== null && { authorization: `Bearer ${key}` }),
          ...(page && { origin: pageOrigin }),
          ...(isJson && { "content-type": "application/json" }),
          ...headers,
        },
        body: isJson ? JSON.stringify(body) : /** @type {FormData | undefined} */ (body),
        signal: AbortSignal.timeout(timeoutMs),
      });
      return answerOf(response.status, response.headers, await response.text());
    } catch (error) {
      const cause = /** @type {any} */ (error)?.cause?.message ?? /** @type {Error} */ (error).message;
      return { ...answerOf(0, new Headers(), ""), summary: `no answer: ${cause}` };
    }
  }

  return {
    /** Asks the API. @param {string} method @param {string} path @param {Options} [options] */
    ask: (method, path, options = {}) => ask(baseUrl, method, path, options),
    /** Asks the files API. @param {string} method @param {string} path @param {Options} [options] */
    askFiles: (method, path, options = {}) => ask(filesUrl, method, path, options),
    /** Fetches a link, without the key. @param {string} url */
    open: (url) => ask("", "GET", url, { key: null }),
    /** Removes the key from a string that the API wrote. @param {string} text */
    redact: (text) => text.replaceAll(ownKey, "***"),
  };
}

/**
 * @param {number} status
 * @param {Headers} headers
 * @param {string} text
 * @returns {Answer}
 */
function answerOf(status, headers, text) {
  const body = parsed(text);
  const code = codeOf(body);
  const isPage = /^\s*</.test(text);
  return {
    ...{ status, headers, body, code },
    summary: [status, isPage ? "an HTML page" : code].filter(Boolean).join(" "),
    isAnswered: status > 0 && status !== 429 && status < 500 && !isPage,
  };
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The code of an error, in any of the shapes that the API is known to use. @param {any} body */
function codeOf(body) {
  const error = body?.error;
  const named = [error?.code, error?.type, error, body?.code].find((value) => typeof value === "string");
  const message = body?.success === false ? String(body.msg ?? "") : "";
  return (named ?? message).toLowerCase().slice(0, 60);
}

/** @param {Answer} answer */
export const isSuccess = ({ status }) => status >= 200 && status < 300;
