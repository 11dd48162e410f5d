import { fileRefusal, json } from "./responses.js";
import { immediate } from "./call.js";
import { isAccepted } from "./file-type.js";
import { paging } from "./queries.js";
import { createStoredFile, fileBody, fileItem, isKept } from "./stored-file.js";
import { readUpload } from "./upload-body.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Account} Account */
/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./responses.js").EmulatedResponse} EmulatedResponse */

/** [doc] About 100 MB. */
const maxFileBytes = 100 * 1024 * 1024;

/** [client] */
const defaultMaxFiles = 100;

/** [client] */
const uploadIdHeader = "x-evo-upload-id";
const uploadId = /^.{16,128}$/;

/**
 * An upload. With an upload id, its receipt reports what became of it.
 *
 * @param {State} state
 * @param {Account} account
 * @param {Call} call
 * @returns {import("./call.js").Work}
 */
export function beginUpload(state, account, call) {
  const id = call.request.headers.get(uploadIdHeader);
  if (id !== null && !uploadId.test(id))
    return immediate(() => refuse("X-Evo-Upload-Id must have 16 to 128 characters"));
  if (id !== null) account.uploads.set(id, null);
  return {
    async finish() {
      const file = await store(state, account, call);
      if (typeof file === "string") return { response: refuse(file) };
      if (id !== null) account.uploads.set(id, file);
      return {
        response: fileResponse("File uploaded successfully", fileBody(file, state.clock, call.origin)),
      };
    },
  };
}

/**
 * @param {State} state
 * @param {Account} account
 * @param {Call} call
 * @returns {Promise<import("./stored-file.js").StoredFile | string>} why it is refused
 */
async function store(state, account, call) {
  const { files, clock, options } = state;
  const upload = await readUpload(call, options);
  if (typeof upload === "string") return upload;
  if (upload.bytes.length > maxFileBytes) return "file too large";
  if (quotaOf(state, account).remain_files === 0) return "file quota exceeded";
  const context = { sequence: state.fileCount + 1, account, now: clock.now() };
  const file = createStoredFile(upload, context);
  if (!isAccepted(file.type)) return `unsupported file type ${file.type}`;
  state.fileCount += 1;
  files.set(file.id, file);
  return file;
}

/** @type {Record<"files" | "quota" | "receipt" | "delete", (state: State, account: Account, call: Call) => EmulatedResponse>} */
export const fileQueries = {
  files(state, account, { query }) {
    const { page, size } = paging(query, "pageSize");
    const own = ownFiles(state, account).reverse();
    const files = own.slice((page - 1) * size, page * size).map(fileItem);
    return fileResponse("success", { files, total: own.length, page, pageSize: size });
  },

  quota: (state, account) => fileResponse("success", quotaOf(state, account)),

  // [client]
  receipt({ clock }, account, { id, origin }) {
    const file = account.uploads.get(id ?? "");
    if (file === undefined) return fileRefusal(404, "not_found", "upload not found");
    const isDone = file !== null;
    return fileResponse("success", {
      upload_id: id,
      state: isDone ? "done" : "outcome_unknown",
      result_verified: isDone,
      file: isDone ? fileBody(file, clock, origin) : null,
    });
  },

  delete(state, account, { id }) {
    const file = ownFiles(state, account).find((each) => each.id === id);
    if (file === undefined) return fileRefusal(404, "not_found", "file not found");
    state.files.delete(file.id);
    return fileResponse("File deleted successfully", null);
  },
};

/**
 * @param {State} state
 * @param {Account} account
 */
function quotaOf(state, account) {
  const max_files = state.options.maxFiles ?? defaultMaxFiles;
  const used_files = ownFiles(state, account).length;
  const remain_files = Math.max(0, max_files - used_files);
  return { used_files, max_files, remain_files, user_group: "default" };
}

/**
 * @param {State} state
 * @param {Account} account
 */
const ownFiles = ({ files, clock }, account) =>
  [...files.values()].filter((file) => file.account === account && isKept(file, clock));

/** @param {string} message */
const refuse = (message) => fileRefusal(400, "invalid_request", message);

/**
 * @param {string} msg
 * @param {unknown} data
 */
const fileResponse = (msg, data) => json(200, { success: true, code: 200, msg, data });
