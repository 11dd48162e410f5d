// Compares `estimateTokens` with real tokenizers, and checks the assumptions behind its bounds.
// Reads tests/tokens/corpus.json, writes counts.json and REPORT.md next to it. Requires a built `pkg/`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { Problem, installPackages, isMain, main, read, root, say } from "./setup.js";

/** @typedef {import("../tests/tokens/tokenizers.js").Tokenizer} Tokenizer */
/** @typedef {{ low: number, estimate: number, high: number }} Estimate */
/** @typedef {Estimate & { category: string, heldOut: boolean, text: string, counts: number[] }} Row */

const folder = join(root, "tests/tokens");

async function calibrate() {
  installPackages(folder, "the tokenizers, 440 MB,");
  const { tokenizers } = await import("../tests/tokens/tokenizers.js");
  const { estimateTokens } = await import("../pkg/index.js");
  const all = await tokenizers();

  say("checking every token");
  const vocabularies = all.map(({ vocabulary }) => vocabulary());
  const invalidTokens = tokensAboveOne(vocabularies, estimateTokens);
  checkPairs(vocabularies);

  say("counting the corpus");
  /** @type {{ category: string, texts: string[] }[]} */
  const corpus = JSON.parse(read("tests/tokens/corpus.json"));
  const rows = corpus.flatMap(({ category, texts }) =>
    texts.map((text, index) => ({
      category,
      heldOut: index % 2 === 1,
      ...measure(text, all, estimateTokens),
    })),
  );
  const counts = corpus.map(({ category }) => ({
    category,
    counts: rows.filter((row) => row.category === category).map((row) => summary(row.counts)),
  }));
  writeFileSync(
    join(folder, "counts.json"),
    await format(JSON.stringify(counts), { parser: "json", printWidth: 110 }),
  );

  say("counting generated texts");
  const fuzz = generated(corpus, vocabularies).map((text) => measure(text, all, estimateTokens));

  const outOfBounds = [...rows, ...fuzz].filter(
    ({ counts, low, high }) => low > Math.min(...counts) || high < Math.max(...counts),
  );
  writeFileSync(join(folder, "REPORT.md"), report(all, vocabularies, rows, fuzz.length));
  const english = table(rows).find(({ name }) => name === "english");
  say(`tests/tokens/REPORT.md: the mean error on held-out English texts is ${english?.heldOut.mean}%`);

  const problems = [
    ...invalidTokens.map((token) => `the token ${JSON.stringify(token)} has a \`low\` above one`),
    ...outOfBounds.map(
      ({ text, low, high, counts }) =>
        `${JSON.stringify(text.slice(0, 80))} has ${counts}, not ${low} to ${high}`,
    ),
  ];
  if (problems.length > 0) throw new Problem(`The bounds do not hold:\n  ${problems.join("\n  ")}`);
}

/**
 * @param {string} text
 * @param {Tokenizer[]} tokenizers
 * @param {(text: string) => Estimate} estimate
 */
const measure = (text, tokenizers, estimate) => ({
  text,
  ...estimate(text),
  counts: tokenizers.map(({ count }) => count(text)),
});

/** The smallest, the median and the largest. @param {number[]} counts */
function summary(counts) {
  const sorted = counts.toSorted((one, other) => one - other);
  return [sorted[0], sorted[sorted.length >> 1], sorted[sorted.length - 1]];
}

/**
 * Tokens with a `low` above one. There must be none; then `low` holds for every text.
 * @param {Buffer[][]} vocabularies
 * @param {(text: string) => Estimate} estimate
 */
const tokensAboveOne = (vocabularies, estimate) =>
  vocabularies.flatMap((tokens) => tokens.flatMap(texts).filter((text) => estimate(text).low > 1));

/**
 * The text of a token. A character split between tokens belongs to the first of them: an incomplete character
 * at the end is completed in several ways, and continuation bytes at the start are dropped.
 * @param {Buffer} token
 */
function texts(token) {
  const isContinuation = (/** @type {number} */ byte) => (byte & 0xc0) === 0x80;
  const start = token.findIndex((byte) => !isContinuation(byte));
  if (start < 0) return [];
  const bytes = token.subarray(start);
  const last = bytes.findLastIndex((byte) => !isContinuation(byte));
  const lead = bytes[last];
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  const missing = length - (bytes.length - last);
  if (missing <= 0) return [bytes.toString()];
  return [0x80, 0x90, 0xa0, 0xbf].map((byte) =>
    Buffer.concat([bytes, Buffer.alloc(missing, byte)]).toString(),
  );
}

/** Checks the pairs in tokens.rs against the definition in their comment. @param {Buffer[][]} vocabularies */
function checkPairs(vocabularies) {
  const sets = vocabularies.map((tokens) => new Set(tokens.map((token) => token.toString("latin1"))));
  const everywhere = (/** @type {string} */ token) => sets.every((set) => set.has(token));
  const words = [...sets[0]].filter((token) => /^ [a-z]{3,}$/.test(token) && everywhere(token));
  /** @type {Map<string, number>} */
  const seen = new Map();
  for (const word of words) {
    for (let at = 1; at < word.length - 1; at++) {
      const pair = word.slice(at, at + 2);
      seen.set(pair, (seen.get(pair) ?? 0) + 1);
    }
  }
  const expected = [...seen].flatMap(([pair, times]) => (times >= 10 && everywhere(pair) ? [pair] : []));
  const rows = [...read("src/domain/tokens.rs").matchAll(/0x(\w{3}_\w{4}), \/\/ (\w): (\w+)/g)];
  const written = rows.flatMap(([, mask, first, seconds]) => {
    const bits = [...seconds].reduce((sum, second) => sum | (1 << (second.charCodeAt(0) - 97)), 0);
    if (parseInt(mask.replace("_", ""), 16) !== bits)
      throw new Problem(`The mask ${mask} does not match the pairs of ${first}.`);
    return [...seconds].map((second) => first + second);
  });
  if (written.sort().join() !== expected.sort().join() || !words.length) {
    throw new Problem(`The pairs of tokens.rs should be ${expected.length}: ${expected.join(" ")}.`);
  }
  for (const letter of "abcdefghijklmnopqrstuvwxyz") {
    for (const token of [` ${letter}`, ` ${letter.toUpperCase()}`]) {
      if (!everywhere(token)) throw new Problem(`"${token}" is not a token of all tokenizers.`);
    }
  }
}

/**
 * Random texts, the same in every run.
 * @param {{ texts: string[] }[]} corpus
 * @param {Buffer[][]} vocabularies
 */
function generated(corpus, vocabularies) {
  let seed = 1;
  const below = (/** @type {number} */ limit) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  /** @template T @param {ArrayLike<T>} list */
  const pick = (list) => list[below(list.length)];
  const several = (/** @type {number} */ most, /** @type {() => string} */ make) =>
    Array.from({ length: 1 + below(most) }, make).join("");

  const all = corpus.flatMap(({ texts }) => texts);
  const characters = Array.from(new Set(all.join("")));
  const whole = vocabularies.map((tokens) =>
    tokens.map((token) => token.toString()).filter((token) => !token.includes("\ufffd")),
  );
  const long = whole.map((tokens) =>
    tokens.toSorted((one, other) => other.length - one.length).slice(0, 3000),
  );
  const blocks = [0x20, 0x41, 0x61, 0xc0, 0x370, 0x400, 0x5d0, 0x620, 0x900, 0xe00, 0x1100, 0x2000, 0x2190];
  blocks.push(0x3000, 0x3040, 0x30a0, 0x4e00, 0x8000, 0xac00, 0xff00, 0x1d400, 0x1f300, 0x1f600, 0x20000);
  const slice = () => {
    const text = Array.from(pick(all));
    const start = below(text.length);
    return text.slice(start, start + 1 + below(40)).join("");
  };
  const severalOf = (/** @type {number} */ most, /** @type {string[]} */ list) =>
    several(most, () => pick(list));
  const severalFrom = (/** @type {number} */ block) =>
    several(60, () => String.fromCodePoint(block + below(80)));
  const kinds = [
    // Tokens of one tokenizer, any or its longest, which come closest to `low`.
    () => severalOf(40, pick(whole)),
    () => severalOf(40, pick(long)),
    () => pick(pick(long)).repeat(2 + below(30)),
    // Random characters, which come closest to `high`.
    () => several(60, () => pick(characters)),
    () => severalFrom(pick(blocks)),
    () => several(60, () => String.fromCodePoint(pick(blocks) + below(80))),
    () => several(80, () => pick("abcdefghijklmnopqrstuvwxyz ")),
    () => several(80, () => String.fromCharCode(0x20 + below(95))),
    // Concatenated pieces of the corpus.
    () => several(12, slice),
    () => several(12, () => `${slice()}${pick([" ", ", ", "\n", "' ", "’", "1", ""])}`),
  ];
  return kinds.flatMap((make) => Array.from({ length: 300 }, make));
}

/** @typedef {{ mean: number, median: number, ninetieth: number }} Errors */

/** Relative errors of `estimate`, in percent of the count. @param {[number, number][]} pairs @returns {Errors} */
function errors(pairs) {
  const sorted = pairs
    .map(([estimate, count]) => (100 * Math.abs(estimate - count)) / count)
    .sort((one, other) => one - other);
  const percentile = (/** @type {number} */ share) => Math.round(sorted[Math.floor(sorted.length * share)]);
  return {
    mean: Math.round(sorted.reduce((sum, error) => sum + error, 0) / sorted.length),
    median: percentile(0.5),
    ninetieth: percentile(0.9),
  };
}

/** @param {Row[]} rows */
function table(rows) {
  const names = [...new Set(rows.map(({ category }) => category)), "all"];
  return names.map((name) => {
    const own = rows.filter(({ category }) => name === "all" || category === name);
    const sum = (/** @type {(row: Row) => number} */ part) =>
      own.reduce((total, row) => total + part(row), 0);
    const errorsOf = (/** @type {boolean} */ heldOut) =>
      errors(
        own.filter((row) => row.heldOut === heldOut).map((row) => [row.estimate, summary(row.counts)[1]]),
      );
    return {
      name,
      texts: own.length,
      calibrated: errorsOf(false),
      heldOut: errorsOf(true),
      low: sum(({ low }) => low) / sum(({ counts }) => summary(counts)[0]),
      estimate: sum(({ estimate }) => estimate) / sum(({ counts }) => summary(counts)[1]),
      high: sum(({ high }) => high) / sum(({ counts }) => summary(counts)[2]),
    };
  });
}

/**
 * @param {Tokenizer[]} tokenizers
 * @param {Buffer[][]} vocabularies
 * @param {Row[]} rows
 * @param {number} fuzz
 */
function report(tokenizers, vocabularies, rows, fuzz) {
  const cells = (/** @type {Errors} */ { mean, median, ninetieth }) => `${mean} | ${median} | ${ninetieth}`;
  const totals = tokenizers.map(({ name, source }, index) => {
    const pairs = /** @type {[number, number][]} */ (rows.map((row) => [row.estimate, row.counts[index]]));
    const english = rows.flatMap((row) =>
      row.category.startsWith("english")
        ? [/** @type {[number, number]} */ ([row.estimate, row.counts[index]])]
        : [],
    );
    const size = vocabularies[index].length;
    return `| ${name} | ${source} | ${size} | ${cells(errors(english))} | ${cells(errors(pairs))} |`;
  });
  const categories = table(rows).map(
    ({ name, texts, calibrated, heldOut, low, estimate, high }) =>
      `| ${name} | ${texts} | ${cells(calibrated)} | ${cells(heldOut)} | ${low.toFixed(2)} | ${estimate.toFixed(2)} | ${high.toFixed(2)} |`,
  );
  const largest = Math.max(...rows.flatMap(({ counts }) => counts));
  return `# Accuracy of \`estimateTokens\`

Generated by \`node tools/calibrate.js\`; \`tests/tokens/main.rs\` compares the code with this report.

The vendor does not name its tokenizer, so nine public ones stand in for it. \`corpus.json\` has ${rows.length} texts of up
to ${largest} tokens; \`counts.json\` has the smallest, the median and the largest count of each. The weights of \`estimate\`
were fitted to every other text of each category; the rest was held out. There are three exceptions: the character
classes of the code were chosen with both halves in view; so were the weights of rare characters (Greek, Vietnamese,
dashes and quotes, symbols, repeated white space); and the texts of "english long" are composed of paragraphs that
both halves share.

## Bounds

- \`low\` never exceeds the smallest count, and \`high\` is never less than the largest, for the ${rows.length} texts and for
  ${fuzz} generated ones: tokens and longest tokens of one vocabulary concatenated or repeated, random characters of
  one or many scripts, concatenated pieces of the corpus.
- No token of the nine vocabularies has a \`low\` above one, and \`low\` of two concatenated texts never exceeds the
  sum. So \`low\` holds for every text and these nine tokenizers. (Claude's first normalizes to NFKC, which only the
  texts above test.)
- Every pair of letters that \`high\` relies on is a token of all nine.
- The bounds do not cover tokenizers with tokens across several words (SuperBPE), or those that drop unknown
  characters (T5, CLIP).

## By category

Errors of \`estimate\` against the median of the nine counts, in percent of the median: mean, median, 90th percentile.
Then the three numbers, each summed over the category: \`low\` over the smallest counts, \`estimate\` over the
medians, \`high\` over the largest.

| category | texts | calibration: mean | median | 90th | held out: mean | median | 90th | low | estimate | high |
|---|---|---|---|---|---|---|---|---|---|---|
${categories.join("\n")}

## By tokenizer

Errors of \`estimate\` against the count of each tokenizer, in percent of that count, for the English texts and for all.

| tokenizer | package | tokens | English: mean | median | 90th | all: mean | median | 90th |
|---|---|---|---|---|---|---|---|---|
${totals.join("\n")}
`;
}

if (isMain(import.meta.url)) await main(calibrate);
