// The side that holds the API key: handlers of Web standards, `(Request) => Promise<Response>`, for every server and
// edge worker. They get a `VideoClient`, and load no module of their own.

/** What a host lends a handler besides the request, such as the context of a Worker. */
export interface HandlerContext {
  /** Keeps the host alive until the promise settles. */
  waitUntil?(work: Promise<unknown>): void;
}

/** Answers a request. Never rejects. */
export type Handler = (request: Request, context?: HandlerContext) => Promise<Response>;

/** What {@link toNodeHandler} reads of the request of `node:http` or Express. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Of Express: the path with the part that a router is mounted at. */
  readonly originalUrl?: string | undefined;
  /** Of Express. */
  readonly protocol?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket?: object | undefined;
  readonly readableEnded: boolean;
  /** Of a parser such as `express.json()`. */
  readonly body?: unknown;
}

/** What {@link toNodeHandler} calls of the response of `node:http` or Express. */
export interface NodeResponse {
  statusCode: number;
  readonly headersSent: boolean;
  setHeader(name: string, value: string | readonly string[]): unknown;
  writeHead(status: number): unknown;
  write(chunk: Uint8Array): boolean;
  end(): unknown;
  once(event: "close" | "drain", listener: (...args: any[]) => void): unknown;
}

/**
 * Makes a listener for `node:http`, and a handler for Express, of a handler of Web standards. A body that
 * `express.json()` has read is passed on. `request.signal` is aborted when the client disconnects.
 * @example http.createServer(toNodeHandler(proxy)).listen(3000)
 * @example app.use("/evolink", toNodeHandler(proxy))
 */
export function toNodeHandler(
  handler: Handler,
): (incoming: NodeRequest, outgoing: NodeResponse) => Promise<void>;
