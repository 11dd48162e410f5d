/** @typedef {import("../testing.js").RefundStatus} RefundStatus */
/** @typedef {import("./task.js").Task} Task */
/** @typedef {import("./task.js").Status} Status */

/** [client] Only with this scope is `billing` trusted. */
const refund_scope = "account_balance";

/** The charge of a failed or cancelled task, by its refund status. */
/** @type {Record<RefundStatus, { charge_status: string, isReturned: boolean }>} */
const refunds = {
  completed: { charge_status: "released", isReturned: true },
  not_required: { charge_status: "released", isReturned: true },
  pending: { charge_status: "reserved", isReturned: false },
  failed: { charge_status: "charged", isReturned: false },
  unknown: { charge_status: "unknown", isReturned: false },
};

/**
 * Whether the credits of a task that ended go back to the account.
 *
 * @param {Task} task
 * @param {Status} status
 */
export const isReturned = (task, status) => status !== "completed" && refunds[task.refund].isReturned;

/**
 * The `billing` of a task [client].
 *
 * @param {Task} task
 * @param {Status} status
 * @param {number} end milliseconds since 1970
 */
export function billingOf({ credits, refund }, status, end) {
  const reserved = { refund_scope, reserved_credits: credits };
  switch (status) {
    case "pending":
    case "processing":
      return { ...reserved, charge_status: "reserved", refund_status: "not_required" };
    case "completed":
      return {
        ...reserved,
        charge_status: "charged",
        refund_status: "not_required",
        charged_credits: credits,
      };
  }
  const { charge_status } = refunds[refund];
  return {
    ...reserved,
    charge_status,
    refund_status: refund,
    ...(refund === "completed" && { refunded_credits: credits, refunded_at: isoSeconds(end) }),
    ...(refund === "failed" && { charged_credits: credits }),
  };
}

/** @param {number} ms */
const isoSeconds = (ms) => new Date(ms).toISOString().replace(/\.\d+/, "");
