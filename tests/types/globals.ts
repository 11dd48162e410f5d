// Uses the host's declarations of `fetch`, `AbortSignal` and `Symbol.asyncDispose`. Compiled, not run.
import { VideoClient, type VideoRequest } from "evolink-video";

const request: VideoRequest = { model: "seedance-2.0", prompt: "A cat walks through snow" };

const client = new VideoClient({ apiKey: "sk-test", fetch });
new VideoClient({ apiKey: "sk-test", fetch: (url, init) => fetch(url, init) });
new VideoClient({ apiKey: "sk-test", fetch: async (url, init) => fetch(new Request(url, init)) });
new VideoClient({
  apiKey: "sk-test",
  fetch: async (_url, { headers }) => new Response(new Headers(headers).get("authorization")),
});

export async function use(): Promise<string | undefined> {
  const controller = new AbortController();
  const options = { signal: controller.signal };
  const changes = client.watch(await client.generate(request, options), options);
  for await (const task of changes) {
    if (task.status === "completed") return task.results[0];
  }
  await changes[Symbol.asyncDispose]();
  return undefined;
}
