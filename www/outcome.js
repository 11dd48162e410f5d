// How a generation ended: a task, an error, or the wish to stop waiting.

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
      // What a read tells of money is not documented, so it may be anything.
      Credits: typeof used === "number" ? used : undefined,
    }),
    create("p", { className: "notice" }, `The link works for ${limits.resultHours} hours.`),
    jsonDetails("The finished task", task),
  );
}

/**
 * @param {unknown} error
 * @param {HTMLElement[]} actions what can be done about it
 */
export function failed(error, actions) {
  const known = error instanceof EvolinkError;
  const facts = known && {
    Code: create("code", {}, error.code),
    Charged: error.charged,
    Retryable: error.retryable ? "yes" : "no",
    Status: error.status,
    "Server asks to wait": error.retryAfterMs && `${Math.ceil(error.retryAfterMs / 1000)} s`,
    "Request id": error.requestId,
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

/** Whether the task still goes on, for all that the error tells. @param {unknown} error */
export const goesOn = (error) =>
  !(
    error instanceof TaskFailedError ||
    error instanceof TaskCancelledError ||
    error instanceof NotFoundError
  );

/** @param {HTMLElement[]} actions */
const buttons = (actions) => create("div", { className: "actions" }, ...actions);
