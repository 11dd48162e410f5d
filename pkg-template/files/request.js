// Requests with files in them: checked, uploaded, then sent with their URLs.
import { unlessAborted } from "../abort.js";
import { ValidationError } from "../errors.js";
import { fileFields, filesOf, isFile } from "../local-files.js";
import { failure } from "./failure.js";
import { upload } from "./upload.js";

/** @typedef {import("./upload.js").Context} Context */
/** @typedef {import("../index.js").Issue} Issue */
/** @typedef {[field: (typeof fileFields)[number], index: number]} Path */

/** How many files are uploaded at the same time. */
const parallel = 4;

/**
 * @param {Context} context
 * @param {"submit" | "generate"} operation
 * @param {any} request whose files are replaced by their URLs
 * @param {any} [options]
 * @returns {Promise<any>} what the operation returns
 */
export async function sendFiles(context, operation, request, options) {
  const { compute, start, setup } = context;
  const { signal, allow = setup[6], extraFields } = options ?? {};
  compute("checkCall", operation, options);
  const checked = await check(context, request, { signal, allow, extraFields });
  await uploadAll(context, request, checked.mediaTypes, options ?? {});
  const outcome = await start(operation, setup, request, options);
  const submission = operation === "submit" ? outcome : outcome.submission;
  submission.warnings.unshift(...checked.warnings);
  return outcome;
}

/**
 * Checks everything before anything is uploaded.
 * @param {Context} context
 * @param {any} request
 * @param {{ signal?: AbortSignal, allow?: string[], extraFields?: object }} options
 */
async function check({ compute, setup, loadMedia }, request, { signal, allow, extraFields }) {
  /** @type {Issue[]} */
  let issues = [];
  try {
    issues = compute("prepare", setup, request, { allow, extraFields }).warnings;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    issues = [...error.issues];
  }
  const { checkFiles } = await unlessAborted(loadMedia(), signal).catch((cause) => {
    if (signal?.aborted) throw cause;
    throw failure(
      "script_unavailable",
      "The script that checks files could not be loaded. See `cause`.",
      cause,
    );
  });
  // Files behind URLs are left to the API, and what is no file to `prepare`.
  const local = { ...request };
  for (const field of fileFields)
    local[field] = filesOf(request, field).map((file) => (isFile(file) ? file : "https://upload.invalid/"));
  const fetch = () => Promise.reject(new Error("not read"));
  const seen = await unlessAborted(checkFiles(local, { allow, signal, fetch }), signal);
  const isLocal = (/** @type {Issue} */ { path }) => path.length < 2 || isFile(request[path[0]]?.[path[1]]);
  const found = seen.issues.filter(isLocal);
  const inspected = new Map(seen.files.map((file) => [String(file.path), file]));
  // What was read replaces what was declared.
  const isReplaced = (/** @type {Issue} */ { code, path }) =>
    found.some((issue) => issue.code === code && String(issue.path) === String(path)) ||
    (code === "unsupported_format" && inspected.has(String(path)));
  const all = [...issues.filter((issue) => !isReplaced(issue)), ...found];
  const errors = all.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new ValidationError(compute("validationMessage", errors), { issues: errors });
  // The warnings about the rest of the request come with the submission.
  const warnings = all.filter((issue) => found.includes(issue) || (issue.path.length > 1 && isLocal(issue)));
  return { warnings, mediaTypes: (/** @type {Path} */ path) => inspected.get(String(path))?.mimeType };
}

/**
 * Puts URLs in place of the files of a request. The first failure aborts the other uploads.
 * @param {Context} context
 * @param {any} request
 * @param {(path: Path) => string | undefined} mediaTypes
 * @param {any} options
 */
async function uploadAll(
  context,
  request,
  mediaTypes,
  { signal, headers, requestTimeoutMs, maxRetries, onUpload },
) {
  /** Where each file stands. @type {Map<Blob, Path[]>} */
  const places = new Map();
  for (const field of fileFields)
    for (const [index, file] of filesOf(request, field).entries())
      if (isFile(file)) places.set(file, [...(places.get(file) ?? []), [field, index]]);
  const group = new AbortController();
  const abort = () => group.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  const waiting = [...places];
  const work = async () => {
    for (let next; !group.signal.aborted && (next = waiting.shift());) {
      const [file, paths] = next;
      const { url } = await upload(context, file, {
        ...{ signal: group.signal, headers, requestTimeoutMs, maxRetries },
        mediaType: mediaTypes(paths[0]),
        onProgress: onUpload && ((progress) => paths.forEach((path) => onUpload({ path, ...progress }))),
      });
      for (const [field, index] of paths) request[field][index] = url;
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, work));
    group.signal.throwIfAborted();
  } catch (error) {
    group.abort(error);
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}
