import type { After } from '../../core/index.ts';

/** Time, so that tests can be its master. */
export interface Clock {
  readonly nowMs: () => number;
  readonly after: After;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
