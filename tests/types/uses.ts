// Uses every export of the package as a strict TypeScript app would. Compiled, not run. Code that must not compile
// follows `@ts-expect-error`.
import {
  AuthenticationError,
  BadRequestError,
  ConfigurationError,
  ConnectionError,
  EvolinkError,
  InsufficientCreditsError,
  NotFoundError,
  OutcomeUnknownError,
  PermissionDeniedError,
  RateLimitError,
  RequestTimeoutError,
  ServerError,
  TaskCancelledError,
  TaskFailedError,
  ValidationError,
  VideoClient,
  WaitTimeoutError,
  detectMode,
  endpoints,
  estimateCost,
  estimateTokens,
  idempotencyKey,
  knownModels,
  limits,
  limitsFor,
  parseTags,
  prices as defaultPrices,
  progressEstimate,
  ready,
  resolveModel,
  retag,
  validate,
  version,
  videoRequestSchema,
} from "evolink-video";
import type {
  AspectRatio,
  CallOptions,
  CancelledTask,
  ClientEvent,
  ClientOptions,
  CompletedTask,
  CostEstimate,
  CostOptions,
  Balance,
  ErrorCode,
  ErrorFields,
  ErrorJson,
  FailedTask,
  FetchInit,
  FetchResponse,
  FileLimits,
  Issue,
  IssueCode,
  KnownModel,
  Limits,
  Mode,
  Model,
  Pending,
  PendingTask,
  PollResult,
  PollState,
  Prepared,
  Price,
  PriceTable,
  ProcessingTask,
  Quality,
  RequestOptions,
  Retag,
  Role,
  StandardSchemaV1,
  Store,
  Submission,
  SubmitOptions,
  Tag,
  Task,
  TaskFields,
  TaskIterable,
  UnknownStatusTask,
  UnlinkedTask,
  Update,
  Validation,
  ValidationOptions,
  VideoRequest,
  WaitOptions,
} from "evolink-video";
import type { VideoStore } from "evolink-video/store";
import * as core from "evolink-video/core";
import { createEmulator } from "evolink-video/testing";
import { createBudget, createCallbacks, createProxy, toNodeHandler } from "evolink-video/server";
import type { AtomicStore, CallbackEvent, Callbacks, FinalTask, Handler } from "evolink-video/server";
import { serve } from "evolink-video/testing-server";
import type { EmulatorServer, ServeOptions } from "evolink-video/testing-server";
import type {
  Callback,
  Charge,
  Counts,
  CreateBody,
  EmulatedNetworkError,
  EmulatedRequest,
  EmulatedStatus,
  Emulator,
  EmulatorOptions,
  ErrorShape,
  Fault,
  FaultAction,
  FaultKind,
  FaultMatch,
  FaultRule,
  LogEntry,
  Operation,
  Outcome,
  PerTask,
  RandomFaults,
  RefundStatus,
  ResultShape,
} from "evolink-video/testing";

/** Compiles only if both types are the same, and neither is `any`. */
function same<A, B>(
  ..._: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : [never]
) {}

// ---- Requests

const request: VideoRequest = {
  model: "seedance-2.0",
  prompt: "@Image1 as first frame",
  image_urls: ["https://a.example/1.jpg"],
  video_urls: [],
  audio_urls: [],
  duration: 5,
  quality: "720p",
  aspect_ratio: "adaptive",
  generate_audio: false,
  callback_url: "https://a.example/done",
  content_filter: false,
  model_params: { web_search: true },
};
const ofAnotherModel: VideoRequest = { model: "seedance-3.0", prompt: "" };
const withUndefined: VideoRequest = {
  model: "seedance-2.0",
  prompt: "",
  image_urls: undefined,
  duration: undefined,
  quality: undefined,
  content_filter: undefined,
  model_params: { web_search: undefined },
};
const constant = { model: "seedance-2.0", prompt: "", image_urls: ["https://a.example/1.jpg"] } as const;
const fromConstant: VideoRequest = constant;
/** An app's own type. */
interface Shot {
  readonly model: string;
  readonly prompt: string;
  readonly image_urls: readonly string[];
  readonly duration?: number;
}
const fromInterface = (shot: Shot): VideoRequest => shot;
const model: Model = "seedance-2.0-fast-text-to-video";
// @ts-expect-error not in the union
const noModel: Model = "no-such-model";
// @ts-expect-error the prompt is missing
const noPrompt: VideoRequest = { model };
// @ts-expect-error not a quality of the API
const noQuality: VideoRequest = { model, prompt: "", quality: "no-such-quality" };
// @ts-expect-error a number, not a string
const textDuration: VideoRequest = { model, prompt: "", duration: "5" };
// @ts-expect-error a misspelled field
const misspelled: VideoRequest = { model, prompt: "", imageUrls: [] };
// @ts-expect-error an unknown field
const unknownField: VideoRequest = { model, prompt: "", x_label: 7 };
// @ts-expect-error an array, even for one image
const oneImage: VideoRequest = { model, prompt: "", image_urls: "https://a.example/1.jpg" };

// ---- Offline functions

const validation = validate(JSON.parse("null"));
same<typeof validation, Validation>();
if (validation.valid) {
  same<typeof validation.request, VideoRequest>();
  same<typeof validation.mode, Mode>();
  // @ts-expect-error a valid request has no errors
  validation.errors;
} else {
  same<typeof validation.errors, Issue[]>();
  same<typeof validation.mode, Mode | null>();
  // @ts-expect-error an invalid result has no request
  validation.request;
  for (const { path, code, severity, message, hint, span, limit, actual, params } of validation.errors) {
    same<typeof path, (string | number)[]>();
    same<typeof code, IssueCode>();
    same<typeof severity, "error" | "warning">();
    same<typeof hint, string | undefined>();
    same<typeof limit, number | string[] | undefined>();
    same<typeof actual, unknown>();
    same<typeof params, Readonly<Record<string, unknown>>>();
    if (span) request.prompt.slice(...span);
    message.trim();
  }
}
same<typeof validation.tags, Tag[]>();
same<typeof validation.warnings, Issue[]>();
const validationOptions: ValidationOptions = { allow: ["too_long", "unknown_value"] as const };
validate(request, validationOptions);
validate(request, { allow: undefined });
// @ts-expect-error no such code
validate(request, { allow: ["too_wide"] });

const [tag] = parseTags(request.prompt);
if (tag) {
  same<typeof tag.kind, "image" | "video" | "audio">();
  same<typeof tag.role, Role | null>();
  request.prompt.slice(tag.start, tag.end) === tag.text && tag.index > 0;
}
// @ts-expect-error a string
parseTags(5);
const changes: Retag[] = [{ move: [2, 1] }, { remove: 1 }, { order: [2, 1] as const }];
const { prompt, dropped, removed, renumbered } = retag(request.prompt, "image", { order: [2, 1] });
same<typeof prompt, string>();
same<typeof dropped, Tag[]>();
same<typeof removed, string[]>();
same<typeof renumbered, { from: number; to: number }[]>();
// @ts-expect-error no such kind
retag(request.prompt, "images", { remove: 1 });
// @ts-expect-error no such change
retag(request.prompt, "image", { swap: [1, 2] });
same<ReturnType<typeof detectMode>, Mode | null>();
detectMode(undefined);
const { low, estimate, high } = estimateTokens(request.prompt);
same<typeof low | typeof estimate | typeof high, number>();

same<ReturnType<typeof resolveModel>, string>();
const price: Price = { model: "seedance-2.0", quality: "720p", credits: 13.5, creditsWithVideo: [8, 9] };
const prices: PriceTable = { asOf: "2026-11-01", source: "our contract", creditsPerUsd: 68, prices: [price] };
const costOptions: CostOptions = { inputVideoSeconds: 4, prices };
const cost: CostEstimate = estimateCost(request, costOptions);
same<typeof cost.credits | typeof cost.usd, [low: number, high: number] | null>();
same<typeof cost.asOf | typeof cost.source, string>();

const schema: StandardSchemaV1<unknown, VideoRequest> = videoRequestSchema;
const parsed = schema["~standard"].validate({});
if (parsed.issues) parsed.issues[0]?.message.trim();
else same<typeof parsed.value, VideoRequest>();
same<typeof videoRequestSchema.jsonSchema, object>();
const { input, output } = videoRequestSchema["~standard"].jsonSchema;
same<ReturnType<typeof input> | ReturnType<typeof output>, Record<string, unknown>>();

same<typeof limits, Limits>();
same<ReturnType<typeof limitsFor>, Limits>();
limitsFor("seedance-9.0");
const images: FileLimits = limits.images;
same<typeof limits.duration.max | typeof images.maxCount, number>();
same<typeof limits.audios.maxTotalSeconds, number | undefined>();
same<typeof limits.videos.maxPixels, number | undefined>();
same<NonNullable<(typeof limits.outputPixels)["720p"]>["16:9"], readonly [width: number, height: number]>();
same<typeof knownModels, readonly KnownModel[]>();
same<typeof endpoints.generations, string>();
same<typeof defaultPrices, PriceTable>();
same<typeof limits.quality.default, Quality>();
same<typeof limits.aspectRatio.default, AspectRatio>();
// @ts-expect-error limits are read-only
limits.duration.max = 60;
// @ts-expect-error arrays of limits are read-only
limits.images.formats.push("svg");
same<typeof version, string>();

// ---- The client

const options: ClientOptions = {
  apiKey: async () => "sk-short-lived",
  baseUrl: "https://api.example",
  fetch,
  headers: { "x-tenant": "a" },
  requestTimeoutMs: 1_000,
  maxRetries: 0,
  dangerouslyAllowBrowser: false,
  resolveModel: true,
  allow: ["unreachable_url"],
  onEvent: (event) => describeEvent(event),
};
const withoutOptions: ClientOptions = {
  apiKey: undefined,
  fetch: undefined,
  headers: undefined,
  requestTimeoutMs: undefined,
  store: undefined,
  onEvent: undefined,
};
const fetches: ClientOptions["fetch"][] = [
  fetch,
  (url, init) => fetch(url, init),
  (url, init) => fetch(new Request(url, init)),
  async (_url, { headers, signal }) =>
    new Response(new Headers(headers).get("x-a"), { status: signal.aborted ? 500 : 200 }),
  async (_url: string, _init: FetchInit): Promise<FetchResponse> => ({
    status: 200,
    headers: { get: () => null },
    text: async () => "",
  }),
];
// @ts-expect-error not a response
fetches.push(async () => "");
new VideoClient({ apiKey: "sk-literal" });
new VideoClient({ apiKey: () => "sk-now" });
const client = new VideoClient(options);
// @ts-expect-error the option is named baseUrl
new VideoClient({ apiKey: "sk-literal", baseURL: "https://api.example" });
// @ts-expect-error options are missing
new VideoClient();
// @ts-expect-error milliseconds, as a number
new VideoClient({ apiKey: "sk-literal", requestTimeoutMs: "1s" });
// @ts-expect-error timeoutMs is an option of waiting calls
new VideoClient({ apiKey: "sk-literal", timeoutMs: 1_000 });

function describeEvent(event: ClientEvent): string {
  switch (event.type) {
    case "request":
      return `${event.method} ${event.url} ${event.attempt.toFixed()}`;
    case "response":
      return `${event.status.toFixed()} ${event.requestId ?? ""} ${event.elapsedMs.toFixed()}`;
    case "failure":
      return `${event.code} ${event.elapsedMs.toFixed()}`;
    case "retry":
      return event.delayMs.toFixed();
    case "poll":
      return `${event.taskId} ${event.delayMs.toFixed()}`;
  }
}

export async function useClient(signal: AbortSignal): Promise<void> {
  same<Awaited<ReturnType<typeof ready>>, void>();

  const prepared: Prepared = client.prepare(request);
  same<typeof prepared.method, "POST">();
  same<typeof prepared.headers, Record<string, string>>();
  same<typeof prepared.url | typeof prepared.body, string>();
  const requestOptions: RequestOptions = { allow: ["too_long"], extraFields: { x_label: 7 } };
  client.prepare(request, requestOptions);

  const submitOptions: SubmitOptions = {
    signal,
    idempotencyKey: "order-0123456789",
    ...requestOptions,
  };
  const submission: Submission = await client.submit(request, submitOptions);
  same<typeof submission.task, Task>();
  same<typeof submission.replayed, boolean>();
  same<typeof submission.requestId, string | null>();
  same<typeof submission.idempotencyKey, string>();
  // @ts-expect-error a submission has no updates
  client.submit(request, { onUpdate() {} });

  const callOptions: CallOptions = { signal };
  same<Awaited<ReturnType<typeof client.retrieve>>, Task>();
  await client.retrieve(submission.task.id, callOptions);
  // @ts-expect-error an id, not a task
  client.retrieve(submission.task);

  const waitOptions: WaitOptions = { signal, timeoutMs: null, onUpdate: (task) => void statusOf(task) };
  const completed = await client.wait(submission.task, waitOptions);
  same<typeof completed, CompletedTask>();
  same<Awaited<ReturnType<typeof client.wait>>, CompletedTask>();
  await client.wait(submission.task.id);

  for await (const task of client.watch(submission)) same<typeof task, Update>();
  for await (const task of client.watch(submission.task.id, waitOptions)) statusOf(task);

  const ended = await client.waitAll([submission.task.id], waitOptions);
  same<(typeof ended)[number], CompletedTask | FailedTask | CancelledTask>();
  for await (const task of client.watchAll(["a", "b"] as const, waitOptions)) same<typeof task, Update>();
  for await (const task of client.resume(waitOptions)) {
    same<typeof task, Update>();
    progressEstimate(task.state);
    if (task.status === "failed") same<typeof task.error.code, string>();
  }
  same<Awaited<ReturnType<typeof client.pending>>, Pending[]>();
  await client.forget(submission.task.id);
  const iterable: TaskIterable = client.watchAll(["a"]);
  await iterable[Symbol.asyncDispose]();
  const stores: Store[] = [
    localStorage,
    sessionStorage,
    {
      getItem: async () => null,
      setItem: async () => {},
      removeItem: async () => {},
      getKeys: async () => [],
    },
  ];
  // @ts-expect-error a store needs `removeItem`
  stores.push({ getItem: () => null, setItem() {} });

  const { results, submission: sent } = await client.generate(request, { ...submitOptions, ...waitOptions });
  same<typeof sent.idempotencyKey, string>();
  same<typeof results, [string, ...string[]]>();
  // The first element exists even with `noUncheckedIndexedAccess`.
  same<(typeof results)[0], string>();
  // @ts-expect-error the option is named timeoutMs
  client.generate(request, { timeout: 5 });

  same<Awaited<ReturnType<typeof client.poll<Submission>>>["task"], Task>();
  same<Awaited<ReturnType<typeof client.pollAll>>, PollResult[]>();
  same<Awaited<ReturnType<typeof client.retrieveAll>>, (Task | null)[]>();
  for await (const task of client.list({ status: "completed", pageSize: 20 })) same<typeof task, Task>();
  same<Awaited<ReturnType<typeof client.credits>>, Balance>();
  same<Awaited<ReturnType<typeof client.models>>, string[]>();
  const { status: httpStatus } = await client.request("DELETE", "/v1/anything", { body: { a: 1 } });
  same<typeof httpStatus, number>();
  same<ReturnType<typeof idempotencyKey>, string>();
  // @ts-expect-error at least one part
  idempotencyKey();

  const result = await client.poll(submission.task.id, { ...callOptions, maxSleepMs: 0 });
  const state: PollState = JSON.parse(JSON.stringify(result.state));
  same<typeof result.delayMs, number | null>();
  same<typeof result.task, Task | null>();
  same<typeof result.error, EvolinkError | undefined>();
  await client.poll(state);
  same<ReturnType<typeof progressEstimate>, number>();
  progressEstimate(state);
}

// ---- Tasks

function statusOf(task: Task): string {
  const { id, progress, usage, task_info }: TaskFields = task;
  same<typeof id, string>();
  same<typeof progress, number | null>();
  usage?.credits_reserved?.toFixed();
  task_info?.estimated_time?.toFixed();
  // @ts-expect-error only a completed task always has results
  task.results[0].trim();

  if (task.status === "completed") {
    same<typeof task, CompletedTask | UnlinkedTask>();
    same<typeof task.results, [string, ...string[]] | []>();
    return task.results[0] ?? `${task.id} has no links yet`;
  }
  if (task.status === "failed") {
    same<typeof task, FailedTask>();
    return `${task.error.code}: ${task.error.message}`;
  }
  switch (task.status) {
    case "pending":
      same<typeof task, PendingTask>();
      return task.id;
    case "processing":
      same<typeof task, ProcessingTask>();
      return task.id;
    case "cancelled":
      same<typeof task, CancelledTask>();
      return task.id;
    case "unknown":
      same<typeof task, UnknownStatusTask>();
      return task.rawStatus;
    default:
      // All statuses are handled.
      same<typeof task, never>();
      return task;
  }
}

// ---- Errors

export function explain(error: unknown): string | number {
  if (!(error instanceof EvolinkError)) return "another";
  const { code, retryable, charged, status, requestId, taskId, idempotencyKey, retryAfterMs, cause } = error;
  same<typeof code, ErrorCode | (string & {})>();
  same<typeof retryable, boolean>();
  same<typeof charged, "no" | "unknown" | "yes">();
  same<typeof status | typeof retryAfterMs, number | undefined>();
  same<typeof requestId | typeof taskId | typeof idempotencyKey, string | undefined>();
  same<typeof cause, unknown>();
  if (error instanceof ValidationError) return error.issues.length;
  if (error instanceof TaskFailedError) return error.task.error.code;
  if (error instanceof TaskCancelledError) return error.task.status;
  if (error instanceof WaitTimeoutError) return error.task?.status ?? error.message;
  const classes = [
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ConnectionError,
    InsufficientCreditsError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitError,
    RequestTimeoutError,
    ServerError,
  ];
  return classes.find((kind) => error instanceof kind)?.name ?? error.message;
}
const errorFields: ErrorFields = { code: "any", status: 429, retryAfterMs: undefined, cause: new Error("x") };
export const constructed: EvolinkError[] = [
  new EvolinkError("It failed"),
  new RateLimitError("Too many requests", errorFields),
  new ValidationError("Invalid", { issues: [] }),
  new TaskFailedError("It failed", { taskId: "task-1" }),
  new WaitTimeoutError("Too long", { task: undefined }),
];
const errorJson: ErrorJson = new EvolinkError("It failed").toJSON();
same<ReturnType<typeof EvolinkError.from>, EvolinkError>();
EvolinkError.from(errorJson);
// @ts-expect-error a message is required
new ServerError();
// @ts-expect-error not a field of an error
new ServerError("It failed", { statusCode: 500 });
// @ts-expect-error only ValidationError has issues
export const issuesOf = (error: EvolinkError) => error.issues;

// ---- evolink-video/core

export async function useCore(bytes: Uint8Array<ArrayBuffer>, module: WebAssembly.Module): Promise<void> {
  const sources: core.ModuleSource[] = [
    bytes,
    bytes.buffer,
    module,
    new Response(bytes),
    new URL("https://a.example/client.wasm"),
    "/client.wasm",
  ];
  for (const source of sources) await core.load(source);
  await core.load(fetch("/client.wasm"));
  // @ts-expect-error a source is required
  core.load(undefined);
  same<typeof core.VideoClient, typeof VideoClient>();
  same<typeof core.validate, typeof validate>();
}

// ---- evolink-video/testing

const outcome: Outcome = { code: "content_policy_violation", message: "A real face" };
const perTask: PerTask<number> = (body: CreateBody, sequence) => body.prompt.length + sequence;
const faultKind: FaultKind = { status: 429, headers: { "retry-after": "1" } };
const match: FaultMatch = { on: "create", when: ({ body, path }: EmulatedRequest) => body !== path };
const action: FaultAction = { fault: "network", carriedOut: true, delayMs: 5 };
const rule: FaultRule = { ...match, ...action, nth: 1, times: 2 };
const random: RandomFaults = { seed: 1, rate: 0.5, among: [action] };
const faults: Fault[] = [rule, random, { fault: faultKind }];
const emulatorOptions: EmulatorOptions = {
  apiKeys: ["sk-test"],
  credits: 10,
  price: perTask,
  now: () => Date.now(),
  speed: 20,
  taskTime: 2,
  progress: (fraction) => fraction * 100,
  outcome: () => outcome,
  resultUrl: "data",
  resultShape: (_body, sequence): ResultShape => (sequence > 1 ? "vendor" : "output.video_url"),
  statusWords: { completed: "succeeded" } satisfies Partial<Record<EmulatedStatus, string>>,
  idField: "task_id",
  wrapTasks: true,
  errorShape: "integer" satisfies ErrorShape,
  refund: "pending" satisfies RefundStatus,
  billing: "all",
  maxFiles: 1,
  fileRefusalStatus: 200,
  downloadFetch: fetch,
  callbackFetch: fetch,
  loopbackCallbacks: true,
  faults,
};
// @ts-expect-error no such fault
const noFault: Fault = { fault: "meteor" };

// @ts-expect-error no such place
const noShape: ResultShape = "links";

export async function useServerSide(client: VideoClient, store: Store, request: Request): Promise<void> {
  const atomic: AtomicStore = { ...store, update: async (_key, change) => change(null) };
  const secret = "a secret of at least 32 characters";
  const proxy: Handler = createProxy({
    client,
    secret,
    authorize: () => ({ user: "ann" }),
    allow: { models: ["seedance-2.0"] },
    reserve: createBudget({ store, perUser: { credits: 500, windowMs: 86_400_000 }, unpriced: 100 }),
  });
  toNodeHandler(proxy);
  const callbacks: Callbacks<`order-${number}`> = createCallbacks<`order-${number}`>({
    client,
    url: "https://app.example/callback",
    secret: [secret],
    store: atomic,
    expected: async (ref) => (ref === "order-1" ? "task-1" : null),
    onTask(task, { ref }) {
      const final: FinalTask = task;
      if (task.status === "completed") same<(typeof task.results)[0], string>();
      void [final, ref satisfies `order-${number}`];
    },
    onEvent: (event: CallbackEvent) => void event.type,
  });
  // @ts-expect-error a ref has the form of the type argument
  await callbacks.url("7");
  const opened = await callbacks.open(request);
  void [opened?.ref, opened?.taskId, (await callbacks.handle(request, {})).status];
  // @ts-expect-error a limit for users is required
  createBudget({ store });
}

export async function useServer(): Promise<void> {
  const options: ServeOptions = { ...emulatorOptions, port: 0, host: "127.0.0.1" };
  const { url, emulator, close }: EmulatorServer = await serve(options);
  new VideoClient({ apiKey: "sk-test", baseUrl: url });
  await serve({ emulator });
  await close();
}

export async function useEmulator(): Promise<void> {
  const emulator: Emulator = createEmulator(emulatorOptions);
  new VideoClient({ apiKey: "sk-test", fetch: emulator.fetch });
  emulator.inject({ on: "create", fault: "network" });
  const entry: LogEntry | undefined = emulator.requests[0];
  const operation: Operation | "preflight" | undefined = entry?.operation;
  const charge: Charge | undefined = emulator.charges[0];
  const callback: Callback | undefined = emulator.callbacks[0];
  const counts: Counts = emulator.counts;
  same<typeof counts.charges, number>();
  await emulator.flush();
  emulator.reset();
  // @ts-expect-error the log is read-only
  emulator.requests.push(entry!);
  const isNetworkError = (error: unknown): error is EmulatedNetworkError =>
    error instanceof TypeError && "emulatedFault" in error;
  void [operation, charge, callback, isNetworkError];
}

void [withUndefined, fromConstant, fromInterface, misspelled, unknownField, changes, withoutOptions];
void [ofAnotherModel, noModel, noPrompt, noQuality, textDuration, oneImage, useClient, noFault, noShape];

/** A front end reads a snapshot by its `status`, also when it takes it apart. */
export function useSnapshot(video: VideoStore): string | undefined {
  const { status, task, error } = video.getSnapshot();
  if (status === "completed") return task.results[0];
  if (status === "failed") return error.message;
  // @ts-expect-error there may be no task yet
  return error ? error.message : task.id;
}
