/** A span for each attempt: `new VideoClient({ apiKey, onEvent: spansFrom(trace.getTracer("evolink-video")) })`. */
export function spansFrom(tracer) {
  const open = new Map();
  return ({ type, callId, operation, attempt, ...event }) => {
    const key = `${callId}/${attempt}`;
    if (type === "request")
      open.set(
        key,
        tracer.startSpan(`evolink ${operation}`, { attributes: { attempt, "url.full": event.url } }),
      );
    if (type !== "response" && type !== "failure") return;
    const span = open.get(key);
    if (event.status) span?.setAttribute("http.response.status_code", event.status);
    if (type === "failure") span?.setStatus({ code: 2, message: event.code });
    span?.end();
    open.delete(key);
  };
}
