// Why a video failed, and what the user can do.

import { create, prose } from "../elements.js";
import { hasEnded } from "../final-statuses.js";

/** @typedef {import("../../pkg/index.js").ErrorJson} ErrorJson */

/** What happened, for people, by the class of the error. @type {Record<string, string>} */
export const headings = {
  ValidationError: "The request is not valid",
  ConfigurationError: "The page is not set up for this",
  BadRequestError: "The server refused the request",
  AuthenticationError: "The key was not accepted",
  InsufficientCreditsError: "Not enough credits",
  PermissionDeniedError: "The key may not do this",
  NotFoundError: "The server does not know this task",
  RateLimitError: "Too many requests for now",
  ServerError: "The server failed",
  ConnectionError: "The server could not be reached",
  RequestTimeoutError: "The server did not answer in time",
  OutcomeUnknownError: "It is not known whether the order arrived",
  TaskFailedError: "The video could not be generated",
  TaskCancelledError: "The task was cancelled",
  EvolinkError: "Something went wrong",
  WaitTimeoutError: "The video takes longer than expected",
};

const charges = { no: "Nothing was charged.", yes: "It was charged.", unknown: "It may have been charged." };

/** @param {ErrorJson} error */
export const headingOf = ({ name }) => headings[name] ?? headings.EvolinkError;

/** @param {ErrorJson} error */
export function failureOf(error) {
  const offline = error.name === "ConnectionError" && !navigator.onLine;
  const message = offline ? "This computer is offline." : error.message.replace(/\s*See `cause`\.?/, "");
  const suggestion = typeof error.suggestion === "string" ? ` ${error.suggestion}` : "";
  const facts = [`code \`${error.code}\``];
  if (error.status) facts.push(`status ${error.status}`);
  if (error.requestId) facts.push(`request \`${error.requestId}\``);
  return create(
    "div",
    { className: "failure" },
    create("p", {}, ...prose(message + suggestion)),
    create("p", { className: "about" }, ...prose(`${charges[error.charged]} ${facts.join(", ")}`)),
  );
}

/**
 * Whether going on may help, and charges nothing more.
 *
 * @param {ErrorJson & { task?: import("../../pkg/index.js").Task }} error
 * @param {string | undefined} taskId
 */
export const canResume = ({ task, charged, retryable }, taskId) =>
  !hasEnded(task) && (taskId !== undefined || charged === "unknown" || retryable);
