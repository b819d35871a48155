import type { FrameInfo } from './frame.ts';
import type { WholeCause } from './plan.ts';

/** Frames covered whole, in a row, for one cause. */
export interface WholeInterval {
  readonly fromUs: number;
  /** Time of the last frame of the row. */
  toUs: number;
  readonly cause: WholeCause;
  frames: number;
}

export interface PipelineEvent {
  readonly atUs: number;
  readonly kind:
    | 'detector-failed'
    | 'overload-step'
    | 'hold-changed'
    | 'size-changed'
    | 'short-lookahead'
    | 'saturated';
  /** Facts, never content: ids, sizes, reasons. */
  readonly detail: string;
}

/** Collects what happened to the frames of one stream. */
export class TimelineRecorder {
  readonly whole: WholeInterval[] = [];
  readonly events: PipelineEvent[] = [];
  frames = 0;
  firstUs: number | undefined;
  lastUs: number | undefined;
  #eventsDropped = 0;
  #wholeTaken = 0;

  frame(info: FrameInfo, whole: WholeCause | undefined): void {
    this.frames++;
    this.firstUs ??= info.ptsUs;
    const previousUs = this.lastUs;
    this.lastUs = info.ptsUs;
    if (!whole) return;
    const last = this.whole.at(-1);
    if (last?.cause === whole && last.toUs === previousUs) {
      last.toUs = info.ptsUs;
      last.frames++;
      return;
    }
    this.whole.push({ fromUs: info.ptsUs, toUs: info.ptsUs, cause: whole, frames: 1 });
  }

  event(event: PipelineEvent): void {
    // A detector that fails on every look must not fill the memory of a long stream.
    if (this.events.length < 10_000) this.events.push(event);
    else this.#eventsDropped++;
  }

  get eventsDropped(): number {
    return this.#eventsDropped;
  }

  get framesCoveredWhole(): number {
    return this.whole.reduce((sum, interval) => sum + interval.frames, this.#wholeTaken);
  }

  /** Takes out what is complete, for streams without an end: a row that still goes on stays. */
  take(): { readonly whole: WholeInterval[]; readonly events: PipelineEvent[] } {
    const goesOn = this.whole.at(-1)?.toUs === this.lastUs;
    const whole = this.whole.splice(0, this.whole.length - (goesOn ? 1 : 0));
    for (const { frames } of whole) this.#wholeTaken += frames;
    return { whole, events: this.events.splice(0) };
  }
}
