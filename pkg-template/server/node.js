// Runs a standard request handler behind `node:http` and Express.

/** @typedef {import("../server.js").NodeRequest} NodeRequest */
/** @typedef {import("../server.js").NodeResponse} NodeResponse */

/** @type {typeof import("../server.js").toNodeHandler} */
export const toNodeHandler = (handler) => async (incoming, outgoing) => {
  const left = new AbortController();
  outgoing.once("close", () => left.abort(new DOMException("The client disconnected.", "AbortError")));
  const body = bodyOf(incoming);
  try {
    const request = body && requestOf(incoming, body.content, left.signal);
    const response = request ? await handler(request) : new Response(null, { status: 400 });
    await send(response, outgoing, left.signal);
  } catch {
    // Ending the response would make a partial body look complete.
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(500).end();
  } finally {
    body?.discard();
    closeUnlessComplete(incoming);
  }
};

/** How long a client has to read the answer to a body that nobody wants. */
const lingerMs = 5_000;

/**
 * A body that is not needed is not received forever. It is not cut off immediately: a client that still sends would get
 * no answer.
 * @param {NodeRequest} incoming
 */
function closeUnlessComplete(incoming) {
  const { headers } = incoming;
  const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"]) > 0;
  // Not all hosts that have `node:http` set `complete`.
  const isOpen = () => incoming.complete === false && !incoming.readableEnded;
  if (!hasBody || !isOpen()) return;
  const timer = setTimeout(() => {
    if (isOpen()) incoming.destroy?.();
  }, lingerMs);
  incoming.once?.("close", () => clearTimeout(timer));
}

/** A name or an address, with a port. Anything else could change what follows it in a URL. */
const host = /^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i;

/**
 * `undefined` if the request line or a header is not one that a `Request` can have.
 * @param {NodeRequest} incoming
 * @param {RequestInit["body"]} body
 * @param {AbortSignal} signal
 */
function requestOf(incoming, body, signal) {
  const { method = "GET", headers, socket } = incoming;
  // Express removes the mount path of a router from `url`, and knows the protocol behind a proxy that it trusts.
  const path = incoming.originalUrl ?? incoming.url ?? "";
  const scheme = incoming.protocol ?? (socket && "encrypted" in socket ? "https" : "http");
  // HTTP/2 has the request line in its headers.
  const authority = String(headers.host ?? headers[":authority"] ?? "");
  // A URL of another form would name another host.
  if (!path.startsWith("/") || !host.test(authority)) return undefined;
  try {
    return new Request(new URL(`${scheme}://${authority}${path}`), {
      method,
      headers: Object.entries(headers).flatMap(([name, value]) =>
        name.startsWith(":") || value === undefined ? [] : [[name, String(value)]],
      ),
      body: ["GET", "HEAD"].includes(method) ? null : body,
      signal,
      // @ts-expect-error Node requires it with a stream, but not all types declare it.
      duplex: "half",
    });
  } catch {
    return undefined;
  }
}

/**
 * The body, which a parser such as `express.json()` may already have read; `undefined` if it is nested too deeply to be
 * written again. `discard` drops the unread rest.
 * @param {NodeRequest} incoming
 * @returns {{ content: RequestInit["body"], discard(): void } | undefined}
 */
function bodyOf(incoming) {
  const { body } = incoming;
  if (body === undefined || !incoming.readableEnded) return streamOf(incoming);
  const isContent = typeof body === "string" || body instanceof Uint8Array;
  try {
    const content = isContent ? /** @type {Uint8Array<ArrayBuffer> | string} */ (body) : JSON.stringify(body);
    return { content, discard() {} };
  } catch {
    return undefined;
  }
}

/**
 * Reads only when more is requested. The connection stays open, so that the response can be sent.
 * @param {NodeRequest} incoming
 */
function streamOf(incoming) {
  /** @type {AsyncIterator<Uint8Array> | undefined} */
  let chunks;
  const content = new ReadableStream(
    {
      async pull(controller) {
        chunks ??= incoming.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]();
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(new Uint8Array(value));
      },
    },
    // Node itself disposes of a body that nobody reads.
    { highWaterMark: 0 },
  );
  return {
    content,
    discard() {
      if (chunks) void chunks.return?.().then(() => incoming.resume());
    },
  };
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
  if (signal.aborted) cancel();
  for (let part; reader && !(part = await reader.read()).done;)
    if (!outgoing.write(part.value) && !signal.aborted) await drained(outgoing);
  outgoing.end();
}

/** Resolves when more can be written, or the client left. @param {NodeResponse} outgoing */
const drained = (outgoing) =>
  new Promise((resolve) => {
    const goOn = () => {
      outgoing.off("drain", goOn);
      outgoing.off("close", goOn);
      resolve(undefined);
    };
    outgoing.once("drain", goOn);
    outgoing.once("close", goOn);
  });
