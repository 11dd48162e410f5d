/** Reports progress that never decreases, and never exceeds the file. */
export class Progress {
  #report;
  #totalBytes;
  #sentBytes = -1;
  #fail;

  /**
   * @param {number} totalBytes
   * @param {((progress: import("../index.js").UploadProgress) => void) | undefined} report
   * @param {(error: unknown) => void} fail called with what `report` throws
   */
  constructor(totalBytes, report, fail) {
    this.#totalBytes = totalBytes;
    this.#report = report;
    this.#fail = fail;
  }

  get isReported() {
    return this.#report !== undefined;
  }

  /** @param {number} bytes */
  update(bytes) {
    const sentBytes = Math.min(Math.floor(bytes), this.#totalBytes);
    if (!(sentBytes > this.#sentBytes)) return;
    this.#sentBytes = sentBytes;
    try {
      const returned = /** @type {any} */ (this.#report?.({ sentBytes, totalBytes: this.#totalBytes }));
      // An async function that rejects ends the upload, like one that throws.
      returned?.then?.(undefined, this.#fail);
    } catch (error) {
      this.#fail(error);
    }
  }

  end() {
    this.update(this.#totalBytes);
  }
}
