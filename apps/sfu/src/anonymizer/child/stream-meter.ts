import { boxArea, clipBox, type AnonymizedFrame } from '@drape/anonymizer/core';
import { MOST_PICTURES, type StreamState } from '../stream-state.ts';

type Window = Pick<
  StreamState,
  | 'fpsIn'
  | 'fpsOut'
  | 'latencyMs'
  | 'addedMs'
  | 'holdMs'
  | 'whole'
  | 'wholeFrames'
  | 'counts'
  | 'coveredShare'
>;

/** Counts what goes through a stream, one window after the other. */
export class StreamMeter {
  #sinceMs = performance.now();
  #in = 0;
  #latenciesMs: number[] = [];
  #addedMs: number[] = [];
  #coveredShares = 0;
  #released = 0;
  #wholeFrames = 0;
  #last: AnonymizedFrame['plan'] | undefined;
  framesIn = 0;
  framesOut = 0;
  keyframesOut = 0;

  frameIn(): void {
    this.framesIn += 1;
    this.#in += 1;
  }

  /** A frame left the pipeline. */
  released({ info, plan }: AnonymizedFrame): void {
    this.#released += 1;
    this.#last = plan;
    if (plan.whole !== undefined) {
      this.#wholeFrames += 1;
      this.#coveredShares += 1;
      return;
    }
    const covered = plan.regions.reduce((sum, { box }) => {
      const inside = clipBox(box, info);
      return inside ? sum + boxArea(inside) : sum;
    }, 0);
    this.#coveredShares += Math.min(1, covered / (info.widthPx * info.heightPx));
  }

  /** Its picture went out, `latencyMs` after its last packet had come in, of which it was held `holdMs`. */
  sent(latencyMs: number, { holdMs, isKey }: { holdMs: number; isKey: boolean }): void {
    this.framesOut += 1;
    if (isKey) this.keyframesOut += 1;
    this.#latenciesMs.push(latencyMs);
    this.#addedMs.push(latencyMs - holdMs);
  }

  /** What was counted since the last call; `holdMs` is the hold now. */
  take(holdMs: number): Window {
    const nowMs = performance.now();
    const seconds = Math.max(0.001, (nowMs - this.#sinceMs) / 1000);
    const latencies = this.#latenciesMs.sort((a, b) => a - b);
    const window: Window = {
      fpsIn: Math.min(1000, this.#in / seconds),
      fpsOut: Math.min(1000, latencies.length / seconds),
      latencyMs: Math.min(60_000, Math.max(0, middleOf(latencies))),
      addedMs: this.#addedMs.slice(-MOST_PICTURES),
      holdMs: Math.round(holdMs),
      ...(this.#last?.whole === undefined ? {} : { whole: this.#last.whole }),
      wholeFrames: this.#wholeFrames,
      counts: countsOf(this.#last),
      coveredShare: this.#released > 0 ? this.#coveredShares / this.#released : 0,
    };
    this.#sinceMs = nowMs;
    this.#in = 0;
    this.#latenciesMs = [];
    this.#addedMs = [];
    this.#coveredShares = 0;
    this.#released = 0;
    this.#wholeFrames = 0;
    return window;
  }
}

function countsOf(plan: AnonymizedFrame['plan'] | undefined): StreamState['counts'] {
  const counts = { face: 0, text: 0, code: 0 };
  for (const { cls } of plan?.regions ?? []) {
    if (cls === 'face' || cls === 'text' || cls === 'code') counts[cls] += 1;
  }
  return counts;
}

function middleOf(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
