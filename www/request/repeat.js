// A request that was sent, as a draft again, with its local files.

import { localFile } from "../sources/file.js";
import { kinds } from "../sources/kinds.js";
import { fromRequest } from "./draft.js";

/** @param {import("../../pkg/index.js").VideoRequest} request @returns {Promise<import("./draft.js").Snapshot>} */
export async function repeated(request) {
  const snapshot = fromRequest(request);
  const files = { ...snapshot.files };
  for (const { kind, field } of kinds)
    files[kind] = await Promise.all(
      (request[field] ?? []).map((source, index) =>
        source instanceof Blob ? localFile(kind, source) : files[kind][index],
      ),
    );
  return { ...snapshot, files };
}
