import { AV_NOPTS_VALUE } from 'node-av/constants';
import { ticksToUs } from './ticks.ts';
import type { TimeBase } from './ticks.ts';

/** Going back by more than this is a new clock, not jitter. */
const BREAK_US = 500_000;

/**
 * Makes presentation times strictly rising, in ticks and in microseconds. Good times pass
 * unchanged; a missing or repeated one is put right behind its predecessor; where the clock
 * starts anew (files joined end to end) the rest is moved behind what came before.
 */
export class TimestampRepair {
  readonly #timeBase: TimeBase;
  readonly #frameTicks: bigint;
  #offset = 0n;
  #last: bigint | undefined;
  #lastUs = 0;
  /** How many times were missing or not rising. */
  repaired = 0;

  /** `frameTicks` is the usual distance of two frames, ≥ 1 tick. */
  constructor(timeBase: TimeBase, frameTicks: bigint) {
    this.#timeBase = timeBase;
    this.#frameTicks = frameTicks > 0n ? frameTicks : 1n;
  }

  /** `pts` as the decoder gave it, AV_NOPTS_VALUE where it is missing. */
  next(pts: bigint): { readonly pts: bigint; readonly ptsUs: number } {
    const fixed = this.#rising(pts);
    let us = ticksToUs(fixed, this.#timeBase);
    // Clocks finer than a microsecond can give two frames the same one.
    if (this.#last !== undefined && us <= this.#lastUs) us = this.#lastUs + 1;
    this.#last = fixed;
    this.#lastUs = us;
    return { pts: fixed, ptsUs: us };
  }

  #rising(pts: bigint): bigint {
    const last = this.#last;
    if (pts === AV_NOPTS_VALUE) {
      this.repaired += 1;
      return last === undefined ? 0n : last + this.#frameTicks;
    }
    const moved = pts + this.#offset;
    if (last === undefined || moved > last) return moved;
    this.repaired += 1;
    if (ticksToUs(last - moved, this.#timeBase) < BREAK_US) return last + 1n;
    this.#offset = last + this.#frameTicks - pts;
    return last + this.#frameTicks;
  }
}
