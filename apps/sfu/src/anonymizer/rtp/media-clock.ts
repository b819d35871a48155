/** A step longer than this is no pause of a camera but another clock. */
const MAX_STEP_S = 10;
/** The step that is put in its place. */
const USUAL_RATE = 30;

/**
 * Media time in ticks that always rises: it keeps the sender's spacing, and puts one usual step
 * where the sender's clock jumps or runs backwards.
 */
export class MediaClock {
  readonly #clockRate: number;
  #lastTimestamp: number | undefined;
  #now = 0;

  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /** The media time of a picture, from its unwrapped RTP timestamp. Each call is another picture. */
  next(timestamp: number): number {
    const step = timestamp - (this.#lastTimestamp ?? timestamp);
    const isFirst = this.#lastTimestamp === undefined;
    this.#lastTimestamp = timestamp;
    if (isFirst) return this.#now;
    const sane = step > 0 && step <= MAX_STEP_S * this.#clockRate;
    this.#now += sane ? step : Math.round(this.#clockRate / USUAL_RATE);
    return this.#now;
  }
}
