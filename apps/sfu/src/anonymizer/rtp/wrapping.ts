/** Makes a counter that wraps around one that does not: the value nearest to the newest so far. */
export class Unwrapper {
  readonly #size: number;
  #newest: number | undefined;

  /** `bits`: 16 for RTP sequence numbers, 32 for RTP timestamps. */
  constructor(bits: 16 | 32) {
    this.#size = 2 ** bits;
  }

  next(value: number): number {
    if (this.#newest === undefined) {
      // Room below the first value, so that what is older stays positive.
      this.#newest = value + this.#size;
      return this.#newest;
    }
    let step = value - (this.#newest % this.#size);
    if (step > this.#size / 2) step -= this.#size;
    else if (step < -this.#size / 2) step += this.#size;
    const unwrapped = this.#newest + step;
    this.#newest = Math.max(this.#newest, unwrapped);
    return unwrapped;
  }
}
