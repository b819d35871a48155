import { rescale, ticksToUs } from './ticks.ts';
import type { TimeBase } from './ticks.ts';
import type { OutputContainer } from './containers.ts';
import { frameTicks } from './describe.ts';
import type { VideoInfo } from './video-info.ts';

const FALLBACK_RATE: TimeBase = { num: 25, den: 1 };

/** Maps the timestamps of the source to the clock of the output. */
export class OutputTimes {
  /** The clock of the encoder and of what `next` returns. */
  readonly timeBase: TimeBase;
  readonly #source: TimeBase;
  readonly #usualTicks: bigint;
  readonly #exact: boolean;
  #first: bigint | undefined;
  #last: bigint | undefined;
  /** True once a time had to move by more than half a frame. */
  inexact = false;

  constructor(info: VideoInfo, container: OutputContainer) {
    const rate = info.averageFrameRate ?? FALLBACK_RATE;
    this.#source = info.timeBase;
    this.#exact = container.carriesTimes;
    this.timeBase = this.#exact ? info.timeBase : { num: rate.den, den: rate.num };
    this.#usualTicks = this.#exact ? frameTicks(info) : 1n;
  }

  /** The time of the input's clock that is 0 in the output's. */
  get originUs(): number {
    return this.#first === undefined ? 0 : ticksToUs(this.#first, this.#source);
  }

  /** Presentation time and duration of a frame whose times are in the source's clock. */
  next(pts: bigint, duration: bigint): { readonly pts: bigint; readonly duration: bigint } {
    if (this.#exact) return { pts, duration: duration > 0n ? duration : this.#usualTicks };
    // A container with nothing but a frame rate: from 0, to the nearest frame that is free.
    this.#first ??= pts;
    const nearest = rescale(pts - this.#first, this.#source, this.timeBase);
    const free = this.#last === undefined || nearest > this.#last ? nearest : this.#last + 1n;
    const back = rescale(free, this.timeBase, this.#source);
    const moved = back - (pts - this.#first);
    const half = rescale(1n, this.timeBase, this.#source) / 2n;
    if (moved > half || moved < -half) this.inexact = true;
    this.#last = free;
    return { pts: free, duration: 1n };
  }
}
