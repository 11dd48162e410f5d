// The rules of `validate` in handwritten JavaScript, to compare with WebAssembly.
// Frozen on 2026-11-27, with the rules of that day. It is a subject of the bench, not a second set of rules: it is
// not updated with the tables, and nothing but the bench may use it.
import { wordings } from "./wordings.js";

/** @typedef {"image" | "video" | "audio"} Kind */
/** @typedef {{ kind: Kind, index: number, text: string, start: number, end: number, role: string | null }} Tag */
/** @typedef {{ severity: string, code: string, path: (string | number)[], message: string, [more: string]: unknown }} Issue */
/** @typedef {Record<string, unknown>} Request */

/** @type {Record<Kind, { field: string, word: string, max: number, formats: string[] }>} */
const kinds = {
  image: {
    field: "image_urls",
    word: "Image",
    max: 9,
    formats: ["jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff", "gif"],
  },
  video: { field: "video_urls", word: "Video", max: 3, formats: ["mp4", "mov"] },
  audio: { field: "audio_urls", word: "Audio", max: 3, formats: ["mp3", "wav"] },
};
const kindNames = /** @type {Kind[]} */ (Object.keys(kinds));
const media = new Set([
  ...kindNames.flatMap((kind) => kinds[kind].formats),
  ..."heic heif avif svg ico psd raw avi mkv webm flv wmv m4v mpg mpeg 3gp ogg oga flac aac m4a opus".split(
    " ",
  ),
]);
const qualities = ["480p", "720p", "1080p"];
const ratios = ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "adaptive"];
const families = ["text-to-video", "image-to-video", "reference-to-video"];
/** @type {Map<string, { family: string, qualities: string[] }>} */
const models = new Map([["seedance-2.0", { family: "all", qualities }]]);
for (const family of families) {
  models.set(`seedance-2.0-${family}`, { family, qualities });
  for (const size of ["fast", "mini"])
    models.set(`seedance-2.0-${size}-${family}`, { family, qualities: qualities.slice(0, 2) });
}
/** @type {Record<string, string>} */
const otherNames = {
  model: "modelid|modelname",
  prompt: "text|description|textprompt",
  image_urls:
    "image|images|imageurl|imagelist|inputimage|inputimages|firstframe|firstframeurl|startimage|imageurls",
  video_urls: "video|videos|videourl|inputvideo|inputvideos|videourls",
  audio_urls: "audios|audiourl|inputaudio|inputaudios|audiourls",
  duration: "length|seconds|videolength|videoduration|durationseconds",
  quality: "resolution|videoquality",
  aspect_ratio: "ratio|aspect|aspectratio",
  generate_audio: "audio|sound|withaudio|enableaudio|audioenabled|generateaudio",
  callback_url: "callback|callbackuri|webhook|webhookurl|callbackurl",
};
const fields = new Set(Object.keys(otherNames));
const newerFields = new Set(["model_params", "content_filter"]);

/** @param {unknown} input */
export function validate(input) {
  /** @type {Issue[]} */
  const issues = [];
  /** @type {Report} */
  const add = (severity, code, path, message, more) =>
    void issues.push({ severity, code, path, message, ...more });
  const done = (/** @type {string | null} */ mode, /** @type {Tag[]} */ tags) => {
    const errors = issues.filter(({ severity }) => severity === "error");
    const warnings = issues.filter(({ severity }) => severity === "warning");
    return errors.length > 0
      ? { valid: false, errors, mode, tags, warnings }
      : { valid: true, request: structuredCopy(input), mode, tags, warnings };
  };
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    add("error", "invalid_type", [], "The request must be an object.");
    return done(null, []);
  }
  const request = /** @type {Request} */ (input);
  const mode = detectMode(request);
  const { prompt } = request;
  const tags = typeof prompt === "string" ? parseTags(prompt) : [];
  checkModel(request, mode, add);
  if (checkText("prompt", prompt, add)) checkPrompt(/** @type {string} */ (prompt), request, mode, tags, add);
  checkFiles(request, add);
  checkSettings(request, add);
  checkFields(request, add);
  return done(mode, tags);
}

/** @typedef {(severity: "error" | "warning", code: string, path: (string | number)[], message: string, more?: object) => void} Report */

/** @param {any} value @returns {any} */
function structuredCopy(value) {
  if (Array.isArray(value)) return value.map(structuredCopy);
  if (typeof value !== "object" || value === null) return value;
  /** @type {Request} */
  const copy = {};
  for (const name of Object.keys(value)) {
    if (value[name] !== undefined) copy[name] = structuredCopy(value[name]);
  }
  return copy;
}

/** @param {Request} request @param {Kind} kind */
const count = (request, kind) => {
  const list = request[kinds[kind].field];
  return Array.isArray(list) ? list.length : 0;
};

/** @param {Request} request */
function detectMode(request) {
  for (const kind of kindNames) {
    const list = request[kinds[kind].field];
    if (list !== undefined && !Array.isArray(list)) return null;
  }
  const [images, videos, audios] = kindNames.map((kind) => count(request, kind));
  if (images + videos + audios === 0) return "text-to-video";
  if (videos + audios > 0 || images > 2) return "multimodal";
  return images === 1 ? "image-to-video" : "first-last-frame";
}

/** @param {string} field @param {unknown} value @param {Report} add */
function checkText(field, value, add) {
  if (value === undefined) add("error", "required", [field], `\`${field}\` is missing.`);
  else if (typeof value !== "string")
    add("error", "invalid_type", [field], `\`${field}\` must be a string, but it is ${value}.`);
  else if (!value.trim()) add("error", "blank", [field], `\`${field}\` is blank.`);
  else return true;
  return false;
}

/** @param {Request} request @param {string | null} mode @param {Report} add */
function checkModel(request, mode, add) {
  if (!checkText("model", request.model, add)) return;
  const id = /** @type {string} */ (request.model);
  const model = models.get(id);
  if (!model) return add("warning", "unknown_model", ["model"], `The model ${id} is not known.`);
  const allowed =
    model.family === "all" ||
    mode === null ||
    (model.family === "text-to-video" && mode === "text-to-video") ||
    (model.family === "image-to-video" && (mode === "image-to-video" || mode === "first-last-frame")) ||
    (model.family === "reference-to-video" &&
      (mode === "text-to-video" || mode === "multimodal") &&
      !isAudioAlone(request));
  if (!allowed) {
    const missing = model.family === "image-to-video" && mode === "text-to-video";
    add("error", "model_input", [missing ? "image_urls" : "model"], `\`${id}\` does not take these inputs.`);
  }
  const quality = /** @type {string} */ (request.quality);
  if (qualities.includes(quality) && !model.qualities.includes(quality))
    add("error", "unknown_value", ["quality"], `\`${id}\` does not render ${quality}.`);
}

/** @param {Request} request */
const isAudioAlone = (request) =>
  count(request, "audio") > 0 && count(request, "image") + count(request, "video") === 0;

/** @param {string} prompt @param {Request} request @param {string | null} mode @param {Tag[]} tags @param {Report} add */
function checkPrompt(prompt, request, mode, tags, add) {
  const { low, estimate } = estimateTokens(prompt);
  if (estimate > 2000) {
    const message = `\`prompt\` has about ${estimate} tokens, and at most 2000 are allowed.`;
    add(low > 2000 ? "error" : "warning", "too_long", ["prompt"], message, { limit: 2000, actual: estimate });
  }
  for (const { kind, index, text, start, end } of tags) {
    const given = count(request, kind);
    if (index > given) {
      const message = `\`${text}\` stands in the prompt, but \`${kinds[kind].field}\` has ${given}.`;
      add("error", "tag_without_asset", ["prompt"], message, { span: [start, end] });
    }
  }
  checkSlips(prompt, tags, add);
  checkRoles(tags, mode, add);
  if (mode === "multimodal" && tags.length > 0) {
    for (const kind of kindNames) {
      for (let index = 0; index < Math.min(count(request, kind), kinds[kind].max); index++) {
        if (!tags.some((tag) => tag.kind === kind && tag.index === index + 1)) {
          const { field } = kinds[kind];
          add("warning", "asset_without_tag", [field, index], `No tag names \`${field}[${index}]\`.`);
        }
      }
    }
  }
  checkDialogue(prompt, request.generate_audio === false, add);
}

const slip =
  /(?<![A-Za-z0-9_])(?:[@＠] ?(?:(images|image|img|picture|photo|pic|bild|imagen|foto|图片|图像|照片|图)|(videos|video|vid|clip|视频)|(?:audios|audio|aud|sound|music|音频|音乐|声音))[ _\-#]?([0-9０-９]+)(?![A-Za-z0-9_])|[@＠] ?(?:(image)|(video)|audio)(?![A-Za-z0-9_])|[[【][@＠]? ?(?:(images|image|img|picture|photo|pic|bild|imagen|foto|图片|图像|照片|图)|(videos|video|vid|clip|视频)|(?:audios|audio|aud|sound|music|音频|音乐|声音))[ _\-#]?([0-9０-９]+)[\]】])/gi;

/** @param {string} prompt @param {Tag[]} tags @param {Report} add */
function checkSlips(prompt, tags, add) {
  for (const match of prompt.matchAll(slip)) {
    const [text, image, video, number, bareImage, bareVideo, boxedImage, boxedVideo, boxed] = match;
    if (tags.some(({ start }) => start === match.index)) continue;
    /** @type {Kind} */
    const kind =
      image || bareImage || boxedImage ? "image" : video || bareVideo || boxedVideo ? "video" : "audio";
    const { word, max } = kinds[kind];
    const digits = number ?? boxed;
    const index = digits === undefined ? undefined : Number(digits.normalize("NFKC"));
    const span = [match.index, match.index + text.length];
    if (new RegExp(`^@${word}[0-9]+$`).test(text) && index !== undefined && !(index >= 1 && index <= max))
      add("error", "tag_out_of_range", ["prompt"], `\`${text}\` cannot refer to a file.`, { span });
    else add("warning", "misspelled_tag", ["prompt"], `\`${text}\` is not a tag.`, { span });
  }
}

/** @param {Tag[]} tags @param {string | null} mode @param {Report} add */
function checkRoles(tags, mode, add) {
  for (const role of ["first-frame", "last-frame"]) {
    const [one, ...others] = tags.filter((tag) => tag.role === role);
    const other = others.find((tag) => tag.index !== one.index);
    if (other)
      add(
        "warning",
        "role_conflict",
        ["prompt"],
        `\`${one.text}\` and \`${other.text}\` both claim ${role}.`,
      );
  }
  for (const { kind, index, role, text } of tags) {
    if (kind !== "image" || role === null) continue;
    const isFrame = role === "first-frame" || role === "last-frame";
    const ignored =
      (mode === "image-to-video" && index === 1 && role !== "first-frame") ||
      (mode === "first-last-frame" && index <= 2 && role !== (index === 1 ? "first-frame" : "last-frame")) ||
      (mode === "multimodal" && index >= 3 && isFrame);
    if (ignored) add("warning", "role_ignored", ["prompt"], `\`${text}\` asks for the role ${role}.`);
  }
}

/** @param {string} words with "*" for any ending */
const anyOf = (words) =>
  words
    .split("|")
    .map((word) => {
      if (!/^[ -~]+$/.test(word)) return word;
      return word.endsWith("*") ? `(?<![a-z])${word.slice(0, -1)}` : `(?<![a-z])${word}s?(?![a-z])`;
    })
    .join("|");

const speech = new RegExp(
  anyOf(
    "say*|said|ask*|shout*|whisper*|yell*|repl*|answer*|speak*|spoke|tell*|told|sing*|narrat*|voice*|dialog*|说|道|喊|问|唱|旁白|对白|台词|配音",
  ),
  "gi",
);
const writing = new RegExp(
  anyOf(
    "sign*|text|title*|label*|caption*|read|reading|writ*|word*|letter*|logo|named|called|写|字|标|牌|题|海报",
  ),
  "gi",
);
/** @param {string} text @param {RegExp} words */
const lastOf = (text, words) => [...text.matchAll(words)].at(-1)?.index ?? -1;

const closing = /** @type {Record<string, string>} */ ({ '"': '"', "“": "”", "「": "」" });

/** @param {string} prompt @param {boolean} silent @param {Report} add */
function checkDialogue(prompt, silent, add) {
  let open = -1;
  let wanted = "";
  let told = false;
  for (let at = 0; at < prompt.length; at++) {
    const character = prompt[at];
    if (open < 0) {
      if (!(character in closing) || (character === '"' && /[0-9]/.test(prompt[at - 1] ?? ""))) continue;
      open = at;
      wanted = closing[character];
    } else if (character === wanted) {
      if (silent && !told && isSpeech(prompt.slice(0, open), prompt.slice(at + 1))) {
        add("warning", "silent_dialogue", ["prompt"], "`prompt` has quoted speech.", {
          span: [open, at + 1],
        });
        told = true;
      }
      open = -1;
    }
  }
  if (open >= 0)
    add("warning", "unclosed_quote", ["prompt"], "A quote is not closed.", { span: [open, open + 1] });
}

/** @param {string} before @param {string} after */
function isSpeech(before, after) {
  const [pause] = /[ ,:，：]*$/.exec(before) ?? [""];
  const lead = clauseEnd(before.slice(0, before.length - pause.length));
  const [said, written] = [lastOf(lead, speech), lastOf(lead, writing)];
  if (written < 0 && said < 0)
    return /[:：]/.test(pause) || lastOf(clauseStart(after.replace(/^[ ,:，：]+/, "")), speech) >= 0;
  return said > written;
}

/** @param {Request} request @param {Report} add */
function checkFiles(request, add) {
  let total = 0;
  for (const kind of kindNames) {
    const { field, max, formats } = kinds[kind];
    const list = request[field];
    if (list === undefined) continue;
    if (!Array.isArray(list)) {
      add("error", "invalid_type", [field], `\`${field}\` must be an array of URLs.`);
      continue;
    }
    total += list.length;
    if (list.length > max) add("error", "too_many", [field], `\`${field}\` has ${list.length} ${kind}s.`);
    for (const [index, value] of list.entries()) {
      const path = [field, index];
      if (typeof value === "string" && list.indexOf(value) < index)
        add("warning", "duplicate_url", path, `\`${field}[${index}]\` is there twice.`);
      const url = checkUrl(path, value, add);
      if (!url) continue;
      if (url.protocol === "http:")
        add("warning", "insecure_url", path, `\`${value}\` is not encrypted.`, { actual: value });
      const ending = /[^/]\.([^./]+)$/.exec(url.pathname)?.[1].toLowerCase();
      if (ending && media.has(ending) && !formats.includes(ending))
        add("error", "unsupported_format", path, `\`${value}\` ends in .${ending}.`, { limit: formats });
    }
  }
  if (isAudioAlone(request))
    add("warning", "audio_alone", ["audio_urls"], "`audio_urls` is used without an image or a video.");
  if (total > 12) add("error", "too_many", [], `The request has ${total} files.`);
  const callback = request.callback_url;
  if (callback === undefined) return;
  if (typeof callback === "string" && callback.length > 2048)
    add("error", "too_long", ["callback_url"], `\`callback_url\` has ${callback.length} characters.`);
  if (checkUrl(["callback_url"], callback, add)?.protocol === "http:")
    add("error", "insecure_url", ["callback_url"], "`callback_url` must be https.");
}

/** @param {(string | number)[]} path @param {unknown} value @param {Report} add */
function checkUrl(path, value, add) {
  if (typeof value !== "string") {
    add("error", "invalid_type", path, `${path} must be a string with a URL.`);
    return undefined;
  }
  if (/[\s\p{Cc}]/u.test(value) || !/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || !URL.canParse(value)) {
    add("error", "invalid_url", path, `${path} is not an absolute URL: ${value}`, { actual: value });
    return undefined;
  }
  const url = new URL(value);
  if (!/^https?:$/.test(url.protocol) || url.username || url.password) {
    add("error", "invalid_url", path, `${path} is not a plain https URL: ${value}`, { actual: value });
    return undefined;
  }
  if (isUnreachable(url.hostname)) {
    add("error", "unreachable_url", path, `${path} cannot be reached: ${value}`, { actual: value });
    return undefined;
  }
  return url;
}

/** @param {string} host as `URL` spells it: addresses in their usual form */
function isUnreachable(host) {
  const v4 = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host);
  if (v4) {
    const [a, b, c] = v4.slice(1).map(Number);
    return (
      [0, 10, 127].includes(a) ||
      a >= 224 ||
      (a === 100 && b >= 64 && b < 128) ||
      (a === 169 && b === 254) ||
      (a === 172 && b >= 16 && b < 32) ||
      (a === 192 && (b === 168 || (b === 0 && (c === 0 || c === 2)) || (b === 88 && c === 99))) ||
      (a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100))) ||
      (a === 203 && b === 0 && c === 113)
    );
  }
  // Only 2000::/3 is allocated.
  if (host.startsWith("[")) return !/^\[[23]/.test(host) || /^\[(2001:(0|1..|db8)?:|2002:|3fff:)/.test(host);
  const labels = host.replace(/\.$/, "").split(".");
  const last = labels[labels.length - 1];
  return (
    labels.length === 1 ||
    ["localhost", "local", "internal", "localdomain", "lan", "intranet", "home", "corp"].includes(last) ||
    (last === "arpa" && labels[labels.length - 2] === "home")
  );
}

/** @param {Request} request @param {Report} add */
function checkSettings({ duration, quality, aspect_ratio, generate_audio }, add) {
  if (duration !== undefined) {
    if (!Number.isInteger(duration)) add("error", "invalid_type", ["duration"], "Must be a whole number.");
    else if (Number(duration) < 4 || Number(duration) > 15)
      add("error", "out_of_range", ["duration"], `Must be from 4 to 15 seconds, but it is ${duration}.`);
  }
  checkChoice("quality", quality, qualities, add);
  checkChoice("aspect_ratio", aspect_ratio, ratios, add);
  if (generate_audio !== undefined && typeof generate_audio !== "boolean")
    add("error", "invalid_type", ["generate_audio"], "`generate_audio` must be true or false.");
}

/** @param {string} field @param {unknown} value @param {string[]} values @param {Report} add */
function checkChoice(field, value, values, add) {
  if (value === undefined) return;
  if (typeof value !== "string") add("error", "invalid_type", [field], `\`${field}\` must be a string.`);
  else if (!values.includes(value))
    add("error", "unknown_value", [field], `\`${field}\` must be one of ${values}, but it is ${value}.`);
}

/** @param {Request} request @param {Report} add */
function checkFields(request, add) {
  for (const [name, value] of Object.entries(request)) {
    if (fields.has(name) || newerFields.has(name) || value === undefined) continue;
    const meant = meantBy(name);
    if (meant)
      add(
        "error",
        "misspelled_field",
        [name],
        `The API does not know \`${name}\`: did you mean \`${meant}\`?`,
      );
    else if (!isJson(value)) add("error", "invalid_type", [name], `\`${name}\` cannot be sent as JSON.`);
    else add("warning", "unknown_field", [name], `The API does not name a field \`${name}\`.`);
  }
}

/** @param {string} name */
function meantBy(name) {
  const plain = name.replace(/[^A-Za-z0-9]/g, "").toLowerCase();
  for (const [field, others] of Object.entries(otherNames)) {
    if (plain === field.replace("_", "") || others.split("|").includes(plain)) return field;
  }
  return [...fields].find((field) => distance(field, name) <= (field.length > 6 ? 2 : 1));
}

/** @param {string} one @param {string} other */
function distance(one, other) {
  if (Math.abs(one.length - other.length) > 2) return 9;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 0; i < one.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++) {
      next.push(Math.min(row[j] + Number(one[i] !== other[j]), row[j + 1] + 1, next[j] + 1));
    }
    row = next;
  }
  return row[other.length];
}

/** @param {any} value @returns {boolean} */
function isJson(value) {
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value === "object" && value !== null) return Object.values(value).every(isJson);
  return value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
}

const tag =
  /(?<=^|[^A-Za-z0-9_]|@(?:Image[1-9]|Video[1-3]|Audio[1-3]))@(?:Image([1-9])|Video([1-3])|Audio([1-3]))(?![A-Za-z0-9_])/g;
const ends = /[,.;!?\n\r，。；！？]/;
const reach = 48;
const listing = new Set([",", "and", ", and", "&", "+", "/", "vs", "和", "与", "及", "、", "，"]);
const leading = new Set(["to", "into", "->", "→", "to the", "到", "变成", "过渡到", "变为"]);
const negation = new RegExp(
  anyOf("not|don't|doesn't|isn't|never|without|ignore|instead of|no|不要|别|不是|不用|而不是|忽略|无需"),
);
const both = /first and last|start and end|首尾帧|首帧和尾帧/;

/** By kind: the roles, each with its wordings before and after a tag. */
const roles = kindNames.map((kind) => ({
  kind,
  before: patterns(kind, "after"),
  after: patterns(kind, "before"),
}));

/** @param {Kind} kind @param {"before" | "after"} notOn */
function patterns(kind, notOn) {
  return wordings
    .filter(([of, , side]) => of === kind && side !== notOn)
    .map(([, role, , words]) => ({ role, pattern: new RegExp(anyOf(words), "g") }));
}

/** @param {string} prompt @returns {Tag[]} */
export function parseTags(prompt) {
  /** @type {Tag[]} */
  const tags = [];
  for (const match of prompt.matchAll(tag)) {
    const [text, image, video] = match;
    const start = match.index;
    const kind = image ? "image" : video ? "video" : "audio";
    tags.push({ kind, index: Number(text.at(-1)), text, start, end: start + text.length, role: null });
  }
  if (tags.length > 0) assignRoles(prompt, tags);
  return tags;
}

/** @param {string} prompt @param {Tag[]} tags */
function assignRoles(prompt, tags) {
  const text = prompt
    .replace(
      /"[^"\n]*"|“[^”\n]*”|「[^」\n]*」/g,
      (quote) => quote[0] + " ".repeat(quote.length - 2) + quote.at(-1),
    )
    .toLowerCase();
  const between = (/** @type {number} */ at) => text.slice(tags[at - 1].end, tags[at].start).trim();
  for (let from = 0, to; from < tags.length; from = to) {
    to = from + 1;
    while (to < tags.length && tags[to].kind === tags[from].kind && listing.has(between(to))) to++;
    let before = clauseEnd(text.slice(from > 0 ? tags[from - 1].end : 0, tags[from].start));
    if (from > 0)
      before = before.slice(before.lastIndexOf(" and ") < 0 ? 0 : before.lastIndexOf(" and ") + 5);
    const after = clauseStart(text.slice(tags[to - 1].end, tags[to]?.start));
    const quoted = text[tags[from].start] === " ";
    /** @type {string | null} */
    let role = quoted ? null : nearest(tags[from].kind, before, after);
    if (!role && from > 0 && tags[from - 1].role === "first-frame" && leading.has(between(from)))
      role = "last-frame";
    for (let at = from; at < to; at++) tags[at].role = role;
    if (to - from === 2 && tags[from].kind === "image" && (both.test(before) || both.test(after))) {
      tags[from].role = "first-frame";
      tags[from + 1].role = "last-frame";
    }
  }
}

/** @param {Kind} kind @param {string} before @param {string} after */
function nearest(kind, before, after) {
  if (!before.trim() && !after.trim()) return null;
  const of = /** @type {typeof roles[number]} */ (roles.find((role) => role.kind === kind));
  /** @type {string | null} */
  let best = null;
  let least = Infinity;
  let longest = 0;
  const offer = (/** @type {string} */ role, /** @type {number} */ far, /** @type {number} */ length) => {
    if (far > least || (far === least && length <= longest)) return;
    [best, least, longest] = [role, far, length];
  };
  for (const { role, pattern } of of.after) {
    pattern.lastIndex = 0;
    const found = pattern.exec(after);
    if (found) offer(role, found.index, found[0].length);
  }
  for (const { role, pattern } of of.before) {
    for (const found of before.matchAll(pattern))
      offer(role, before.length - found.index - found[0].length + 1, found[0].length);
  }
  return best && !negation.test(before) && !negation.test(after) ? best : null;
}

/** @param {string} text */
function clauseStart(text) {
  const near = text.slice(0, reach);
  const end = near.search(ends);
  return end < 0 ? near : near.slice(0, end);
}

/** @param {string} text */
function clauseEnd(text) {
  const near = text.slice(-reach);
  for (let at = near.length - 1; at >= 0; at--) {
    if (ends.test(near[at])) return near.slice(at + 1);
  }
  return near;
}

/** Words, marks and digits weighed as English has them; a character of any other script counts as one. @param {string} prompt */
function estimateTokens(prompt) {
  let low = 0;
  let estimate = 0;
  for (const [part] of prompt.matchAll(/[A-Za-z']+|[0-9]+|\s+|[^A-Za-z'0-9\s]/gu)) {
    if (/^[A-Za-z']/.test(part)) {
      low += Math.ceil(part.length / 128);
      estimate += 1 + Math.max(0, part.length - 7) / 4;
    } else if (/^[0-9]/.test(part)) {
      low += Math.ceil(part.length / 32);
      estimate += 0.87 + 0.33 * part.length;
    } else if (/^[,.!?:;]/.test(part)) {
      low += 1;
      estimate += 1;
    } else if (!/^\s/.test(part)) estimate += 1;
  }
  return { low, estimate: Math.round(Math.max(low, estimate)) };
}
