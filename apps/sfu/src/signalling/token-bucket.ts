export interface BucketOptions {
  /** How many at once. */
  readonly burst: number;
  /** How many per second on average. */
  readonly perSecond: number;
}

/** Counts what one client may still do. Times in milliseconds of any steady clock. */
export class TokenBucket {
  readonly #options: BucketOptions;
  #left: number;
  #atMs: number;

  constructor(options: BucketOptions, nowMs: number) {
    this.#options = options;
    this.#left = options.burst;
    this.#atMs = nowMs;
  }

  /** 0 when one more is allowed (and counted); else how long to wait, in milliseconds. */
  take(nowMs: number): number {
    const { burst, perSecond } = this.#options;
    this.#left = Math.min(burst, this.#left + ((nowMs - this.#atMs) / 1000) * perSecond);
    this.#atMs = nowMs;
    if (this.#left < 1) return Math.ceil(((1 - this.#left) / perSecond) * 1000);
    this.#left--;
    return 0;
  }
}
