import type { Timeline, TimelineTrack } from '@drape/contract';

/** One picture of the contact sheet. */
export interface Moment {
  /** Media time in the timeline. */
  readonly atUs: number;
  /** `face`, `text`, …, or `whole frame`. */
  readonly what: string;
  /** The detector, or the cause of a frame that is covered whole. */
  readonly why: string;
  readonly score: number | undefined;
  /** `[x, y, w, h]` of the sighting in coded pixels; undefined for a whole frame. */
  readonly box: readonly [number, number, number, number] | undefined;
}

/** Pictures on one sheet: more than this nobody looks through, and the timeline has all of them. */
const MOST_MOMENTS = 60;

/**
 * Each track at its strongest sighting and each whole interval at its first frame, in time order.
 * Where there are too many, an even choice over the recording.
 */
export function momentsOf(timeline: Timeline): { shown: Moment[]; leftOut: number } {
  const all = [
    ...timeline.tracks.flatMap(strongest),
    ...timeline.whole.map(({ fromUs, cause }) => ({
      atUs: fromUs,
      what: 'whole frame',
      why: cause,
      score: undefined,
      box: undefined,
    })),
  ].sort(inOrder);
  const step = Math.max(1, all.length / MOST_MOMENTS);
  const shown = Array.from({ length: Math.min(all.length, MOST_MOMENTS) }, (_, index) =>
    all.slice(Math.floor(index * step), Math.floor(index * step) + 1),
  ).flat();
  return { shown, leftOut: all.length - shown.length };
}

function strongest(track: TimelineTrack): Moment[] {
  const [first, ...rest] = track.sightings;
  if (!first) return [];
  const best = rest.reduce((a, b) => (b.score > a.score ? b : a), first);
  return [
    { atUs: best.atUs, what: track.class, why: track.detector, score: best.score, box: best.box },
  ];
}

/** By time, and where several begin at once always in the same order. */
function inOrder(a: Moment, b: Moment): number {
  const [ax = 0, ay = 0] = a.box ?? [];
  const [bx = 0, by = 0] = b.box ?? [];
  return a.atUs - b.atUs || a.what.localeCompare(b.what, 'en') || ay - by || ax - bx;
}
