import { compute } from "../engine.js";
import { ConfigurationError } from "../errors.js";
import { fileFields } from "../local-files.js";
import { check } from "./check.js";
import { lost, openSource } from "./source.js";

/** @typedef {typeof import("../media.js")} Api */
/** @typedef {import("../media.js").MediaInfo} MediaInfo */
/** @typedef {import("../media.js").InspectOptions} Options */
/** @typedef {import("./source.js").Source} Source */

/** Identifies an inspection, in whichever instance of the module it runs. */
let nextId = 0;

/** Files that are read at the same time. */
const concurrency = 4;

/** @type {Api["inspect"]} */
export async function inspect(source, options) {
  options = checkedOptions(options);
  options.signal?.throwIfAborted();
  const file = await openSource(source, options);
  try {
    return await run(file);
  } finally {
    file.close();
  }
}

/**
 * @param {Source} file
 * @returns {Promise<MediaInfo>}
 */
async function run(file) {
  const id = nextId++;
  let start = 0;
  let bytes = /** @type {Uint8Array} */ (new Uint8Array());
  try {
    for (;;) {
      // If another file ended the instance, a new one starts again.
      const { info, ...read } = JSON.parse(compute("stepFile", id, file.size, start, bytes, file.isLocal));
      if (info) return { ...info, bytes: await file.finalSize(info.bytes), bytesRead: file.bytesRead };
      start = read.start;
      bytes = await file.read(start, read.length);
    }
  } catch (error) {
    if (/** @type {any} */ (error)?.code !== "internal_error") throw error;
  } finally {
    compute("closeFile", id);
  }
  return {
    kind: "broken",
    format: null,
    reason: "it could not be read to the end",
    bytes: file.size,
    bytesRead: file.bytesRead,
  };
}

/**
 * `uploads` is the client's: whether it uploads the files to the files API.
 * @type {(...args: [...Parameters<Api["checkFiles"]>, uploads?: boolean]) => ReturnType<Api["checkFiles"]>}
 */
export async function checkFiles(request, options, uploads) {
  const { allow, ...reading } = checkedOptions(options, ["allow"]);
  /** @type {{ path: [field: (typeof fileFields)[number], index: number], source: any }[]} */
  const entries = [];
  for (const field of fileFields) {
    const list = /** @type {any} */ (request)?.[field];
    // A value that is not an array is reported as an issue.
    if (Array.isArray(list))
      for (const [index, source] of list.entries()) entries.push({ path: [field, index], source });
  }
  /** The same file is read once. @type {Map<unknown, Promise<any>>} */
  const inspections = new Map();
  const next = entries.values();
  const work = async () => {
    for (const { source } of next) {
      if (!inspections.has(source)) inspections.set(source, inspected(source, reading));
      await inspections.get(source);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const found = [];
  for (const { path, source } of entries) found.push({ path, ...(await inspections.get(source)) });
  return {
    issues: check(request, found, allow, uploads === true),
    files: found.filter(({ kind }) => kind !== "unread" && kind !== "lost"),
  };
}

/**
 * What a file contains. A file that cannot be read is reported as an issue, and does not throw.
 * @param {any} source
 * @param {Options} options
 */
async function inspected(source, options) {
  try {
    return await inspect(source, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    const { code, message } = /** @type {any} */ (error);
    if (code === "invalid_source") return { kind: "lost", reason: "it is neither a file nor a URL" };
    if (code !== "file_unreachable") throw error;
    return { kind: message === lost ? "lost" : "unread", reason: message };
  }
}

/** What each option must be. @type {Record<string, [string, (value: any) => boolean]>} */
const known = {
  signal: ["an AbortSignal", (value) => typeof value?.addEventListener === "function"],
  fetch: ["a function", (value) => typeof value === "function"],
  requestTimeoutMs: ["a number of milliseconds", (value) => value > 0 && value < 2 ** 31],
};

/**
 * @template {object} T
 * @param {T | undefined} options
 * @param {string[]} [others] options that are checked elsewhere
 * @returns {T}
 */
function checkedOptions(options, others = []) {
  const given = /** @type {Record<string, unknown>} */ (options ?? {});
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || others.includes(name)) continue;
    const [wanted, is] = known[name] ?? [];
    if (!is) throw new ConfigurationError(`There is no option \`${name.slice(0, 60)}\`.`);
    if (!is(value)) throw new ConfigurationError(`The option \`${name}\` must be ${wanted}.`);
  }
  return /** @type {T} */ (given);
}
