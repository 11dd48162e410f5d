// A file behind a URL: read with range requests, or as a stream if the server does not support them.
import { unlessAborted } from "../abort.js";
import { unreadable } from "./source.js";

/** The default time limit of a request, in milliseconds. */
const defaultTimeout = 30_000;
/** The most bytes to read of a stream: more than any valid file has. */
const maxStream = 64 * 1024 * 1024;
/** Bytes of the first request. */
const firstRead = 16 * 1024;

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

/**
 * A server's data counts as bytes of the file only while it agrees with the server's headers. Otherwise, a faulty
 * server would make a file seem damaged.
 */
class Remote {
  isLocal = false;
  size = Infinity;
  bytesRead = 0;
  #url;
  #fetch;
  #signal;
  #timeoutMs;
  #closing = new AbortController();
  /** The beginning of the file. @type {Uint8Array} */
  #first = new Uint8Array();
  /** @type {Stream | undefined} */
  #stream;
  /** The `ETag`, or the date, of the first response that has one. @type {string | null | undefined} */
  #version;
  #askedSize = false;

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
    await this.#request(0, firstRead);
  }

  /** @param {number} start @param {number} length */
  async read(start, length) {
    const end = Math.min(start + length, this.size);
    if (!this.#stream && end > this.#first.length) {
      // The first read already returned these bytes.
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
      // Skipped bytes are needed after all.
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
    if (stream.ended || stream.position > this.size) this.#setSize(stream.position);
    else if (bytes.length < end - start)
      throw unreadable(
        "its server does not support range requests, and it is too long to be read completely",
      );
    return bytes;
  }

  /**
   * The bytes of a range, empty beyond the end of the file; `undefined` if there is a stream now.
   * @param {number} start
   * @param {number} length
   * @param {Record<string, string>} [headers]
   * @returns {Promise<Uint8Array | undefined>}
   */
  async #request(start, length, headers = { Range: `bytes=${start}-${start + length - 1}` }) {
    const response = await this.#send({ headers, signal: this.#closing.signal });
    const range = response.headers.get("content-range") ?? "";
    const total = Number(/\/(\d+)$/.exec(range)?.[1] ?? NaN);
    if (response.status === 416 && headers.Range) {
      // Some servers refuse every range.
      if (start === 0 && total !== 0) return this.#request(0, length, {});
      this.#setSize(start);
      return new Uint8Array();
    }
    if (!response.ok) throw unreadable(`its server answers with HTTP ${response.status}`);
    const version = response.headers.get("etag") ?? response.headers.get("last-modified");
    this.#version ??= version;
    if (version && version !== this.#version) throw unreadable("it changed while it was read");
    if (response.status !== 206) {
      this.#setSize(lengthOf(response));
      if (!response.body) throw unreadable("its server answers without a body");
      this.#stream = new Stream(response.body.getReader());
      return undefined;
    }
    // A server of another origin may not let scripts read which range it sends.
    const [from, to] = /^bytes (\d+)-(\d+)/.exec(range)?.slice(1).map(Number) ?? [start, Infinity];
    if (from !== start) throw unreadable("its server sends a different range");
    this.#setSize(total);
    const announced = Math.min(to + 1, this.size) - start;
    const bytes = await this.#body(response, Math.min(length, announced + 1));
    this.bytesRead += bytes.length;
    if (start === 0) this.#first = bytes;
    if (this.size === Infinity) await this.#askSize(bytes.length);
    const end = start + bytes.length;
    if (bytes.length > announced || (bytes.length < length && end < this.size)) this.#setSize(end);
    return bytes;
  }

  /** @param {RequestInit} init @returns {Promise<Response>} */
  async #send(init) {
    const fetch = this.#fetch;
    const response = await this.#timed((async () => fetch(this.#url, init))());
    if (typeof response?.headers?.get !== "function") throw unreadable("`fetch` returned no Response");
    return response;
  }

  /** Takes the size of the file, of which the server must always say the same. `NaN` if it says none. @param {number} size */
  #setSize(size) {
    if (this.size !== Infinity && size >= 0 && this.size !== size)
      throw unreadable("its server sends more or fewer bytes than it announces");
    if (size >= 0) this.size = size;
  }

  /** A server of another origin may not tell the size with a range, but with `HEAD`. @param {number} least */
  async #askSize(least) {
    if (this.#askedSize) return;
    this.#askedSize = true;
    try {
      const response = await this.#send({ method: "HEAD", signal: this.#closing.signal });
      const size = response.ok ? lengthOf(response) : NaN;
      if (size >= least) this.size = size;
    } catch {
      this.#signal?.throwIfAborted();
      this.#closing = new AbortController();
    }
  }

  /**
   * At most `length` bytes of a body, however many the server sends.
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
      throw unreadable("the network, DNS or TLS failed, or CORS forbids it", cause);
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {number} size */
  async finalSize(size) {
    return this.size === Infinity ? Math.max(size, 0) : this.size;
  }

  close() {
    this.#closing.abort();
  }
}

/** The length that a response states of the file; `NaN` if it states none, or that of compressed bytes. @param {Response} response */
const lengthOf = ({ headers }) =>
  headers.has("content-encoding") ? NaN : Number(headers.get("content-length") ?? NaN);

/** A stream that is only read forward. Skipped bytes are not kept. */
class Stream {
  /** Where the next chunk begins. */
  position = 0;
  /** The first byte that is still in memory. */
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
