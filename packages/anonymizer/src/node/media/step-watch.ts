import { AV_NOPTS_VALUE } from 'node-av/constants';

/** So many equal steps in a row make a steady frame rate. */
const STEADY_STEPS = 8;
/** Rounding of 90 kHz clocks. */
const JITTER_TICKS = 2n;

/**
 * Finds pictures that are missing from a transport stream, which has neither an index nor a
 * checksum over them. A steady stream that suddenly skips has lost something; one whose steps
 * vary is left alone.
 */
export class StepWatch {
  readonly #isWatching: boolean;
  #last: bigint | undefined;
  #step = 0n;
  #steady = 0;

  constructor(isWatching: boolean) {
    this.#isWatching = isWatching;
  }

  /** How many pictures are missing before the packet with this decode time. */
  next(dts: bigint): number {
    if (!this.#isWatching || dts === AV_NOPTS_VALUE) return 0;
    const last = this.#last;
    this.#last = dts;
    if (last === undefined) return 0;
    const step = dts - last;
    const isEqual = step <= this.#step + JITTER_TICKS && step >= this.#step - JITTER_TICKS;
    if (isEqual) {
      this.#steady += 1;
      return 0;
    }
    const isSkip = this.#steady >= STEADY_STEPS && step * 2n > this.#step * 3n;
    if (isSkip) return Math.max(1, Math.round(Number(step) / Number(this.#step)) - 1);
    this.#step = step;
    this.#steady = 0;
    return 0;
  }
}
