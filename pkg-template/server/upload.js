// An upload of the page, forwarded as it arrives. Only the bytes, the name and the type of the file are taken from the
// form: other parts of it could name a place in the account's storage.
import { reading } from "./body.js";
import { Refusal } from "./refusal.js";

/** The head of a form with one part is never longer. */
const maxHeadBytes = 2048;

/** @typedef {ReadableStreamDefaultReader<Uint8Array>} Reader */

/**
 * The file of a form.
 * @param {Request} request
 * @param {number} maxBytes
 * @returns {Promise<{ stream: ReadableStream<Uint8Array>, bytes: number, name: string, mediaType: string }>}
 */
export async function fileOf(request, maxBytes) {
  const type = request.headers.get("content-type") ?? "";
  const boundary = /^multipart\/form-data;\s*boundary="?([\w'()+,./:=?-]{1,70})"?$/i.exec(type)?.[1];
  if (!boundary) throw new Refusal(415, "invalid_request", "The content type must be multipart/form-data.");
  const total = Number(request.headers.get("content-length") ?? NaN);
  if (!Number.isSafeInteger(total))
    throw new Refusal(411, "length_required", "An upload needs a Content-Length.");
  const reader = request.body?.getReader();
  if (!reader) throw malformed();
  const { head, rest } = await readHead(reader);
  const fields = new RegExp(`^--${boundary.replace(/[^\w]/g, "\\$&")}\r\n((?:[^\r\n]+\r\n)+)\r\n$`).exec(
    head,
  )?.[1];
  const disposition = /^content-disposition: form-data; name="file"(?:; filename="([^"\r\n]*)")?/im.exec(
    fields ?? "",
  );
  if (!fields || !disposition) throw malformed();
  const tail = new TextEncoder().encode(`\r\n--${boundary}--\r\n`);
  // The head has one byte per character.
  const bytes = total - head.length - tail.length;
  if (bytes < 0) throw malformed();
  if (bytes > maxBytes)
    throw new Refusal(
      413,
      "request_too_large",
      `The file has ${bytes} bytes, but at most ${maxBytes} are allowed.`,
    );
  return {
    stream: fileStream(reader, rest, bytes, tail),
    bytes,
    // As UTF-8, without a path.
    name: new TextDecoder()
      .decode(Uint8Array.from(disposition[1] ?? "", (character) => character.charCodeAt(0)))
      .replace(/^[^]*[/\\]|\p{Cc}/gu, "")
      .slice(-100),
    mediaType: /^content-type: *([\w.+-]+\/[\w.+-]+)/im.exec(fields)?.[1] ?? "",
  };
}

/** Reads up to the empty line. @param {Reader} reader */
const readHead = (reader) =>
  reading(reader, async (read) => {
    let head = "";
    for (;;) {
      const { done, value } = await read();
      if (done) throw malformed();
      const before = head.length;
      head += String.fromCharCode(...value.subarray(0, maxHeadBytes));
      const end = head.indexOf("\r\n\r\n");
      if (end >= 0) return { head: head.slice(0, end + 4), rest: value.subarray(end + 4 - before) };
      if (before + value.length >= maxHeadBytes) throw malformed();
    }
  });

/**
 * The bytes of the file. Fails if the form continues after them, or contains another part.
 * @param {Reader} reader
 * @param {Uint8Array} rest of the first chunk
 * @param {number} bytes
 * @param {Uint8Array} tail
 * @returns {ReadableStream<Uint8Array>}
 */
function fileStream(reader, rest, bytes, tail) {
  let left = bytes;
  let ended = 0;
  const hasDelimiter = delimiterSearch(tail.subarray(0, -"--\r\n".length));
  return new ReadableStream({
    pull: (controller) =>
      reading(reader, async (read) => {
        for (let chunk = rest; ;) {
          rest = new Uint8Array();
          const inFile = chunk.subarray(0, left);
          left -= inFile.length;
          for (const byte of chunk.subarray(inFile.length)) if (byte !== tail[ended++]) throw malformed();
          if (hasDelimiter(inFile)) throw malformed();
          if (inFile.length > 0) return controller.enqueue(inFile);
          const { done, value } = await read();
          if (!done) chunk = value;
          else if (left > 0 || ended !== tail.length) throw malformed();
          else return controller.close();
        }
      }),
    cancel: (reason) => reader.cancel(reason),
  });
}

/**
 * Whether a delimiter is in the chunks so far. It may begin in one and end in another.
 * @param {Uint8Array} delimiter whose first byte it has only once
 */
function delimiterSearch(delimiter) {
  // The head ended with a line.
  let matched = "\r\n".length;
  return (/** @type {Uint8Array} */ chunk) => {
    for (let index = 0; index < chunk.length;) {
      if (matched === 0 && (index = chunk.indexOf(delimiter[0], index)) < 0) return false;
      if (chunk[index] === delimiter[matched]) {
        index++;
        if (++matched === delimiter.length) return true;
      } else matched = 0;
    }
    return false;
  };
}

const malformed = () => new Refusal(400, "invalid_request", "The form must have one part, the file.");
