// Measures the inspection of media files: downloads, correct answers, reads and times, of this package, its peers and
// the elements of a browser.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { brotliCompressSync } from "node:zlib";
import { root } from "../../tools/setup.js";
import { differences, makeVariants, truths } from "../media/oracles.js";
import { registryFiles } from "../media/registries.js";
import { bundled } from "./bundle.js";
import { startChromium } from "../support/browser.js";
import { folder } from "./peers.js";

/** @typedef {{ width?: number, height?: number, durationMs?: number, ms?: number }} Answer `ms`, if the tool measures itself */
/** @typedef {{ reads: number, bytes: number }} Counts */
/** @typedef {import("../media/oracles.js").Truth} Truth */
/** @typedef {{ contents: Buffer<ArrayBuffer>, truth: Truth }} File */
/**
 * @typedef {object} Tool
 * @property {string | null} entry what a page imports
 * @property {string[]} kinds what it claims to read
 * @property {(contents: Buffer<ArrayBuffer>, counts: Counts, kind: string) => Promise<Answer>} ask
 */

/** Counts the slices that are read from it. */
class CountingBlob extends Blob {
  /** @param {Buffer<ArrayBuffer>} contents @param {Counts} counts */
  constructor(contents, counts) {
    super([contents]);
    this.counts = counts;
  }

  /** @override @param {number} [start] @param {number} [end] */
  slice(start = 0, end = this.size) {
    this.counts.reads += 1;
    this.counts.bytes += Math.min(end, this.size) - start;
    return super.slice(start, end);
  }
}

/** @param {{ width: number, height: number, orientation?: number }} size @returns {Answer} */
const turned = ({ width, height, orientation = 1 }) =>
  orientation < 5 ? { width, height } : { width: height, height: width };

/** @param {string} name @returns {Promise<any>} */
const load = (name) => import(import.meta.resolve(name));

/**
 * @param {import("playwright-core").Page} page
 * @returns {Promise<Record<string, Tool>>}
 */
async function tools(page) {
  const { inspect } = await load("evolink-video/media");
  const { ALL_FORMATS, CustomSource, Input } = await load("mediabunny");
  const { parseBlob } = await load("music-metadata");
  const { imageSize } = await load("image-size");
  const { default: probe } = await load("probe-image-size");
  return {
    "evolink-video/media": {
      entry: `export { inspect } from "evolink-video/media";`,
      kinds: ["image", "video", "audio"],
      ask: (contents, counts) => inspect(new CountingBlob(contents, counts)),
    },
    mediabunny: {
      entry: `export { ALL_FORMATS, BlobSource, Input } from "mediabunny";`,
      kinds: ["video", "audio"],
      async ask(contents, counts) {
        const source = new CustomSource({
          getSize: () => contents.length,
          read(/** @type {number} */ start, /** @type {number} */ end) {
            counts.reads += 1;
            counts.bytes += end - start;
            return contents.subarray(start, end);
          },
        });
        const input = new Input({ formats: ALL_FORMATS, source });
        const durationMs = (await input.computeDuration()) * 1_000;
        const track = await input.getPrimaryVideoTrack();
        return { durationMs, width: track?.displayWidth, height: track?.displayHeight };
      },
    },
    "music-metadata": {
      entry: `export { parseBlob } from "music-metadata";`,
      kinds: ["audio"],
      async ask(contents, counts) {
        const { format } = await parseBlob(new CountingBlob(contents, counts), { duration: true });
        return { durationMs: format.duration * 1_000 };
      },
    },
    "image-size": {
      entry: `export { imageSize } from "image-size";`,
      kinds: ["image"],
      async ask(contents, counts) {
        // As much as its own function for files reads.
        const bytes = contents.subarray(0, 512 * 1_024);
        counts.reads = 1;
        counts.bytes = bytes.length;
        return turned(imageSize(bytes));
      },
    },
    "probe-image-size": {
      entry: `export { default } from "probe-image-size/sync.js";`,
      kinds: ["image"],
      async ask(contents, counts) {
        const stream = Readable.from(chunks(contents, counts), { objectMode: false, highWaterMark: 1 });
        return turned(await probe(stream));
      },
    },
    "`<img>`, `<video>`, `<audio>` of Chromium": {
      entry: null,
      kinds: ["image", "video", "audio"],
      ask: (contents, counts, kind) => {
        // Nothing reports what the browser reads of a Blob.
        counts.reads = counts.bytes = NaN;
        return page.evaluate(askElement, { base64: contents.toString("base64"), kind });
      },
    },
  };
}

/**
 * Runs in the page: what an element reports about a file after its source is set.
 * @param {{ base64: string, kind: string }} file
 * @returns {Promise<Answer>}
 */
async function askElement({ base64, kind }) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes]));
  const element =
    kind === "image" ? new Image() : document.createElement(kind === "video" ? "video" : "audio");
  try {
    const start = performance.now();
    await new Promise((resolve, reject) => {
      element.onerror = () => reject(new Error("refused"));
      // The browser neither refuses nor reads some files.
      setTimeout(reject, 5_000);
      element[element instanceof Image ? "onload" : "onloadedmetadata"] = resolve;
      element.src = url;
    });
    const ms = performance.now() - start;
    if (element instanceof Image) return { ms, width: element.naturalWidth, height: element.naturalHeight };
    const durationMs = element.duration * 1_000;
    if (!(element instanceof HTMLVideoElement)) return { ms, durationMs };
    return { ms, durationMs, width: element.videoWidth, height: element.videoHeight };
  } finally {
    element.removeAttribute("src");
    URL.revokeObjectURL(url);
  }
}

/** Chunks of 64 KB, as of a file. @param {Buffer<ArrayBuffer>} contents @param {Counts} counts */
function* chunks(contents, counts) {
  for (let at = 0; at < contents.length; at += 65_536) {
    const chunk = contents.subarray(at, at + 65_536);
    counts.reads += 1;
    counts.bytes += chunk.length;
    yield chunk;
  }
}

/** What all tools tell: the size as shown, and the duration. @param {Truth} truth @returns {Truth} */
function compared({ kind, width, height, durationMs }) {
  const fields = { kind, width, height, durationMs };
  return /** @type {Truth} */ (
    Object.fromEntries(
      Object.entries(fields).filter(([name, value]) => name !== "kind" && value !== undefined),
    )
  );
}

/** @returns {Promise<File[]>} */
async function files() {
  const made = join(root, "target/media-variants");
  const taken = join(root, "target/media-packages");
  /** @type {[string, string[]][]} */
  const sources = [
    [made, (await makeVariants(made)).names],
    [taken, registryFiles(taken)],
  ];
  const all = [];
  for (const [folder, names] of sources) {
    for (const [index, truth] of (await truths(folder, names)).entries())
      all.push({ truth, contents: readFileSync(join(folder, names[index])) });
  }
  return all;
}

/** @param {{ rounds: number }} options @returns {Promise<import("./table.js").Table>} */
export async function media({ rounds }) {
  const all = await files();
  // mediabunny warns about each codec that it does not decode.
  console.warn = () => {};
  const browser = await startChromium();
  try {
    /** @type {import("./table.js").Table["rows"]} */
    const rows = {};
    for (const [name, tool] of Object.entries(await tools(await browser.newPage())))
      rows[name] = await row(tool, all, rounds);
    const head = [
      "brotli, bytes",
      "files",
      "right",
      "reads",
      "bytes read",
      "bytes read, median",
      "ms, median",
    ];
    return { head, rows };
  } finally {
    await browser.close();
  }
}

/** @param {Tool} tool @param {File[]} all @param {number} rounds */
async function row(tool, all, rounds) {
  const bytes = tool.entry === null ? 0 : brotliCompressSync(await bundled(tool.entry)).length;
  const answers = [];
  for (const file of all.filter(({ truth }) => tool.kinds.includes(truth.kind)))
    answers.push(await measured(tool, file, rounds));
  return [
    bytes,
    answers.length,
    answers.filter(({ right }) => right).length,
    mean(answers.map(({ reads }) => reads)),
    mean(answers.map(({ bytes }) => bytes)),
    median(answers.map(({ bytes }) => bytes)),
    median(answers.map(({ ms }) => ms)),
  ];
}

/** @param {Tool} tool @param {File} file @param {number} rounds */
async function measured(tool, { contents, truth }, rounds) {
  const times = [];
  /** @type {Counts} */
  let counts = { reads: 0, bytes: 0 };
  let right = false;
  for (let round = 0; round < rounds; round++) {
    counts = { reads: 0, bytes: 0 };
    const start = performance.now();
    // A tool that refuses a file is not correct about it.
    const answer = await tool.ask(contents, counts, truth.kind).catch(() => undefined);
    times.push(answer?.ms ?? performance.now() - start);
    right = answer !== undefined && differences(answer, compared(truth)).length === 0;
  }
  return { right, ...counts, ms: Math.min(...times) };
}

/** @param {number[]} values */
const mean = (values) => orNull(values.reduce((sum, value) => sum + value, 0) / values.length);

/** @param {number[]} values */
const median = (values) => orNull(values.toSorted((a, b) => a - b)[values.length >> 1]);

/** `null` if it was not measured. @param {number} value */
const orNull = (value) => (Number.isNaN(value) ? null : value);
