/** From lightest to heaviest; every step up widens what is covered. */
export const OVERLOAD_STEPS = ['none', 'widened', 'pixelated', 'slate'] as const;
export type OverloadStep = (typeof OVERLOAD_STEPS)[number];

export interface OverloadLimits {
  /** Behind for this long at one step: the next one. */
  readonly upAfterMs: number;
  /**
   * Keeping up for this long: one step back. Twice as long each time that a step back did not
   * hold, up to `downAtMostMs` (16 s): a stream that is always a little too much must not flicker.
   */
  readonly downAfterMs: number;
  readonly downAtMostMs?: number;
  /** From `widened` on, a look up to this long before a frame still decides it, with wider margins. */
  readonly freshMs: number;
}

const DOWN_AT_MOST_MS = 16_000;
/**
 * Time ahead counts this much against time behind: where every sixth frame is covered whole, for
 * want of a little speed, wider margins on all of them are the better picture.
 */
const PAY_BACK = 0.125;
/**
 * What follows `widened` makes no detector faster, and covers what is decided as well: it takes
 * half of the frames undecided, when nothing can be followed any more, for four times as long. The
 * way back is quicker for the same reason.
 */
const PAY_BACK_FROM_WIDENED = 1;
const UP_AFTER_FROM_WIDENED = 4;
const DOWN_AFTER_TO_WIDENED = 0.5;
const WIDENED = OVERLOAD_STEPS.indexOf('widened');
/** A gap in the stream says nothing of the detectors. */
const LONGEST_FRAME_US = 200_000;

export const DEFAULT_OVERLOAD: OverloadLimits = {
  upAfterMs: 250,
  downAfterMs: 2000,
  freshMs: 100,
};

export interface OverloadChange {
  readonly atUs: number;
  readonly from: OverloadStep;
  readonly to: OverloadStep;
}

/**
 * Decides how much a live stream that outruns its detectors is covered. Lower cadence comes
 * before the first step by itself, as a detector that is busy skips frames. Pure: all times are
 * media time in microseconds.
 *
 * No step looks at a smaller picture: what it misses is not undecided, but shown.
 */
export class OverloadLadder {
  readonly #limits: OverloadLimits;
  #level = 0;
  /** Time behind, of which time ahead pays back little by little. */
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

  /** How old a look may be and still decide a frame, in microseconds. */
  get freshUs(): number {
    return this.#level >= WIDENED ? this.#limits.freshMs * 1000 : 0;
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
    const payBack = this.#level < WIDENED ? PAY_BACK : PAY_BACK_FROM_WIDENED;
    this.#behindUs = Math.max(0, this.#behindUs - sinceUs * payBack);
    this.#aheadSinceUs ??= ptsUs;
    const isCovered = this.#level > WIDENED;
    const downAfterMs = isCovered
      ? this.#limits.downAfterMs * DOWN_AFTER_TO_WIDENED
      : this.#downAfterMs;
    if (ptsUs - this.#aheadSinceUs < downAfterMs * 1000) return undefined;
    this.#aheadSinceUs = ptsUs;
    const change = this.#move(ptsUs, -1);
    if (change && isCovered) return change;
    if (change) this.#steppedDownUs = ptsUs;
    else this.#downAfterMs = this.#limits.downAfterMs;
    return change;
  }

  #behind(ptsUs: number, sinceUs: number): OverloadChange | undefined {
    const longer = this.#level === WIDENED ? UP_AFTER_FROM_WIDENED : 1;
    const upAfterUs = this.#limits.upAfterMs * longer * 1000;
    this.#behindUs += sinceUs;
    // A frame or two at a scene cut say nothing of how fast detectors are.
    if (this.#behindUs >= upAfterUs / 2) this.#aheadSinceUs = undefined;
    if (this.#behindUs < upAfterUs) return undefined;
    this.#behindUs = 0;
    const heldMs = (ptsUs - this.#steppedDownUs) / 1000;
    if (heldMs < this.#downAfterMs) {
      this.#steppedDownUs = -Infinity;
      const { downAtMostMs = DOWN_AT_MOST_MS } = this.#limits;
      this.#downAfterMs = Math.min(downAtMostMs, 2 * this.#downAfterMs);
    }
    return this.#move(ptsUs, 1);
  }

  #move(atUs: number, by: number): OverloadChange | undefined {
    const from = this.step;
    this.#level = Math.min(OVERLOAD_STEPS.length - 1, Math.max(0, this.#level + by));
    return from === this.step ? undefined : { atUs, from, to: this.step };
  }
}
