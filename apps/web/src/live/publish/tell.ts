import type { EdgeState } from '@drape/anonymizer/browser';
import { LIVE_TIMELINE_BATCH, type LiveTimelineEvent } from '@drape/contract';
import type { SignallingClient } from '../signalling/client.ts';

/** Figures of a second that is past: one that gets lost is not sent again. */
function forget(): void {
  // The next second brings the next ones.
}

/** Tells the room how the page's anonymizer is doing. */
export function tellStats(signalling: SignallingClient, epoch: number, state: EdgeState): void {
  const { fpsIn, fpsOut, latencyMs, holdMs, step, waitsFor, counts, coveredShare } = state;
  const { face, text, code } = counts;
  signalling
    .request('publish:stats', {
      epoch,
      fpsIn,
      fpsOut,
      latencyMs: Math.min(60_000, Math.max(0, latencyMs)),
      holdMs,
      step,
      ...(waitsFor === undefined ? {} : { waitsFor }),
      counts: { face, text, code },
      coveredShare: Math.min(1, Math.max(0, coveredShare)),
    })
    .catch(forget);
}

/** Tells the room what was covered, in batches that the contract allows. */
export function tellTimeline(
  signalling: SignallingClient,
  epoch: number,
  events: readonly LiveTimelineEvent[],
): void {
  for (let from = 0; from < events.length; from += LIVE_TIMELINE_BATCH) {
    const batch = events.slice(from, from + LIVE_TIMELINE_BATCH);
    signalling.request('publish:timeline', { epoch, events: batch }).catch(forget);
  }
}
