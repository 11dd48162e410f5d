// Requests with files in them: checked, uploaded, then sent with their URLs.
import { unlessAborted } from "../abort.js";
import { EvolinkError, ValidationError } from "../errors.js";
import { copyOf, fileFields, filesOf, isFile } from "../local-files.js";
import { bodyOf, digestOf } from "./body.js";
import { failure } from "./failure.js";
import { uploadBody } from "./upload.js";

/** @typedef {import("./upload.js").Context} Context */
/** @typedef {import("../index.js").Issue} Issue */
/** @typedef {[field: (typeof fileFields)[number], index: number]} Path */
/** @typedef {import("./body.js").Body & { paths: Path[] }} LocalFile a file, and where it stands */

/** The number of files that are uploaded at the same time. */
const parallel = 4;

/**
 * @param {Context} context
 * @param {"submit" | "generate"} operation
 * @param {any} request
 * @param {any} [options]
 * @returns {Promise<any>} what the operation returns
 */
export async function sendFiles(context, operation, request, options) {
  const { compute, start, setup } = context;
  const { signal, allow = setup[6], extraFields } = options ?? {};
  compute("checkCall", operation, options);
  const checked = await check(context, request, { signal, allow, extraFields });
  const files = placesOf(request, checked.mediaTypes);
  const send = (/** @type {object} */ request, /** @type {object} */ own) =>
    start(operation, setup, request, options, own);
  let outcome, identity;
  // A store may have an earlier call with the same files, which is sent again with its original URLs.
  if (setup[3] !== undefined) {
    await readDigests(context, files, signal);
    const described = withFiles(request, files, ({ sha256 }) => ({
      ...{ name: sha256, type: "", size: 1, [Symbol.toStringTag]: "Blob" },
    }));
    identity = compute("prepare", setup, described, { allow, extraFields }).body;
    outcome = await send(described, {}).catch((error) => {
      if (error?.code !== "not_uploaded") throw error;
    });
  }
  if (!outcome) {
    const uploads = await uploadAll(context, files, options ?? {});
    const sent = withFiles(request, files, (file) => uploads.get(file)?.url);
    const expiresAt = Math.min(...[...uploads.values()].map(({ expiresAt }) => expiresAt ?? Infinity));
    outcome = await send(sent, { identity, expiresAt }).catch((error) => {
      throw error?.code === "idempotency_conflict" && error.charged === "no" ? conflict(error) : error;
    });
  }
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
  // The API checks files behind URLs, and `prepare` checks values that are not files.
  const local = { ...request };
  for (const field of fileFields)
    local[field] = filesOf(request, field).map((file) => (isFile(file) ? file : "https://upload.invalid/"));
  const fetch = () => Promise.reject(new Error("not read"));
  const seen = await unlessAborted(checkFiles(local, { allow, signal, fetch }, !setup[5]), signal);
  const isLocal = (/** @type {Issue} */ { path }) => path.length < 2 || isFile(request[path[0]]?.[path[1]]);
  const found = seen.issues.filter(isLocal);
  const inspected = new Map(seen.files.map((file) => [String(file.path), file]));
  // The detected type replaces the declared one.
  const isReplaced = (/** @type {Issue} */ { code, path }) =>
    found.some((issue) => issue.code === code && String(issue.path) === String(path)) ||
    (code === "unsupported_format" && inspected.has(String(path)));
  const all = [...issues.filter((issue) => !isReplaced(issue)), ...found];
  const errors = all.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new ValidationError(compute("validationMessage", errors), { issues: errors });
  // The submission reports the warnings about the rest of the request.
  const warnings = all.filter((issue) => found.includes(issue) || (issue.path.length > 1 && isLocal(issue)));
  return { warnings, mediaTypes: (/** @type {Path} */ path) => inspected.get(String(path))?.mimeType };
}

/**
 * The files of a request, each with its places.
 * @param {any} request
 * @param {(path: Path) => string | undefined} mediaTypes
 * @returns {LocalFile[]}
 */
function placesOf(request, mediaTypes) {
  /** @type {Map<Blob, LocalFile>} */
  const files = new Map();
  for (const field of fileFields)
    for (const [index, file] of filesOf(request, field).entries()) {
      if (!isFile(file)) continue;
      const known = files.get(file);
      if (known) known.paths.push([field, index]);
      else {
        const mediaType = mediaTypes([field, index]);
        files.set(file, { ...bodyOf(file, { mediaType }), paths: [[field, index]] });
      }
    }
  return [...files.values()];
}

/**
 * A copy of a request whose files are replaced.
 * @param {any} request
 * @param {LocalFile[]} files
 * @param {(file: LocalFile) => unknown} replace
 */
function withFiles(request, files, replace) {
  const copy = copyOf(request);
  for (const file of files) for (const [field, index] of file.paths) copy[field][index] = replace(file);
  return copy;
}

/**
 * Computes the digest of each file, one after the other, because hosts hold a whole file in memory for it.
 * @param {Context} context
 * @param {LocalFile[]} files
 * @param {AbortSignal | undefined} signal
 */
async function readDigests({ compute }, files, signal) {
  for (const file of files) file.sha256 = await unlessAborted(at(file, digestOf(file, compute)), signal);
}

/**
 * Adds the place of a file to the error of its upload.
 * @template T
 * @param {LocalFile} file
 * @param {Promise<T>} work
 */
const at = ({ paths: [[field, index]] }, work) =>
  work.catch((error) => {
    if (error instanceof EvolinkError)
      /** @type {import("../index.js").ErrorFields} */ (error).param ??= `${field}[${index}]`;
    if (error instanceof ValidationError)
      for (const issue of error.issues) if (issue.path[0] === "file") issue.path = [field, index];
    throw error;
  });

/**
 * The server has the key with other URLs. It advises to use another key, but that would be another order.
 * @param {import("../index.js").EvolinkError} error
 */
const conflict = (error) =>
  EvolinkError.from({
    ...error.toJSON(),
    message:
      "This `idempotencyKey` belongs to an order whose files had other URLs. " +
      "Get its task with `resume` or `list`. Another key creates another order.",
  });

/**
 * Uploads files. The first failure aborts the other uploads.
 * @param {Context} context
 * @param {LocalFile[]} files
 * @param {any} options
 */
async function uploadAll(context, files, { signal, headers, requestTimeoutMs, maxRetries, onUpload }) {
  /** @type {Map<LocalFile, import("../index.js").Upload>} */
  const uploads = new Map();
  const group = new AbortController();
  const abort = () => group.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  const waiting = [...files];
  const work = async () => {
    for (let file; !group.signal.aborted && (file = waiting.shift());) {
      const { paths } = file;
      const upload = uploadBody(context, file, {
        ...{ signal: group.signal, headers, requestTimeoutMs, maxRetries },
        onProgress:
          onUpload && ((progress) => Promise.all(paths.map((path) => onUpload({ path, ...progress })))),
      });
      uploads.set(file, await at(file, upload));
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, work));
    group.signal.throwIfAborted();
    return uploads;
  } catch (error) {
    group.abort(error);
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}
