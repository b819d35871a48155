/** From lightest to heaviest; every step up covers more. */
export const OVERLOAD_STEPS = ['none', 'pixelated', 'slate'] as const;
export type OverloadStep = (typeof OVERLOAD_STEPS)[number];

export interface OverloadLimits {
  /** Behind for this long, less the time ahead: the next step. */
  readonly upAfterMs: number;
  /**
   * Keeping up for this long: one step back. Twice as long each time that a step back did not
   * hold, up to `downAtMostMs`: a stream that is always a little too much must not flicker.
   */
  readonly downAfterMs: number;
  readonly downAtMostMs: number;
}

/** A gap in the stream says nothing of the detectors. */
const LONGEST_FRAME_US = 200_000;

export const DEFAULT_OVERLOAD: OverloadLimits = {
  upAfterMs: 1000,
  downAfterMs: 1250,
  downAtMostMs: 4000,
};

export interface OverloadChange {
  readonly atUs: number;
  readonly from: OverloadStep;
  readonly to: OverloadStep;
}

/**
 * Decides when a live stream that outruns its detectors is covered altogether. Undecided frames
 * are covered whole by themselves, and a detector that is busy skips frames before that; where most
 * frames are undecided the picture would only flash up in between. Pure: all times are media time
 * in microseconds.
 *
 * No step asks less of what decides a frame: a look at a smaller picture, or one that is older
 * than the frame, shows what it misses.
 */
export class OverloadLadder {
  readonly #limits: OverloadLimits;
  #level = 0;
  /** Time behind, less the time ahead since. */
  #behindUs = 0;
  #lastUs: number | undefined;
  #aheadSinceUs: number | undefined;
  #downAfterMs: number;
  #steppedDownUs = -Infinity;

  constructor(limits: OverloadLimits = DEFAULT_OVERLOAD) {
    this.#limits = limits;
    this.#downAfterMs = limits.downAfterMs;
  }

  get step(): OverloadStep {
    return OVERLOAD_STEPS[this.#level] ?? 'slate';
  }

  /** A frame came due at `ptsUs`; `decided`: its detectors had looked in time. */
  frameDue(ptsUs: number, decided: boolean): OverloadChange | undefined {
    const sinceUs = Math.min(LONGEST_FRAME_US, ptsUs - (this.#lastUs ?? ptsUs));
    this.#lastUs = ptsUs;
    return decided ? this.#ahead(ptsUs, sinceUs) : this.#behind(ptsUs, sinceUs);
  }

  /**
   * A frame came due that a failed detector left undecided: that is no lack of speed. The frame is
   * covered anyway, and when the detector is back the picture must not wait for the ladder.
   */
  detectorFailed(ptsUs: number): OverloadChange | undefined {
    this.#lastUs = ptsUs;
    this.#behindUs = 0;
    this.#aheadSinceUs = undefined;
    return this.#move(ptsUs, -OVERLOAD_STEPS.length);
  }

  #ahead(ptsUs: number, sinceUs: number): OverloadChange | undefined {
    this.#behindUs = Math.max(0, this.#behindUs - sinceUs);
    this.#aheadSinceUs ??= ptsUs;
    if (ptsUs - this.#aheadSinceUs < this.#downAfterMs * 1000) return undefined;
    this.#aheadSinceUs = ptsUs;
    const change = this.#move(ptsUs, -1);
    if (change) this.#steppedDownUs = ptsUs;
    else this.#downAfterMs = this.#limits.downAfterMs;
    return change;
  }

  #behind(ptsUs: number, sinceUs: number): OverloadChange | undefined {
    const upAfterUs = this.#limits.upAfterMs * 1000;
    this.#behindUs += sinceUs;
    // A few frames at a scene cut say nothing of how fast detectors are.
    if (this.#behindUs >= upAfterUs / 8) this.#aheadSinceUs = undefined;
    if (this.#behindUs < upAfterUs) return undefined;
    this.#behindUs = 0;
    const heldMs = (ptsUs - this.#steppedDownUs) / 1000;
    if (heldMs < this.#downAfterMs + this.#limits.upAfterMs) {
      this.#steppedDownUs = -Infinity;
      this.#downAfterMs = Math.min(this.#limits.downAtMostMs, 2 * this.#downAfterMs);
    }
    return this.#move(ptsUs, 1);
  }

  #move(atUs: number, by: number): OverloadChange | undefined {
    const from = this.step;
    this.#level = Math.min(OVERLOAD_STEPS.length - 1, Math.max(0, this.#level + by));
    return from === this.step ? undefined : { atUs, from, to: this.step };
  }
}
