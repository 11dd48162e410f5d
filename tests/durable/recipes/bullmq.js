// BullMQ: the job holds the state of the task, so that any worker can continue it.
import { DelayedError, UnrecoverableError, Worker } from "bullmq";
import { VideoClient, idempotencyKey } from "evolink-video";
import Redis from "ioredis";

const { EVOLINK_API_KEY, EVOLINK_BASE_URL, REDIS_URL = "" } = process.env;
const client = new VideoClient({ apiKey: EVOLINK_API_KEY, baseUrl: EVOLINK_BASE_URL });

/** @param {import("bullmq").Job} job @param {string} [token] */
async function look(job, token) {
  const { request, state } = job.data;
  const submit = () => client.submit(request, { idempotencyKey: idempotencyKey("videos", String(job.id)) });
  const found = await (state ? client.poll(state) : submit()).catch((error) => {
    // The same key again: a repeated job is not charged twice.
    throw error.retryable ? error : new UnrecoverableError(error.message);
  });
  if (found.delayMs === null) return found.task;
  await job.updateData({ request, state: found.state });
  await job.moveToDelayed(Date.now() + found.delayMs, token);
  throw new DelayedError();
}

const connection = new Redis(REDIS_URL, { maxRetriesPerRequest: null });
new Worker("videos", look, { connection, lockDuration: 3000, stalledInterval: 1000 });
console.log(`ready ${REDIS_URL.replace("redis:", "http:")}`);
