// Work that waits until the browser has drawn.

export class AfterFrame {
  #work;
  /** @type {number | undefined} */
  #frame;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => void} work */
  constructor(work) {
    this.#work = work;
  }

  /** Does the work once after the next frame, however often this is called. */
  start() {
    if (this.#frame !== undefined || this.#timer !== undefined) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#timer = setTimeout(() => this.finish());
    });
  }

  /** Does the work now if it is waiting. */
  finish() {
    if (this.cancel()) this.#work();
  }

  /** Returns whether the work was waiting. */
  cancel() {
    const waited = this.#frame !== undefined || this.#timer !== undefined;
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = this.#timer = undefined;
    return waited;
  }
}
