import { VideoClient } from "evolink-video";
import { runJourney } from "./app.mjs";

export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname === "/r2") return Response.json(await uploadFromR2(env));
    return Response.json(await runJourney(env.BASE_URL));
  },
};

/** Uploads an object of a bucket, which has a digest of its own. */
async function uploadFromR2({ BASE_URL: baseUrl, BUCKET: bucket }) {
  const bytes = new Uint8Array(300_000).fill(7);
  const sha256 = await crypto.subtle.digest("SHA-256", bytes);
  await bucket.put("clips/a.mp4", bytes, { sha256, httpMetadata: { contentType: "video/mp4" } });
  const sent = [];
  const client = new VideoClient({ apiKey: "sk-test", baseUrl });
  const onProgress = ({ sentBytes }) => sent.push(sentBytes);
  const uploaded = await client.upload(await bucket.get("clips/a.mp4"), { onProgress });
  const again = await bucket.get("clips/a.mp4");
  const stored = new Uint8Array(await (await fetch(uploaded.url)).arrayBuffer());
  return {
    ...uploaded,
    isReused: (await client.upload(again)).url === uploaded.url,
    isIntact: stored.length === bytes.length && stored.every((byte) => byte === 7),
    last: sent.at(-1),
  };
}
