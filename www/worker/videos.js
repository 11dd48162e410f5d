// The videos in R2.

/** Each user has a folder. @param {string} user @param {string} taskId */
export const videoKey = (user, taskId) => `${user}/${taskId}.mp4`;

/**
 * Serves a video, or the range that a player requests.
 * @param {R2Bucket} bucket
 * @param {string} key
 * @param {Request} request
 */
export async function serveVideo(bucket, key, request) {
  const { headers } = request;
  let object;
  try {
    object = await bucket.get(key, { range: headers, onlyIf: headers });
  } catch (error) {
    if (!headers.has("range")) throw error;
    return new Response(null, { status: 416 });
  }
  if (!object) return new Response(null, { status: 404 });
  const answer = new Headers({ etag: object.httpEtag, "accept-ranges": "bytes", "cache-control": "private" });
  object.writeHttpMetadata(answer);
  // A condition does not hold: the player already has the video, or asks for a different one.
  const isKnown = headers.has("if-none-match") || headers.has("if-modified-since");
  if (!("body" in object)) return new Response(null, { status: isKnown ? 304 : 412, headers: answer });
  if (!headers.has("range") || !object.range) {
    answer.set("content-length", String(object.size));
    return new Response(object.body, { headers: answer });
  }
  // R2 returns the whole video if a range begins after its end.
  if (Number(/^bytes=(\d+)-/.exec(headers.get("range") ?? "")?.[1] ?? 0) >= object.size) {
    await object.body.cancel();
    return new Response(null, { status: 416, headers: { "content-range": `bytes */${object.size}` } });
  }
  const range = /** @type {{ offset?: number, length?: number, suffix?: number }} */ (object.range);
  const offset = range.offset ?? object.size - (range.suffix ?? object.size);
  const length = range.length ?? object.size - offset;
  answer.set("content-range", `bytes ${offset}-${offset + length - 1}/${object.size}`);
  answer.set("content-length", String(length));
  return new Response(object.body, { status: 206, headers: answer });
}
