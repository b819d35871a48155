import { alwaysRegions, planOf, regionsFor } from './cover.ts';
import type { DetectorLine } from './detector-line.ts';
import { followBack, type KeptLook, type Scenery } from './follow-back.ts';
import type { FrameInfo } from './frame.ts';
import { LONG_FRAME_US } from './look-line.ts';
import type { FramePlan, PlanRegion } from './plan.ts';
import type { Profile } from './profile.ts';
import type { Cuts } from './scene.ts';
import type { WholeInterval } from './timeline.ts';
import { firstSighting, lastSighting, type Track } from './track.ts';

/** What is known of a stream once all of it has been seen. */
export interface Hindsight {
  readonly tracks: readonly Track[];
  /**
   * True where a frame left with a sighting uncovered that is known to be right now: a track was
   * proved only after the frame had gone, or following it backwards finds it earlier.
   */
  readonly needsSecondPass: boolean;
}

/**
 * Follows every detector's looks once more, from the end to the beginning. Forward tracks stay
 * as they are; backward tracks that know more are added to them.
 */
export function lookBack(lines: readonly DetectorLine[], known: Scenery): Hindsight {
  const tracks: Track[] = [];
  let needsSecondPass = false;
  for (const line of lines) {
    const forward = line.finish();
    const backward = followBack(line.kept, { ...known, info: line.info, forward });
    const all = [...forward, ...backward];
    needsSecondPass ||= all.some((track) =>
      track.sightings.some((sighting) => !line.hasPainted(sighting)),
    );
    tracks.push(...all);
  }
  return { tracks, needsSecondPass };
}

/** Gives the final plan of each frame of a second pass. Frames come in order of time. */
export class HindsightPlans {
  readonly #known: Scenery;
  readonly #waiting: Track[];
  readonly #whole: readonly WholeInterval[];
  readonly #saturated: readonly SaturatedSpan[];
  #active: Track[] = [];
  #wholeIndex = 0;

  constructor(options: {
    readonly tracks: readonly Track[];
    readonly whole: readonly WholeInterval[];
    readonly lines: readonly DetectorLine[];
    readonly profile: Profile;
    readonly cuts: Cuts;
  }) {
    this.#known = { profile: options.profile, cuts: options.cuts };
    this.#whole = options.whole;
    this.#saturated = options.lines.flatMap((line) =>
      saturatedSpans(line.kept, line.policy.lookEveryMs),
    );
    // Latest first: the next one to become active is at the end.
    this.#waiting = [...options.tracks].sort(
      (a, b) => firstSighting(b).ptsUs - firstSighting(a).ptsUs,
    );
  }

  planOf(info: FrameInfo): FramePlan {
    const { ptsUs } = info;
    const { classes } = this.#known.profile;
    for (let next = this.#waiting.at(-1); next; next = this.#waiting.at(-1)) {
      if (firstSighting(next).ptsUs - classes[next.cls].carryBackMs * 1000 > ptsUs) break;
      this.#active.push(next);
      this.#waiting.pop();
    }
    this.#active = this.#active.filter(
      (track) => lastSighting(track).ptsUs + classes[track.cls].carryOnMs * 1000 >= ptsUs,
    );
    const regions = [
      ...alwaysRegions(this.#known.profile, info),
      ...regionsFor(info, this.#active, { ...this.#known, horizonUs: Infinity }),
    ];
    for (const span of this.#saturated) {
      if (span.fromUs <= ptsUs && ptsUs <= span.untilUs) regions.push(span.region);
    }
    return planOf(this.#wholeAt(ptsUs), regions);
  }

  #wholeAt(ptsUs: number): FramePlan['whole'] {
    while ((this.#whole[this.#wholeIndex]?.toUs ?? Infinity) < ptsUs) this.#wholeIndex++;
    const interval = this.#whole[this.#wholeIndex];
    return interval && interval.fromUs <= ptsUs ? interval.cause : undefined;
  }
}

export interface SaturatedSpan {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly region: PlanRegion;
}

/** Regions that looks found too full, each covered from the look before to the look after. */
export function saturatedSpans(looks: readonly KeptLook[], lookEveryMs: number): SaturatedSpan[] {
  // Cadences are met to the next frame.
  const reachUs = lookEveryMs * 1000 + LONG_FRAME_US;
  return looks.flatMap(({ ptsUs, look }) =>
    look.saturated.map((box) => ({
      fromUs: ptsUs - reachUs,
      untilUs: ptsUs + reachUs,
      region: { box, cls: 'region', cause: 'seen', trackId: undefined },
    })),
  );
}
