// The outcome of a generation: a task, an error, or a cancellation.

import {
  EvolinkError,
  NotFoundError,
  TaskCancelledError,
  TaskFailedError,
  ValidationError,
  limits,
} from "../pkg/index.js";
import { create, factList, jsonDetails, prose } from "./elements.js";
import { items } from "./issues.js";

/** @param {import("../pkg/index.js").CompletedTask} task */
export function completed(task) {
  const links = task.results.map((url) =>
    create("li", {}, create("a", { href: url, target: "_blank" }, url)),
  );
  const used = task.usage?.credits_used ?? task.usage?.credits_reserved;
  return create(
    "div",
    { className: "outcome" },
    factList({
      Video: create("ul", { className: "links" }, ...links),
      // The usage of a finished task is not documented, so its type is checked.
      Credits: typeof used === "number" ? used : undefined,
    }),
    create("p", { className: "notice" }, `The link is valid for ${limits.resultHours} hours.`),
    jsonDetails("The finished task", task),
  );
}

/**
 * @param {unknown} error
 * @param {HTMLElement[]} actions buttons that continue
 */
export function failed(error, actions) {
  const known = error instanceof EvolinkError;
  const facts = known && {
    Code: create("code", {}, error.code),
    Charged: error.charged,
    Retryable: error.retryable ? "yes" : "no",
    Status: error.status,
    "Retry after": error.retryAfterMs && `${Math.ceil(error.retryAfterMs / 1000)} s`,
    "Request ID": error.requestId,
    "Idempotency key": error.idempotencyKey,
  };
  return create(
    "div",
    { className: "outcome failed", role: "alert" },
    create("h3", {}, error instanceof Error ? error.name : "Error"),
    create("p", {}, ...prose(error instanceof Error ? error.message : String(error))),
    ...(error instanceof ValidationError
      ? [create("ul", { className: "issues" }, ...items(error.issues))]
      : []),
    ...(facts ? [factList(facts)] : []),
    buttons(actions),
  );
}

/** @param {HTMLElement[]} actions */
export const stopped = (actions) => create("div", { className: "outcome" }, buttons(actions));

/** Whether the task may still be running, as far as the error shows. @param {unknown} error */
export const canContinue = (error) =>
  !(
    error instanceof TaskFailedError ||
    error instanceof TaskCancelledError ||
    error instanceof NotFoundError
  );

/** @param {HTMLElement[]} actions */
const buttons = (actions) => create("div", { className: "actions" }, ...actions);
