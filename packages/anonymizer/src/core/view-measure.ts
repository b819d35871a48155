import { LEAST_INSIDE } from './engine/view-engine.ts';

/** How surely one frame of a recording is inside a body, 0..1. */
export interface ViewSample {
  readonly ptsUs: number;
  readonly inside: number;
}

/** The view of one recording, looked at in order of time. */
export interface MeasuredView {
  readonly samples: readonly ViewSample[];
  /** From the first frame to the end of the last one. */
  readonly durationUs: number;
}

/**
 * Microseconds that a profile would cover: each look that is not sure covers what lies around it,
 * `carryMs` to both sides.
 */
export function coveredUs(
  { samples, durationUs }: MeasuredView,
  { insideFrom, carryMs }: { readonly insideFrom: number; readonly carryMs: number },
): number {
  const firstUs = samples[0]?.ptsUs ?? 0;
  const endUs = firstUs + durationUs;
  let sum = 0;
  let untilUs = firstUs;
  for (const { ptsUs, inside } of samples) {
    if (inside > insideFrom) continue;
    const from = Math.max(untilUs, ptsUs - carryMs * 1000);
    untilUs = Math.max(untilUs, Math.min(endUs, ptsUs + carryMs * 1000));
    sum += Math.max(0, untilUs - from);
  }
  return sum;
}

/** The frame that looks most like the inside of a body. */
export function mostInside(samples: readonly ViewSample[]): ViewSample | undefined {
  return samples.reduce<ViewSample | undefined>(
    (most, sample) => (sample.inside > (most?.inside ?? -1) ? sample : most),
    undefined,
  );
}

/** The least that may be asked for where these samples from outside of a body must not pass. */
export function leastInsideFrom(outside: readonly ViewSample[]): number {
  return Math.max(LEAST_INSIDE, mostInside(outside)?.inside ?? 0);
}
