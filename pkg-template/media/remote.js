// A file behind a URL: read by ranges, or as a stream where the server refuses them.
import { unlessAborted } from "../abort.js";
import { unreadable } from "./source.js";

/** The default time limit of a request, in milliseconds. */
const defaultTimeout = 30_000;
/** A stream is read up to here: more than any file may have. */
const maxStream = 64 * 1024 * 1024;

/**
 * @param {string} url
 * @param {import("../media.js").InspectOptions} options
 * @returns {Promise<import("./source.js").Source>}
 */
export async function openUrl(url, options) {
  const remote = new Remote(url, options);
  await remote.begin();
  return remote;
}

class Remote {
  size = Infinity;
  bytesRead = 0;
  #url;
  #fetch;
  #signal;
  #timeoutMs;
  #closing = new AbortController();
  /** The beginning of the file. */
  #first = new Uint8Array();
  /** @type {Stream | undefined} */
  #stream;

  /**
   * @param {string} url
   * @param {import("../media.js").InspectOptions} options
   */
  constructor(url, { fetch = globalThis.fetch, signal, requestTimeoutMs = defaultTimeout }) {
    this.#url = url;
    this.#fetch = fetch;
    this.#signal = signal;
    this.#timeoutMs = requestTimeoutMs;
  }

  /** The first read tells whether the server serves ranges, and how large the file is. */
  async begin() {
    await this.#request(0, 16 * 1024);
  }

  /** @param {number} start @param {number} length */
  async read(start, length) {
    const end = Math.min(start + length, this.size);
    if (!this.#stream && end > this.#first.length) {
      // What the first read brought, it brought already.
      const from = start < this.#first.length ? this.#first.length : start;
      const bytes = await this.#request(from, end - from);
      if (bytes && from === start) return bytes;
      if (bytes) {
        const whole = new Uint8Array(this.#first.length - start + bytes.length);
        whole.set(this.#first.subarray(start));
        whole.set(bytes, this.#first.length - start);
        return whole;
      }
    }
    if (this.#stream) return this.#fromStream(start, end);
    return this.#first.subarray(start, end);
  }

  /** @param {number} start @param {number} end */
  async #fromStream(start, end) {
    if (start < /** @type {Stream} */ (this.#stream).held) {
      // What was skipped is needed after all.
      this.close();
      this.#closing = new AbortController();
      this.#stream = undefined;
      await this.#request(0, 1);
    }
    const stream = this.#stream;
    if (!stream) throw unreadable("its server answers differently each time");
    const before = stream.position;
    const bytes = await this.#timed(stream.read(start, end));
    this.bytesRead += stream.position - before;
    if (stream.ended) this.size = stream.position;
    return bytes;
  }

  /**
   * The bytes of a range; `undefined` if there is a stream now.
   * @param {number} start
   * @param {number} length
   * @returns {Promise<Uint8Array | undefined>}
   */
  async #request(start, length) {
    const fetch = this.#fetch;
    const init = {
      headers: { Range: `bytes=${start}-${start + length - 1}` },
      signal: this.#closing.signal,
    };
    const response = await this.#timed((async () => fetch(this.#url, init))());
    if (typeof response?.headers?.get !== "function") throw unreadable("`fetch` returned no Response");
    const total = Number(/\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1] ?? NaN);
    if (response.status === 416) {
      this.size = Number.isNaN(total) ? start : total;
      return new Uint8Array();
    }
    if (!response.ok) throw unreadable(`its server answers with HTTP ${response.status}`);
    if (response.status !== 206) {
      const length = response.headers.has("content-encoding") ? null : response.headers.get("content-length");
      if (length !== null) this.size = Number(length);
      if (!response.body) throw unreadable("its server answers without a body");
      this.#stream = new Stream(response.body.getReader());
      return undefined;
    }
    const from = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1];
    if (from !== undefined && Number(from) !== start) throw unreadable("its server sends another range");
    if (!Number.isNaN(total)) this.size = total;
    const bytes = await this.#body(response, length);
    this.bytesRead += bytes.length;
    if (start === 0) this.#first = bytes;
    return bytes;
  }

  /**
   * At most `length` bytes of a body, whatever the server sends.
   * @param {Response} response
   * @param {number} length
   */
  async #body(response, length) {
    if (!response.body) return new Uint8Array(await this.#timed(response.arrayBuffer())).subarray(0, length);
    const reader = response.body.getReader();
    const bytes = await this.#timed(new Stream(reader).read(0, length));
    reader.cancel().catch(() => {});
    return bytes;
  }

  /**
   * @template T
   * @param {Promise<T>} work
   * @returns {Promise<T>}
   */
  async #timed(work) {
    /** @type {any} */
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(
        () => reject(unreadable(`its server did not answer within ${this.#timeoutMs} ms`)),
        this.#timeoutMs,
      );
    });
    try {
      return /** @type {T} */ (await unlessAborted(Promise.race([work, late]), this.#signal));
    } catch (cause) {
      work.catch(() => {});
      this.close();
      this.#signal?.throwIfAborted();
      if (/** @type {any} */ (cause)?.code === "file_unreachable") throw cause;
      throw unreadable("the network, DNS or TLS failed, or CORS does not allow this origin", cause);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A server of another origin may not tell the size with a range, but with `HEAD`. @param {number} size */
  async finalSize(size) {
    if (this.size !== Infinity) return this.size;
    if (size >= 0) return size;
    const fetch = this.#fetch;
    try {
      const response = await this.#timed((async () => fetch(this.#url, { method: "HEAD" }))());
      const length = response.headers.get("content-length");
      return response.ok && length !== null ? Number(length) : 0;
    } catch {
      this.#signal?.throwIfAborted();
      return 0;
    }
  }

  close() {
    this.#closing.abort();
  }
}

/** A stream that is read forward. What was skipped is not held. */
class Stream {
  /** Where the next chunk begins. */
  position = 0;
  /** The first byte that is still held. */
  held = 0;
  ended = false;
  #reader;
  /** @type {Uint8Array} */
  #rest = new Uint8Array();

  /** @param {ReadableStreamDefaultReader<Uint8Array>} reader */
  constructor(reader) {
    this.#reader = reader;
  }

  /** @param {number} start at or behind `held` @param {number} end */
  async read(start, end) {
    const bytes = new Uint8Array(Math.min(end - start, maxStream));
    let filled = 0;
    for (;;) {
      const from = start + filled - this.held;
      const part = this.#rest.subarray(from, from + bytes.length - filled);
      bytes.set(part, filled);
      filled += part.length;
      if (filled === bytes.length || this.ended || this.position > maxStream) break;
      const { done, value } = await this.#reader.read();
      if (done) this.ended = true;
      else {
        this.held = this.position;
        this.#rest = value;
        this.position += value.length;
      }
    }
    return bytes.subarray(0, filled);
  }
}
