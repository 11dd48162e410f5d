/** Media types by extension: those that the vendor's client uploads [client]. */
/** @type {Record<string, string>} */
const typesByExtension = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  gif: "image/gif",
  webp: "image/webp",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  mp4: "video/mp4",
  mov: "video/quicktime",
};

/** The first bytes of formats, as Latin-1; `.` is any byte. */
/** @type {[RegExp, type: string][]} */
const signatures = [
  [/^\xff\xd8\xff/, "image/jpeg"],
  [/^\x89PNG/, "image/png"],
  [/^GIF8/, "image/gif"],
  [/^RIFF....WEBP/s, "image/webp"],
  [/^RIFF....WAVE/s, "audio/wav"],
  [/^(ID3|\xff[\xe0-\xff])/, "audio/mpeg"],
  [/^....ftypqt/s, "video/quicktime"],
  [/^....ftyp/s, "video/mp4"],
];

/** [doc] Images; [client] every kind of audio and video. */
const accepted = /^(image\/(jpeg|png|gif|webp)|audio\/.+|video\/.+)$/;

/** @param {string} type */
export const isAccepted = (type) => accepted.test(type);

/**
 * The media type of a file: as declared, else by its content, else by its name.
 *
 * @param {string | null} declared
 * @param {Uint8Array} bytes
 * @param {string} name
 */
export function fileType(declared, bytes, name) {
  const type = declared?.split(";")[0].trim().toLowerCase() ?? "";
  if (type !== "" && type !== "application/octet-stream") return type;
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1].toLowerCase() ?? "";
  return (
    signatures.find(([pattern]) => pattern.test(start))?.[1] ??
    typesByExtension[extension] ??
    "application/octet-stream"
  );
}

/**
 * @param {string} type
 * @returns {string} with a dot, or `""`
 */
export function extensionOf(type) {
  const found = Object.entries(typesByExtension).find(([, each]) => each === type);
  return found === undefined ? "" : `.${found[0]}`;
}
