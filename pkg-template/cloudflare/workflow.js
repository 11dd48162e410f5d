// The steps of `generateDurably` over Cloudflare Workflows.

// These retries bridge an outage of two hours. Each attempt counts towards the account's limit of steps.
const patient = { retries: { limit: 10, delay: 10_000, backoff: "exponential" } };
// Workflows do not accept a shorter time.
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
            // The callback did not arrive, so the next poll checks the task. Any other error would return immediately.
            if (!/time(d )?out/i.test(String(error))) throw error;
          }),
    }),
    // The status of the instance keeps only the message and the name.
    fatal: (error) => Object.assign(new NonRetryableError(error.message, error.name), { cause: error }),
  };
}
