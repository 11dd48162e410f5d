// What the API reports about the key, errors, and the models that it serves.
import { read } from "../setup.js";
import { isSuccess } from "./api.js";
import { exposure, isSharedWith } from "./cors.js";
import { change, confirmed, differs, learned, open } from "./finding.js";

/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./api.js").Answer} Answer */
/** @typedef {import("./finding.js").Finding} Finding */

const endpoint = (/** @type {string} */ name, /** @type {string} */ what) =>
  change("src/domain/api/endpoint.rs", `\`Endpoint::${name}\`: ${what}`);

const codes = "src/domain/api/code.rs";

/** Headers that the library reads, in addition to those that every page can read. */
const wantedHeaders = ["retry-after", "x-request-id", "date"];

/**
 * The balance, which is the cheapest way to test a key.
 * @param {Answer} answer of `GET /v1/credits` to a page
 * @returns {Finding[]}
 */
export function creditsFindings(answer) {
  const question = "Does GET /v1/credits answer as documented?";
  if (!answer.isAnswered) return [open(question, answer.summary)];
  if (!isSuccess(answer))
    return [differs(question, answer.summary, "`credits()` fails.", endpoint("Credits", "find its path"))];
  const { user, token } = answer.body?.data ?? {};
  const balances = [user?.remaining_credits, token?.remaining_credits];
  const isKnown = balances.some((value) => typeof value === "number");
  return [
    isKnown
      ? confirmed(question, `${answer.status}, with a balance`, "`credits()` works.")
      : differs(
          ...[question, `${answer.status}, with ${fieldsOf(answer.body?.data)}`, "`credits()` fails."],
          change("src/domain/listing.rs", `\`Credits::read\`: read ${fieldsOf(answer.body?.data)}`),
        ),
    exposureFinding(answer),
  ];
}

/** @param {Answer} answer */
function exposureFinding(answer) {
  const question = "Which headers can a page read?";
  if (!isSharedWith(answer))
    return learned(question, "none: no page can read the answer", "Pages need `createProxy`.");
  const { exposed, hidden } = exposure(answer, wantedHeaders);
  const meaning = hidden.includes("retry-after")
    ? "Pauses after a 429 begin at 2 s in pages."
    : "Pages wait as long as the API asks.";
  return learned(question, `exposed: ${listed(exposed)}; hidden: ${listed(hidden)}`, meaning);
}

/**
 * A wrong key, which a page sends.
 * @param {Api} api
 * @returns {Promise<Finding[]>}
 */
export async function wrongKeyFindings({ ask }) {
  const answer = await ask("GET", "/v1/credits", { key: "sk-live-check-wrong", page: true });
  const question = "How is a wrong key refused?";
  if (!answer.isAnswered) return [open(question, answer.summary)];
  const visible = isSharedWith(answer);
  return [
    refusalFinding(question, answer),
    ...(answer.code === "" || hasCode(answer.code)
      ? []
      : [
          learned(
            ...["Which code does it have?", answer.code, "The library recognizes it only by its status."],
            change(codes, `add \`${answer.code}\` with the status ${answer.status}`),
          ),
        ]),
    learned(
      "May a page read errors?",
      visible ? "yes" : "no",
      visible
        ? "Pages see the class and code of each refusal."
        : "Pages get a `ConnectionError` for each refusal.",
    ),
  ];
}

/** @param {string} question @param {Answer} answer */
function refusalFinding(question, answer) {
  if (answer.status === 401) return confirmed(question, answer.summary, "It is an `AuthenticationError`.");
  if (isSuccess(answer))
    return differs(question, `not at all: ${answer.summary}`, "`credits()` does not test a key.");
  return differs(
    ...[question, answer.summary, "It is not an `AuthenticationError`, unless its code is known."],
    change(codes, `add \`${answer.code || "its code"}\` with the status 401`),
  );
}

/** Whether the table of codes has a code. @param {string} code */
const hasCode = (code) => read(codes).includes(`row("${code}",`);

/**
 * @param {Answer} answer of `GET /v1/models`
 * @param {readonly string[]} known ids
 * @returns {Finding[]}
 */
export function modelFindings(answer, known) {
  const question = "Does GET /v1/models list ids?";
  if (!answer.isAnswered) return [open(question, answer.summary)];
  const served = modelsOf(answer);
  if (served === undefined)
    return [
      differs(
        ...[question, answer.summary, "`models()` fails."],
        endpoint("Models", "find its path, or how it is read (`read_models` in src/domain/listing.rs)"),
      ),
    ];
  const models = "src/domain/api/models.rs";
  const missing = known.filter((id) => id !== plainModel && !served.includes(id));
  const unknown = served.filter((id) => /^seedance-/.test(id) && !known.includes(id));
  const isServed = served.includes(plainModel);
  return [
    confirmed(question, `${served.length} ids`, "`models()` works."),
    isServed
      ? confirmed(`Is the plain \`${plainModel}\` served?`, "yes", "`resolveModel` can stay an option.")
      : learned(
          ...[`Is the plain \`${plainModel}\` served?`, "not to this key"],
          "Requests need `resolveModel: true`, or the name of a variant.",
          change("src/domain/config.rs", "`resolve_model`: make `true` the default"),
          change("pkg-template/testing/models.js", `\`knownModels\`: remove \`${plainModel}\``),
        ),
    missing.length === 0
      ? confirmed("Are all known variants served?", "yes", "Each can be requested.")
      : learned(
          ...["Are all known variants served?", `not to this key: ${listed(missing)}`],
          "Requests for these are refused, before any charge.",
          ...missing.map((id) => change(models, `\`${id}\`: remove it if the vendor's pages do`)),
        ),
    unknown.length === 0
      ? confirmed("Are there unknown Seedance models?", "no", "The table of models is complete.")
      : learned(
          ...["Are there unknown Seedance models?", listed(unknown)],
          "They work, without limits, prices and hints.",
          ...unknown.map((id) => change(models, `add a row for \`${id}\``)),
        ),
  ];
}

const plainModel = "seedance-2.0";

/** The ids that an answer lists. @param {Answer} answer @returns {string[] | undefined} */
export function modelsOf(answer) {
  const { data } = answer.body ?? {};
  if (!isSuccess(answer) || !Array.isArray(data)) return undefined;
  return data.map((item) => item?.id).filter((id) => typeof id === "string");
}

/** @param {unknown} value */
export const fieldsOf = (value) =>
  typeof value === "object" && value !== null ? `the fields ${listed(Object.keys(value))}` : "no object";

/** @param {string[]} names */
const listed = (names) => names.join(", ") || "none";
