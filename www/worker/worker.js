// The page on Cloudflare. The key stays here: visitors get a session and a daily budget, and their videos are kept in
// R2, where the links do not expire.
import { DurableObject, WorkflowEntrypoint } from "cloudflare:workers";
import { NonRetryableError } from "cloudflare:workflows";
import { VideoClient, idempotencyKey } from "evolink-video";
import { durableStore, saveToR2, workflowSteps } from "evolink-video/cloudflare";
import { followDurably } from "evolink-video/durable";
import { createBudget, createCallbacks, createProxy } from "evolink-video/server";
import { Hono } from "hono";
import { sessionUser, startSession } from "./session.js";
import { serveVideo, videoKey } from "./videos.js";

/**
 * @typedef {object} Env
 * @property {string} EVOLINK_API_KEY
 * @property {string} SECRET
 * @property {string} [EVOLINK_BASE_URL] of an emulator
 * @property {number | string} USER_CREDITS a string if the dashboard or `--var` set it
 * @property {number | string} ALL_CREDITS
 * @property {number | string} UNPRICED_CREDITS
 * @property {string[]} MODELS
 * @property {number | string} MAX_SECONDS
 * @property {Fetcher} ASSETS
 * @property {DurableObjectNamespace<Budget>} BUDGET
 * @property {Workflow<{ taskId: string, user: string }>} KEEP
 * @property {R2Bucket} VIDEOS
 */

const dayMs = 86_400_000;

/** @param {Env} env */
const clientOf = (env) => new VideoClient({ apiKey: env.EVOLINK_API_KEY, baseUrl: env.EVOLINK_BASE_URL });

/** @param {object} event */
const log = (event) => console.log(JSON.stringify(event));

/**
 * Receives callbacks: it wakes the Workflow that waits for the task. If the answer to an order was lost, it is the
 * first to know the task.
 * @param {Env} env
 * @param {string} origin
 */
const callbacksOf = (env, origin) =>
  createCallbacks({
    client: clientOf(env),
    url: `${origin}/callbacks`,
    secret: env.SECRET,
    async onTask({ id: taskId }, { ref: user }) {
      const instance = await keep(env, taskId, user);
      await instance.sendEvent({ type: "finished", payload: {} });
    },
    onEvent: log,
  });

/**
 * @param {Env} env
 * @param {string} origin
 */
const proxyOf = (env, origin) =>
  createProxy({
    client: clientOf(env),
    secret: env.SECRET,
    authorize: async (request) => {
      const user = await sessionUser(request, env.SECRET);
      return user ? { user } : null;
    },
    allow: {
      models: env.MODELS,
      qualities: ["480p", "720p", "1080p"],
      maxDuration: Number(env.MAX_SECONDS),
      files: true,
      uploads: true,
    },
    reserve: (order) => env.BUDGET.getByName("all").reserve(order),
    callback: ({ user }) => callbacksOf(env, origin).urls(user),
    // The page gets the link that does not expire. Usually the Workflow was first, and there is nothing to copy.
    async results({ user, task }) {
      const key = videoKey(user, task.id);
      const kept = (await env.VIDEOS.head(key)) ?? (await saveToR2(task, env.VIDEOS, { key }).catch(log));
      return kept ? [`${origin}/kept/${task.id}`] : task.results;
    },
    onEvent(event, context) {
      log(event);
      if (event.type === "created") context?.waitUntil?.(keep(env, event.taskId, event.user));
    },
  });

/**
 * Starts to follow a task, once.
 * @param {Env} env
 * @param {string} taskId
 * @param {string} user
 */
async function keep(env, taskId, user) {
  // Ids may have more letters than names of instances, and others.
  const id = idempotencyKey("keep", taskId);
  return env.KEEP.create({ id, params: { taskId, user } }).catch(() => env.KEEP.get(id));
}

/** Follows a task until it is final, despite restarts, and copies the video to R2 before its link expires. */
export class Keep extends WorkflowEntrypoint {
  /**
   * @param {import("cloudflare:workers").WorkflowEvent<{ taskId: string, user: string }>} event
   * @param {import("cloudflare:workers").WorkflowStep} step
   */
  async run({ payload: { taskId, user } }, step) {
    const env = /** @type {Env} */ (this.env);
    const steps = workflowSteps(step, NonRetryableError, { event: "finished" });
    const task = await followDurably(steps, clientOf(env), taskId);
    // As many retries as the other steps have: R2 may be unavailable for an hour.
    await steps.run("save", () => saveToR2(task, env.VIDEOS, { key: videoKey(user, taskId) }));
  }
}

/** One object counts all orders, so that no two are counted at the same time. */
export class Budget extends DurableObject {
  /** @type {ReturnType<typeof createBudget> | undefined} */
  #reserve;

  /** @param {import("evolink-video/server").ProxyOrder} order */
  reserve(order) {
    const { USER_CREDITS, ALL_CREDITS, UNPRICED_CREDITS } = /** @type {Env} */ (this.env);
    this.#reserve ??= createBudget({
      store: durableStore(this.ctx.storage),
      perUser: { credits: Number(USER_CREDITS), windowMs: dayMs },
      total: { credits: Number(ALL_CREDITS), windowMs: dayMs },
      unpriced: Number(UNPRICED_CREDITS),
    });
    return this.#reserve(order);
  }
}

/** @type {Hono<{ Bindings: Env }>} */
const app = new Hono();
const originOf = (/** @type {{ req: { url: string } }} */ { req }) => new URL(req.url).origin;

app.all("/callbacks/*", (context) =>
  callbacksOf(context.env, originOf(context)).handle(context.req.raw, context.executionCtx),
);
app.all("/evolink/*", (context) =>
  proxyOf(context.env, originOf(context))(context.req.raw, context.executionCtx),
);
app.get("/kept/:id", async ({ req, env }) => {
  const user = await sessionUser(req.raw, env.SECRET);
  return user
    ? serveVideo(env.VIDEOS, videoKey(user, req.param("id")), req.raw)
    : new Response(null, { status: 404 });
});
app.get("*", async (context) => {
  const page = await context.env.ASSETS.fetch(context.req.raw);
  return startSession(context.req.raw, page, context.env.SECRET);
});

export default app;
