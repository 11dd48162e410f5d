/** `generateVideo({ adapter: evolinkVideo(client, "seedance-2.0"), prompt })` of `@tanstack/ai`. */
export const evolinkVideo = (client, model) => ({
  kind: "video",
  name: "evolink",
  model,
  // Pass `modelOptions.idempotencyKey`, so that a repeated job is charged once.
  async createVideoJob({ prompt, duration, modelOptions: { idempotencyKey, ...fields } = {} }) {
    const { task } = await client.submit({ model, prompt, duration, ...fields }, { idempotencyKey });
    return { jobId: task.id, model };
  },
  async getVideoStatus(jobId) {
    const { status, progress, error } = await client.retrieve(jobId);
    return {
      jobId,
      status: status === "unknown" ? "processing" : status,
      progress: progress ?? 0,
      error: error?.message,
    };
  },
  getVideoUrl: async (jobId) => ({ jobId, url: (await client.wait(jobId)).results[0] }),
});
