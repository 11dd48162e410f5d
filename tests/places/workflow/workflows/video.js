// Vercel Workflow: the directives must be in your own files, where its compiler sees them.
import { VideoClient, idempotencyKey } from "evolink-video";
import { FatalError, getStepMetadata, sleep } from "workflow";

/** @param {import("evolink-video").VideoRequest} request */
export async function generateVideo(request) {
  "use workflow";
  let { task, state, delayMs } = await submit(request);
  while (delayMs !== null) {
    await sleep(delayMs);
    ({ task, state, delayMs } = await look(state));
  }
  return task;
}

const clientOf = () =>
  new VideoClient({ apiKey: process.env.EVOLINK_API_KEY, baseUrl: process.env.EVOLINK_BASE_URL });

/** @param {any} error */
const unlessRetryable = (error) => {
  throw error.retryable ? error : new FatalError(error.message);
};

/** @param {import("evolink-video").VideoRequest} request */
async function submit(request) {
  "use step";
  // Every attempt of the step has the same key, so a repeated one is not charged twice.
  const key = idempotencyKey(getStepMetadata().stepId);
  const { task, state, delayMs } = await clientOf()
    .submit(request, { idempotencyKey: key })
    .catch(unlessRetryable);
  return { task, state, delayMs };
}

/** @param {import("evolink-video").PollState} state */
async function look(state) {
  "use step";
  const found = await clientOf().poll(state).catch(unlessRetryable);
  return { task: found.task, state: found.state, delayMs: found.delayMs };
}
