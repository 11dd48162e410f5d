// The files API: what it accepts, and what it returns. Each file is deleted again.
import { randomUUID } from "node:crypto";
import { sampleVideo } from "../../pkg-template/testing/sample-video.js";
import { isSuccess } from "./api.js";
import { fieldsOf } from "./account.js";
import { change, confirmed, differs, learned, open } from "./finding.js";

/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./api.js").Answer} Answer */
/** @typedef {import("./finding.js").Finding} Finding */

const files = "/api/v1/files";

/** A transparent pixel. */
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);

/** A tenth of a second of silence: 8000 samples a second, 8 bits, mono. */
function silence() {
  const samples = 800;
  const wav = Buffer.alloc(44 + samples, 0x80);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(36 + samples, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  for (const [at, value] of /** @type {const} */ ([
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ]))
    wav.writeUInt16LE(value, at);
  for (const at of [24, 28]) wav.writeUInt32LE(8000, at);
  wav.write("data", 36);
  wav.writeUInt32LE(samples, 40);
  return wav;
}

const samples = () => [
  { kind: "an image", name: "live-check.png", type: "image/png", bytes: pixel },
  { kind: "audio", name: "live-check.wav", type: "audio/wav", bytes: silence() },
  { kind: "a video", name: "live-check.mp4", type: "video/mp4", bytes: sampleVideo() },
];

/** @param {Api} api @returns {Promise<Finding[]>} */
export async function fileFindings(api) {
  const findings = [];
  for (const sample of samples()) {
    const { stored, uploadId, finding } = await upload(api, sample);
    findings.push(finding);
    if (stored === undefined) continue;
    try {
      // The answers are the same for each kind.
      if (sample.kind === "an image") findings.push(...(await storedFindings(api, stored, uploadId)));
    } finally {
      findings.push(await deletion(api, sample.kind, stored.file_id));
    }
  }
  return findings;
}

/**
 * @param {Api} api
 * @param {ReturnType<typeof samples>[number]} sample
 * @returns {Promise<{ finding: Finding, uploadId: string, stored?: any }>}
 */
async function upload({ askFiles }, { kind, name, type, bytes }) {
  const uploadId = randomUUID();
  const form = new FormData();
  form.append("file", new File([Uint8Array.from(bytes)], name, { type }));
  const answer = await askFiles("POST", `${files}/upload/stream`, {
    body: form,
    headers: { "x-evo-upload-id": uploadId },
  });
  const question = `Can ${kind} be uploaded?`;
  if (!answer.isAnswered) return { uploadId, finding: open(question, answer.summary) };
  const stored = answer.body?.data;
  if (isAccepted(answer) && typeof stored?.file_url === "string")
    return {
      uploadId,
      stored,
      finding: confirmed(question, `yes (${answer.status})`, "`upload()` takes it."),
    };
  if (isAccepted(answer))
    return {
      uploadId,
      finding: differs(
        ...[question, `${answer.status}, without \`file_url\`: ${fieldsOf(stored)}`, "`upload()` fails."],
        change("src/client/upload.rs", "`read_file`: where the URL of a file is"),
      ),
    };
  return {
    uploadId,
    finding: differs(
      ...[question, `no: ${answer.summary}`, `Requests need a URL for ${kind}.`],
      answer.status === 404
        ? change("src/domain/api/endpoint.rs", "`Endpoint::Upload`: find its path")
        : change("pkg-template/testing/file-type.js", `\`accepted\`: refuse ${type}`),
      change("README.md", `say that the files API refuses ${kind}`),
    ),
  };
}

/**
 * @param {Api} api
 * @param {any} stored
 * @param {string} uploadId
 */
async function storedFindings({ askFiles, open: fetchLink }, stored, uploadId) {
  const findings = [];
  const link = await fetchLink(stored.file_url);
  const question = "Does the URL of a file serve it?";
  if (!link.isAnswered) findings.push(open(question, link.summary));
  else if (isSuccess(link)) findings.push(confirmed(question, link.summary, "Models can read it."));
  else
    findings.push(
      differs(
        ...[question, link.summary, "Models may not be able to read it."],
        change("src/client/upload.rs", "`read_file`: try `download_url` instead of `file_url`"),
      ),
    );
  findings.push(lifetime(stored.expires_at), await receipt(askFiles, uploadId));
  return findings;
}

/** @param {unknown} expiresAt */
function lifetime(expiresAt) {
  const question = "How long is a file kept?";
  const hours = (Date.parse(String(expiresAt)) - Date.now()) / 3_600_000;
  if (Number.isNaN(hours))
    return learned(
      ...[question, `not reported (\`expires_at\`: ${JSON.stringify(expiresAt)})`, "`expiresAt` is `null`."],
      change("src/domain/iso_date.rs", "read this date format, if it is one"),
    );
  // The server's clock may differ, or its date may lack a time zone.
  return Math.abs(hours - 72) < 15
    ? confirmed(question, `${hours.toFixed(1)} h`, "72 h are documented.")
    : learned(
        ...[question, `${hours.toFixed(1)} h`, "72 h are documented."],
        change("README.md", `say that uploaded files are kept for ${Math.round(hours)} h`),
      );
}

/** @param {Api["askFiles"]} askFiles @param {string} uploadId */
async function receipt(askFiles, uploadId) {
  const answer = await askFiles("GET", `${files}/upload-receipts/${uploadId}`, {
    headers: { "x-evo-upload-id": uploadId },
  });
  const question = "Is there a receipt for an upload?";
  if (!answer.isAnswered) return open(question, answer.summary);
  const data = answer.body?.data ?? answer.body;
  return isAccepted(answer) && data?.state === "done"
    ? confirmed(question, `${answer.status}, done`, "An upload whose answer is lost is not sent again.")
    : differs(
        ...[question, `${answer.summary}${data?.state ? `, ${data.state}` : ""}`],
        "An upload whose answer is lost is sent again.",
        change("src/domain/api/endpoint.rs", "`Endpoint::UploadReceipt`: remove it, or find its path"),
      );
}

/** @param {Api} api @param {string} kind @param {string} id */
async function deletion({ askFiles }, kind, id) {
  const answer = await askFiles("DELETE", `${files}/${encodeURIComponent(id)}`);
  const question = `Can ${kind} be deleted?`;
  if (!answer.isAnswered) return open(question, answer.summary);
  return isAccepted(answer)
    ? confirmed(question, answer.summary, "Nothing is left of it.")
    : learned(question, `no: ${answer.summary}`, `The file ${id} stays until it expires.`);
}

/** A refusal may come with the status 200. @param {Answer} answer */
const isAccepted = (answer) => isSuccess(answer) && answer.body?.success !== false;
