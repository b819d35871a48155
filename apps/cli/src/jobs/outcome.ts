import type { Timeline } from '@drape/contract';
import type { Outcome } from './messages.ts';

/** Events that the user should know of even where the output is complete. */
const INCIDENTS: readonly Timeline['events'][number]['kind'][] = ['detector-failed', 'saturated'];

/** The timeline as counts: what the end of a run says about one file. */
export function summaryOf(
  timeline: Timeline,
): Pick<Outcome, 'covered' | 'wholeFrames' | 'incidents'> {
  const incidents = timeline.events.filter((event) => INCIDENTS.includes(event.kind));
  return {
    covered: sum(timeline.tracks, (track) => [track.class, 1]),
    wholeFrames: sum(timeline.whole, ({ cause, frames }) => [cause, frames]),
    incidents: sum(incidents, ({ kind, detail }) => [`${kind}: ${detail}`, 1]),
  };
}

function sum<T>(
  items: readonly T[],
  entryOf: (item: T) => readonly [key: string, count: number],
): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [key, count] of items.map(entryOf)) sums.set(key, (sums.get(key) ?? 0) + count);
  return Object.fromEntries(sums);
}
