// The kinds of files and their names.

/** @typedef {import("../../pkg/index.js").Tag["kind"]} Kind */
/** @typedef {"image_urls" | "video_urls" | "audio_urls"} FileField */
/** @typedef {{ kind: Kind, field: FileField, limit: "images" | "videos" | "audios", title: string, noun: string, word: string }} KindNames */

/** @type {readonly KindNames[]} */
export const kinds = [
  { kind: "image", field: "image_urls", limit: "images", title: "Images", noun: "image", word: "Image" },
  { kind: "video", field: "video_urls", limit: "videos", title: "Videos", noun: "video", word: "Video" },
  { kind: "audio", field: "audio_urls", limit: "audios", title: "Audio", noun: "audio file", word: "Audio" },
];

/** @param {Kind} kind */
export const namesOf = (kind) => /** @type {KindNames} */ (kinds.find((names) => names.kind === kind));

/** The tag of a file by its index from 0. @param {Kind} kind @param {number} index */
export const tagOf = (kind, index) => `@${namesOf(kind).word}${index + 1}`;
