// Compares the inspector with ffprobe, exiftool and identify, on files made by these tools and from packages.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { output, root } from "../../tools/setup.js";
import { differences, makeVariants, truths } from "./oracles.js";
import { registryFiles } from "./registries.js";

/** @typedef {{ name: string, reads: number, info: any, found: string[] }} Answer */

/**
 * Files and fields in which the inspector differs, and why. README.md repeats the reasons.
 * @type {[files: RegExp, field: string, reason: string][]}
 */
const exceptions = [
  [
    /^(frag-(keyframe|cmaf|negative-cts)\.mp4|smooth\.ismv)$/,
    "durationMs",
    "ffprobe adds the delay of reordered frames, 40 or 80 ms",
  ],
  [
    /^frag-long\.mp4$/,
    "durationMs",
    "after 60 reads of fragments that nothing sums up, the rest is estimated: 47 ms of 90 s",
  ],
  [
    /^codec-(gif|libtheora|huffyuv|jpeg2000|zlib|msmpeg4v2|flv1|wmv2)\.mov$/,
    "videoCodec",
    "the letters of the file, for codecs that no upload has",
  ],
  [/^(adpcm_swf|g723_1).*\.wav$/, "codec", "a number that only ffmpeg knows"],
  [/24bit-4byte.*\.wav$/, "codec", "integers; ffprobe 5 calls 24 bits in 4 bytes floating point"],
  [/gameover-rifx\.wav$/, "codec", "RIFX is big endian; ffprobe 5 takes it for little endian"],
  [/trunc_test\.mp3$/, "durationMs", "damaged before the end: ffprobe counts three damaged pieces as frames"],
  [
    /mp4-atom.*bbb\.mp4$/,
    "durationMs",
    "its fragment states the time 0 again; the inspector appends the frame",
  ],
  [/mp4-atom.*uncompressed\.mp4$/, "videoCodec", "ffprobe 5 does not know ISO 23001-17 (`uncv`)"],
];

/** Differences without a reason. @param {Answer} answer */
const unexpected = ({ name, found }) =>
  found.filter(
    (difference) =>
      !exceptions.some(([files, field]) => files.test(name) && difference.startsWith(`${field}: `)),
  );

/** @param {string} folder @param {string[]} names @returns {Promise<Answer[]>} */
async function compare(folder, names) {
  const paths = names.map((name) => join(folder, name));
  const printed = output("cargo", ["run", "--quiet", "--example", "inspect", "--", ...paths]);
  assert.ok(printed, "the inspector failed");
  const answers = printed.split("\n").map((line) => JSON.parse(line));
  const expected = await truths(folder, names);
  return names.map((name, index) => {
    const { reads, info } = answers[index];
    return { name, reads, info, found: differences(info, expected[index]) };
  });
}

/** A row for each format: files, equal, mean reads and bytes. @param {Answer[]} answers */
function rows(answers) {
  const formats = [...new Set(answers.map(({ info }) => info.format))].sort();
  return formats.map((format) => {
    const group = answers.filter(({ info }) => info.format === format);
    const mean = (/** @type {(answer: Answer) => number} */ value) =>
      group.reduce((sum, answer) => sum + value(answer), 0) / group.length;
    const equal = group.filter(({ found }) => found.length === 0).length;
    const reads = mean((answer) => answer.reads).toFixed(1);
    const bytes = mean(({ info }) => info.bytesRead).toFixed(0);
    return `| ${format} | ${group.length} | ${equal} | ${reads} | ${bytes} |`;
  });
}

describe("the inspector agrees with ffprobe, exiftool and identify", () => {
  test("on every variant that ffmpeg and ImageMagick write", async (t) => {
    const folder = join(root, "target/media-variants");
    const { names, missing } = await makeVariants(folder);
    t.diagnostic(`${names.length} made, these tools cannot write ${missing.join(", ")}`);
    // The inspector must not be compared with a handful because a tool lacks its codecs.
    assert.ok(names.length >= 340, `only ${names.length} files were made`);
    check(t, await compare(folder, names));
  });

  test("on the test data of other packages", async (t) => {
    const folder = join(root, "target/media-packages");
    const names = registryFiles(folder);
    assert.ok(names.length >= 100, `only ${names.length} files were found`);
    check(t, await compare(folder, names));
  });
});

/** @param {import("node:test").TestContext} t @param {Answer[]} answers */
function check(t, answers) {
  for (const row of rows(answers)) t.diagnostic(row);
  const wrong = answers.flatMap((answer) => unexpected(answer).map((text) => `${answer.name}: ${text}`));
  assert.deepEqual(wrong, []);
}
