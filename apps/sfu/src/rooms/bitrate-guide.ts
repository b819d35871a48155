export interface BitrateLimits {
  /** Least and most of the anonymizer's output, in bits per second. */
  readonly leastBps: number;
  readonly mostBps: number;
}

/** An estimate below this much of what is sent is congestion, not a stream that is easy to code. */
const CONGESTED_BELOW = 1.05;
const BACK_OFF_TO = 0.9;
const GROW_BY = 1.15;

/**
 * How much the server's encoder may send, by what the paths of viewers carry. One viewer in four
 * may be on a worse path than the picture is made for: mediasoup drops for him, not for all. Pure.
 */
export class BitrateGuide {
  readonly #limits: BitrateLimits;
  #targetBps: number;

  constructor(limits: BitrateLimits) {
    this.#limits = limits;
    this.#targetBps = limits.mostBps;
  }

  /** `estimatesBps`: one per viewer whose path is known; `sentBps`: what the encoder makes now. */
  step(estimatesBps: readonly number[], sentBps: number): number {
    const sorted = [...estimatesBps].sort((a, b) => a - b);
    const deciding = sorted[Math.floor(sorted.length / 4)];
    // Without viewers nothing is known: whoever comes next gets the full picture, and then we see.
    const wanted =
      deciding === undefined
        ? this.#limits.mostBps
        : deciding < sentBps * CONGESTED_BELOW
          ? Math.min(this.#targetBps, deciding * BACK_OFF_TO)
          : this.#targetBps * GROW_BY;
    const { leastBps, mostBps } = this.#limits;
    this.#targetBps = Math.round(Math.min(mostBps, Math.max(leastBps, wanted)));
    return this.#targetBps;
  }
}
