import type { FrameInfo, FramePlan, WholeCause } from '../../core/index.ts';
import type { EdgeState } from '../api.ts';
import { median } from './clock.ts';
import { coveredShareOf } from './covered-share.ts';

/** What a second was like, for the page and for the frames' own decisions. */
export interface Second {
  readonly state: EdgeState;
  /** Frames that were let in, per second: fewer than came where the rate is halved. */
  readonly fpsAdmitted: number;
  /** Share of the frames that left covered whole, 0..1; 1 where none left. */
  readonly wholeShare: number;
  /** Share of the time in which frames were copied and painted, 0..1 and above. */
  readonly busyShare: number;
}

/** Counts frames, and sums them up once a second. */
export class SecondMeter {
  #sinceMs: number;
  #in = 0;
  #admitted = 0;
  #busyMs = 0;
  #waitedMs: number[] = [];
  #coveredSum = 0;
  readonly #causes = new Map<WholeCause, number>();
  #counts: EdgeState['counts'] = { face: 0, text: 0, code: 0 };

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  came(): void {
    this.#in++;
  }

  admitted(): void {
    this.#admitted++;
  }

  busy(ms: number): void {
    this.#busyMs += ms;
  }

  left(frame: { readonly info: FrameInfo; readonly plan: FramePlan }, waitedMs: number): void {
    const { plan, info } = frame;
    this.#waitedMs.push(waitedMs);
    this.#coveredSum += coveredShareOf(plan, info);
    if (plan.whole) this.#causes.set(plan.whole, (this.#causes.get(plan.whole) ?? 0) + 1);
    const count = (cls: string): number =>
      plan.regions.filter((region) => region.cls === cls).length;
    this.#counts = { face: count('face'), text: count('text'), code: count('code') };
  }

  /** Sums up the time since the last call, and starts anew. */
  take(
    nowMs: number,
    { step, looks, holdMs, waitsFor }: Pick<EdgeState, 'step' | 'looks' | 'holdMs' | 'waitsFor'>,
  ): Second {
    const seconds = Math.max(0.001, (nowMs - this.#sinceMs) / 1000);
    const out = this.#waitedMs.length;
    const whole = [...this.#causes.values()].reduce((sum, count) => sum + count, 0);
    const [cause] = [...this.#causes].sort((a, b) => b[1] - a[1]);
    const perSecond = (count: number): number => Math.round((10 * count) / seconds) / 10;
    const second: Second = {
      state: {
        fpsIn: perSecond(this.#in),
        fpsOut: perSecond(out),
        latencyMs: Math.round(median(this.#waitedMs)),
        holdMs: Math.round(holdMs),
        step,
        ...(waitsFor === undefined ? {} : { waitsFor }),
        ...(cause ? { whole: cause[0] } : {}),
        counts: this.#counts,
        coveredShare: out > 0 ? Math.min(1, this.#coveredSum / out) : 0,
        looks,
      },
      fpsAdmitted: this.#admitted / seconds,
      wholeShare: out > 0 ? whole / out : 1,
      busyShare: this.#busyMs / (1000 * seconds),
    };
    this.#sinceMs = nowMs;
    this.#in = this.#admitted = this.#busyMs = this.#coveredSum = 0;
    this.#waitedMs = [];
    this.#causes.clear();
    return second;
  }
}
