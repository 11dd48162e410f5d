import { saveToR2, workflowSteps, videoAlarm } from "evolink-video/cloudflare";
import { generateDurably } from "evolink-video/durable";
import { VideoClient } from "evolink-video";
import { WorkflowEntrypoint, DurableObject } from "cloudflare:workers";
import { NonRetryableError } from "cloudflare:workflows";
const order = { model: "seedance-2.0", prompt: "A paper boat on a river" };
export class Video extends WorkflowEntrypoint {
  async run(event, step) {
    const client = new VideoClient({ apiKey: "k", baseUrl: this.env.API });
    const task = await generateDurably(
      workflowSteps(step, NonRetryableError, { event: "evolink" }),
      client,
      order,
      { key: event.instanceId },
    );
    return step.do("save", () => saveToR2(task, this.env.VIDEOS));
  }
}
export class Videos extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.videos = videoAlarm(ctx.storage, new VideoClient({ apiKey: "k", baseUrl: env.API }), {
      onTask: async (task) => {
        const s = await saveToR2(task, env.VIDEOS, { key: "do.mp4" });
        await ctx.storage.put("saved", s);
      },
    });
  }
  async fetch(request) {
    if (new URL(request.url).pathname === "/do/submit") await this.videos.submit(order, { key: "d" });
    return Response.json((await this.ctx.storage.get("saved")) ?? null);
  }
  alarm() {
    return this.videos.alarm();
  }
}
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/do")) return env.DO.get(env.DO.idFromName("a")).fetch(request);
    if (pathname === "/wf/start") {
      await env.WF.create({ id: "order-1" });
      return Response.json(1);
    }
    if (pathname === "/videos") {
      const { objects } = await env.VIDEOS.list();
      return Response.json(objects.map(({ key }) => key));
    }
    const instance = await env.WF.get("order-1").catch(() => undefined);
    // In production, an instance continues by itself. miniflare wakes it only this way.
    if (pathname === "/wf/wake") {
      if (!instance) await env.WF.create({ id: "order-1" });
      else await instance.pause().then(() => instance.resume());
      return Response.json(1);
    }
    return Response.json((await instance?.status()) ?? null);
  },
};
