import type { EdgeDetectorId } from './start.ts';

/** Cores that are left to capture, paint, encode, and to the rest of the machine. */
const OTHERS = 2;
const MOST_THREADS = 4;

/**
 * Threads for a detector's runtime. More than one needs a cross-origin isolated page, and pays
 * only where other work leaves cores: the face network comes first.
 */
export function threadsFor(id: EdgeDetectorId): number {
  if (!globalThis.crossOriginIsolated) return 1;
  const spare = navigator.hardwareConcurrency - OTHERS;
  const share = id === 'face-centerface' ? spare : Math.floor(spare / 2);
  return Math.max(1, Math.min(MOST_THREADS, share));
}
