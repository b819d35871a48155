/** From lightest to heaviest; every step up widens what is covered. */
export const OVERLOAD_STEPS = ['none', 'widened', 'reduced', 'pixelated', 'slate'] as const;
export type OverloadStep = (typeof OVERLOAD_STEPS)[number];

export interface OverloadLimits {
  /** Behind for this long at one step: the next one. */
  readonly upAfterMs: number;
  /**
   * Keeping up for this long: one step back. Twice as long each time that a step back did not
   * hold, up to `downAtMostMs` (64 s): a stream that is always a little too much must not flicker.
   */
  readonly downAfterMs: number;
  readonly downAtMostMs?: number;
  /** From `widened` on, a look up to this long before a frame still decides it, with wider margins. */
  readonly freshMs: number;
}

const DOWN_AT_MOST_MS = 64_000;

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
 */
export class OverloadLadder {
  readonly #limits: OverloadLimits;
  #level = 0;
  #behindSinceUs: number | undefined;
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
    return this.#level >= 1 ? this.#limits.freshMs * 1000 : 0;
  }

  /** Detectors should work on a smaller picture. */
  get wantsReducedEffort(): boolean {
    return this.#level >= 2;
  }

  /** A frame came due at `ptsUs`; `decided`: its detectors had looked in time. */
  frameDue(ptsUs: number, decided: boolean): OverloadChange | undefined {
    if (decided) {
      this.#behindSinceUs = undefined;
      this.#aheadSinceUs ??= ptsUs;
      if (ptsUs - this.#aheadSinceUs < this.#downAfterMs * 1000) return undefined;
      this.#aheadSinceUs = ptsUs;
      const change = this.#move(ptsUs, -1);
      if (change) this.#steppedDownUs = ptsUs;
      else this.#downAfterMs = this.#limits.downAfterMs;
      return change;
    }
    this.#aheadSinceUs = undefined;
    this.#behindSinceUs ??= ptsUs;
    if (ptsUs - this.#behindSinceUs < this.#limits.upAfterMs * 1000) return undefined;
    this.#behindSinceUs = ptsUs;
    const heldMs = (ptsUs - this.#steppedDownUs) / 1000;
    if (heldMs < this.#downAfterMs) {
      this.#steppedDownUs = -Infinity;
      const { downAtMostMs = DOWN_AT_MOST_MS } = this.#limits;
      this.#downAfterMs = Math.min(downAtMostMs, 2 * this.#downAfterMs);
    }
    return this.#move(ptsUs, 1);
  }

  #move(atUs: number, by: 1 | -1): OverloadChange | undefined {
    const from = this.step;
    this.#level = Math.min(OVERLOAD_STEPS.length - 1, Math.max(0, this.#level + by));
    return from === this.step ? undefined : { atUs, from, to: this.step };
  }
}
