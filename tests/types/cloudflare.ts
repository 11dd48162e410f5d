// Uses `evolink-video/cloudflare` with the types of the platform, without a cast. Compiled, not run.
import { DurableObject, WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import { NonRetryableError } from "cloudflare:workflows";
import { VideoClient, type VideoRequest } from "evolink-video";
import { durableStore, saveToR2, videoAlarm, workflowSteps, type SavedVideo } from "evolink-video/cloudflare";
import { followDurably, generateDurably } from "evolink-video/durable";
import { createBudget, createCallbacks, createProxy } from "evolink-video/server";

interface Env {
  EVOLINK_API_KEY: string;
  VIDEOS: R2Bucket;
}

const clientOf = (env: Env) => new VideoClient({ apiKey: env.EVOLINK_API_KEY });

export class Video extends WorkflowEntrypoint<Env, VideoRequest> {
  override async run(event: Readonly<WorkflowEvent<VideoRequest>>, step: WorkflowStep): Promise<SavedVideo> {
    const steps = workflowSteps(step, NonRetryableError, { event: "evolink" });
    const client = clientOf(this.env);
    const task = await generateDurably(steps, client, event.payload, { key: event.instanceId });
    await followDurably(steps, client, task);
    return step.do("save", () => saveToR2(task, this.env.VIDEOS, { key: "1.mp4", fetch }));
  }
}

export class Videos extends DurableObject<Env> {
  readonly videos = videoAlarm<{ user: string }>(this.ctx.storage, clientOf(this.env), {
    onTask: async (task, { ref }) => {
      if (task.status === "completed") await saveToR2(task, this.env.VIDEOS, { key: ref.user });
    },
  });
  readonly reserve = createBudget({
    store: durableStore(this.ctx.storage),
    perUser: { credits: 1, windowMs: 1 },
  });
  override alarm = (): Promise<void> => this.videos.alarm();
}

export default {
  fetch(request, env, context) {
    const client = clientOf(env);
    const secret = "a secret of at least 32 characters";
    const proxy = createProxy({ client, secret, authorize: () => null, allow: { models: [] } });
    const callbacks = createCallbacks({ client, url: "https://a.example", secret, onTask() {} });
    return request.url.includes("/callbacks") ? callbacks.handle(request, context) : proxy(request, context);
  },
} satisfies ExportedHandler<Env>;
