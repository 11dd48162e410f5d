// Whether a page may call the API, and which headers it can read.
import { isSuccess, pageOrigin } from "./api.js";
import { change, learned, open } from "./finding.js";

/** @typedef {import("./api.js").Answer} Answer */
/** @typedef {import("./finding.js").Finding} Finding */

const readme = (/** @type {string} */ what) => change("README.md", what);

/** The requests of a page, with the headers that the library sends. */
const requests = [
  {
    ...{ question: "May a page submit?", files: false, path: "/v1/videos/generations", method: "POST" },
    headers: ["authorization", "content-type", "idempotency-key"],
    refused: "Pages submit through `createProxy`.",
  },
  {
    ...{ question: "May a page read tasks?", files: false, path: "/v1/tasks/task-unified-0", method: "GET" },
    headers: ["authorization"],
    refused: "Pages read tasks through `createProxy`.",
  },
  {
    ...{ question: "May a page upload files?", files: true, path: "/api/v1/files/upload/stream" },
    ...{ method: "POST", headers: ["authorization", "x-evo-upload-id"] },
    refused: "Pages upload through `createProxy`.",
  },
];

/** @param {import("./api.js").Api} api @returns {Promise<Finding[]>} */
export async function corsFindings({ ask, askFiles }) {
  const findings = [];
  for (const { question, files, path, method, headers, refused } of requests) {
    const answer = await (files ? askFiles : ask)("OPTIONS", path, {
      key: null,
      page: true,
      headers: {
        "access-control-request-method": method,
        "access-control-request-headers": headers.join(","),
      },
    });
    const missing = refusals(answer, method, headers);
    if (!answer.isAnswered) findings.push(open(question, answer.summary));
    else if (missing.length === 0)
      findings.push(
        learned(
          ...[question, `yes (${answer.status})`, "Pages can call the API with their own key."],
          readme(`say that the API answers the preflight of ${method} ${path}`),
        ),
      );
    else
      findings.push(
        learned(
          ...[question, `no (${answer.status}): it does not allow ${missing.join(", ")}`, refused],
          readme(`say that the API refuses the preflight of ${method} ${path}`),
        ),
      );
  }
  return findings;
}

/**
 * What a preflight does not allow.
 * @param {Answer} answer
 * @param {string} method
 * @param {string[]} headers
 */
function refusals(answer, method, headers) {
  const allowed = (/** @type {string} */ name) => listOf(answer, `access-control-allow-${name}`);
  if (!isSuccess(answer) || !isSharedWith(answer)) return [`the origin ${pageOrigin}`];
  const isSimple = ["GET", "HEAD", "POST"].includes(method);
  const methods = allowed("methods");
  const names = allowed("headers");
  return [
    ...(isSimple || methods.includes("*") || methods.includes(method.toLowerCase()) ? [] : [method]),
    // `*` does not include this header.
    ...headers.filter((name) => !names.includes(name) && (name === "authorization" || !names.includes("*"))),
  ];
}

/** Whether a page may read an answer. @param {Answer} answer */
export const isSharedWith = ({ headers }) =>
  ["*", pageOrigin].includes(headers.get("access-control-allow-origin") ?? "");

/**
 * Which headers a page sees.
 * @param {Answer} answer
 * @param {string[]} names in lower case
 * @returns {{ exposed: string[], hidden: string[] }}
 */
export function exposure(answer, names) {
  const shown = listOf(answer, "access-control-expose-headers");
  const isExposed = (/** @type {string} */ name) => shown.includes(name) || shown.includes("*");
  return {
    exposed: names.filter(isExposed),
    hidden: names.filter((name) => !isExposed(name)),
  };
}

/** @param {Answer} answer @param {string} header */
const listOf = ({ headers }, header) =>
  (headers.get(header) ?? "").split(",").map((item) => item.trim().toLowerCase());
