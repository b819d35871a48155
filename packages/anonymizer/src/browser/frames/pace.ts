import type { OverloadStep } from '../../core/index.ts';
import { FULL_FPS, HALF_FPS } from './rate-gate.ts';

/** What one second says of the machine. */
export interface PaceFacts {
  readonly step: OverloadStep;
  readonly fpsAdmitted: number;
  readonly fpsOut: number;
  /** Share of frames covered whole, 0..1. */
  readonly wholeShare: number;
  readonly busyShare: number;
}

export interface PaceVerdict {
  /** Frames per second to let in from now on. */
  readonly fps: number;
  /** The machine can't do it at the lower rate either. */
  readonly isFailing: boolean;
}

/** Bad seconds in a row after which the rate is halved, and then after which it is given up. */
const HALVE_AFTER = 2;
const FAIL_AFTER = 4;
/** Good seconds at half the rate before the full one is tried again; doubled when that goes wrong. */
const TRY_AFTER = 20;
const TRY_AFTER_MOST = 320;
/** A full rate that goes wrong sooner than this was tried too early. */
const TOO_EARLY = 15;

/**
 * Decides once a second whether the machine holds its frame rate: it halves the rate first, fails
 * then, and tries the full rate again, less and less often.
 */
export class Pace {
  #fps = FULL_FPS;
  #bad = 0;
  #good = 0;
  #tryAfter = TRY_AFTER;
  #sinceRaised = Infinity;

  second(facts: PaceFacts): PaceVerdict {
    const isBad =
      facts.wholeShare > 0.5 ||
      facts.step === 'pixelated' ||
      facts.step === 'slate' ||
      facts.fpsOut < 0.7 * facts.fpsAdmitted ||
      facts.busyShare > 0.9;
    this.#bad = isBad ? this.#bad + 1 : 0;
    this.#good = isBad ? 0 : this.#good + 1;
    this.#sinceRaised++;
    if (this.#fps === FULL_FPS && this.#bad >= HALVE_AFTER) this.#halve();
    else if (this.#fps === HALF_FPS && this.#good >= this.#tryAfter) this.#raise();
    return { fps: this.#fps, isFailing: this.#fps === HALF_FPS && this.#bad >= FAIL_AFTER };
  }

  #halve(): void {
    if (this.#sinceRaised < TOO_EARLY) {
      this.#tryAfter = Math.min(TRY_AFTER_MOST, 2 * this.#tryAfter);
    }
    this.#fps = HALF_FPS;
    this.#bad = this.#good = 0;
  }

  #raise(): void {
    this.#fps = FULL_FPS;
    this.#bad = this.#good = 0;
    this.#sinceRaised = 0;
  }
}
