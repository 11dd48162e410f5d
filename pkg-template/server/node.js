// A handler of Web standards behind `node:http` and Express.

/** @typedef {import("../server.js").NodeRequest} NodeRequest */
/** @typedef {import("../server.js").NodeResponse} NodeResponse */

/** @type {typeof import("../server.js").toNodeHandler} */
export const toNodeHandler = (handler) => async (incoming, outgoing) => {
  const left = new AbortController();
  outgoing.once("close", () => left.abort(new DOMException("The client disconnected.", "AbortError")));
  try {
    const request = requestOf(incoming, left.signal);
    const response = request ? await handler(request) : new Response(null, { status: 400 });
    await send(response, outgoing, left.signal);
  } catch {
    if (!outgoing.headersSent) outgoing.writeHead(500);
    outgoing.end();
  }
};

/**
 * `undefined` if the request line or a header is not one that a `Request` can have.
 * @param {NodeRequest} incoming
 * @param {AbortSignal} signal
 */
function requestOf(incoming, signal) {
  const { method = "GET", headers, socket } = incoming;
  // Express cuts the path that a router is mounted at off `url`, and knows the protocol behind a proxy that it trusts.
  const path = incoming.originalUrl ?? incoming.url ?? "";
  const scheme = incoming.protocol ?? (socket && "encrypted" in socket ? "https" : "http");
  // A URL of another form would name another host.
  if (!path.startsWith("/")) return undefined;
  try {
    const url = new URL(`${scheme}://${headers.host}${path}`);
    const hasBody = !["GET", "HEAD"].includes(method);
    return new Request(url, {
      method,
      headers: Object.entries(headers).flatMap(([name, value]) =>
        // HTTP/2 has the request line in its headers.
        name.startsWith(":") || value === undefined ? [] : [[name, String(value)]],
      ),
      body: hasBody ? bodyOf(incoming) : null,
      signal,
      // @ts-expect-error Node wants it with a stream, and not all types know it.
      duplex: "half",
    });
  } catch {
    return undefined;
  }
}

/**
 * The body, which a parser such as `express.json()` may have read already.
 * @param {NodeRequest} incoming
 */
function bodyOf(incoming) {
  const { body } = incoming;
  if (body === undefined || !incoming.readableEnded) return streamOf(incoming);
  if (typeof body === "string" || body instanceof Uint8Array)
    return /** @type {Uint8Array<ArrayBuffer> | string} */ (body);
  return JSON.stringify(body);
}

/**
 * Reads on only when more is asked for.
 * @param {NodeRequest} incoming
 */
function streamOf(incoming) {
  const chunks = incoming[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}

/**
 * @param {Response} response
 * @param {NodeResponse} outgoing
 * @param {AbortSignal} signal
 */
async function send(response, outgoing, signal) {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) if (name !== "set-cookie") outgoing.setHeader(name, value);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader("set-cookie", cookies);
  const reader = response.body?.getReader();
  const cancel = () => void reader?.cancel(signal.reason).catch(() => {});
  signal.addEventListener("abort", cancel, { once: true });
  for (let part; reader && !(part = await reader.read()).done;) {
    if (outgoing.write(part.value)) continue;
    await new Promise((resolve) => {
      outgoing.once("drain", resolve);
      outgoing.once("close", resolve);
    });
  }
  outgoing.end();
}
