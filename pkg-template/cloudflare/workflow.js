// The steps of `generateDurably` over Cloudflare Workflows.

// With these, an outage of two hours is survived. Each attempt is a step of the account's limit.
const patient = { retries: { limit: 10, delay: 10_000, backoff: "exponential" } };
// Workflows refuse to wait for less.
const MIN_EVENT_MS = 1_000;

/** @type {typeof import("../cloudflare.js").workflowSteps} */
export function workflowSteps(
  step,
  NonRetryableError,
  { event, config = /** @type {any} */ (patient) } = {},
) {
  return {
    run: (name, work) => step.do(name, config, work),
    sleep: (name, ms) => step.sleep(name, ms),
    ...(event !== undefined && {
      event: (name, ms) =>
        step
          .waitForEvent(name, { type: event, timeout: Math.max(ms, MIN_EVENT_MS) })
          .catch((/** @type {unknown} */ error) => {
            // The callback did not come, and the next look finds out. Any other error would come back at once.
            if (!/time(d )?out/i.test(String(error))) throw error;
          }),
    }),
    // The instance's status keeps the message and the name only.
    fatal: (error) => Object.assign(new NonRetryableError(error.message, error.name), { cause: error }),
  };
}
