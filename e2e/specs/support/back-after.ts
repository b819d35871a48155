import type { Side } from '../../src/probe/stage.ts';
import { framesOf } from './seen.ts';
import { expect, test } from './stage.ts';

/** Milliseconds since 1970, as the pages' records have them. */
export const now = (): number => performance.timeOrigin + performance.now();

/** Milliseconds from `sinceMs` to the viewer's first picture after it; waits for it. */
export async function backAfterMs(
  viewer: Side,
  sinceMs: number,
  limitMs = 60_000,
): Promise<number> {
  await expect
    .poll(() => framesOf(viewer, sinceMs).length, { timeout: limitMs })
    .toBeGreaterThan(5);
  const tookMs = (framesOf(viewer, sinceMs)[0]?.facts['shownAtMs'] ?? NaN) - sinceMs;
  test.info().annotations.push({ type: 'back after', description: `${Math.round(tookMs)} ms` });
  return tookMs;
}
