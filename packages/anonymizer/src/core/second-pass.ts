import { regionsFor } from './cover.ts';
import type { DetectorLine, KeptLook } from './detector-line.ts';
import type { FrameInfo } from './frame.ts';
import type { FramePlan, PlanRegion } from './plan.ts';
import type { Profile } from './profile.ts';
import { reversedCuts, type Cuts } from './scene.ts';
import type { WholeInterval } from './timeline.ts';
import { coveredShare } from './geometry.ts';
import { coverOf, firstSighting, lastSighting, type Track } from './track.ts';
import { Tracker } from './tracker.ts';

/** A box counts as covered from this share of its area on. */
const COVERED_SHARE = 0.95;

/** What is known of a stream once all of it has been seen. */
export interface Hindsight {
  readonly tracks: readonly Track[];
  /**
   * True where frames left without a cover that is known to be right now: a track was proved
   * only after they had gone, or following it backwards finds it earlier.
   */
  readonly needsSecondPass: boolean;
}

/**
 * Follows every detector's looks once more, from the end to the beginning: a face that is weak
 * at first and sure later is found along its whole way. Forward tracks stay as they are;
 * backward tracks that know more are added to them.
 */
export function lookBack(
  lines: readonly DetectorLine[],
  known: { readonly profile: Profile; readonly cuts: Cuts; readonly lookaheadMs: number },
): Hindsight {
  const tracks: Track[] = [];
  let needsSecondPass = false;
  for (const line of lines) {
    const forward = line.finish();
    tracks.push(...forward);
    needsSecondPass ||= forward.some((track) => isProvedLate(track, known.lookaheadMs));
    for (const track of followBackwards(line, known)) {
      // Doubtful boxes followed back through still weaker ones lead to hands and lamps.
      if (track.certainAtUs === undefined || isCovered(track, forward, known)) continue;
      tracks.push(track);
      needsSecondPass = true;
    }
  }
  return { tracks, needsSecondPass };
}

/** True where every sighting of a track lies under what other tracks cover at its time. */
function isCovered(
  track: Track,
  others: readonly Track[],
  known: { readonly profile: Profile; readonly cuts: Cuts },
): boolean {
  const policy = known.profile.classes[track.cls];
  const reachUs = 1000 * Math.max(policy.carryBackMs, policy.carryOnMs);
  const near = others.filter(
    (other) =>
      other.cls === track.cls &&
      firstSighting(other).ptsUs - reachUs <= lastSighting(track).ptsUs &&
      lastSighting(other).ptsUs + reachUs >= firstSighting(track).ptsUs,
  );
  const query = { horizonUs: Infinity, cuts: known.cuts, policy };
  return track.sightings.every(({ ptsUs, box }) =>
    near.some((other) =>
      coverOf(other, { ...query, ptsUs }).some(
        (region) => coveredShare(box, region.box) >= COVERED_SHARE,
      ),
    ),
  );
}

function isProvedLate(track: Track, lookaheadMs: number): boolean {
  const provedUs = track.confirmedAtUs ?? Infinity;
  return provedUs - firstSighting(track).ptsUs > lookaheadMs * 1000;
}

function followBackwards(
  line: DetectorLine,
  known: { readonly profile: Profile; readonly cuts: Cuts },
): Track[] {
  // Numbers of backward tracks are negative, so that they never meet a forward one's.
  let count = 0;
  const tracker = new Tracker({
    detectorId: line.info.id,
    steps: line.info.steps,
    classes: known.profile.classes,
    cuts: reversedCuts(known.cuts),
    nextId: () => --count,
  });
  for (const { ptsUs, look } of [...line.kept].reverse()) tracker.look(-ptsUs, look);
  tracker.endAll();
  return tracker.takeEnded().map((track) => ({
    ...track,
    confirmedAtUs: -Infinity,
    certainAtUs: track.certainAtUs === undefined ? undefined : -Infinity,
    sightings: track.sightings
      .map((sighting) => ({ ...sighting, ptsUs: -sighting.ptsUs }))
      .reverse(),
  }));
}

/** Gives the final plan of each frame of a second pass. Frames come in order of time. */
export class HindsightPlans {
  readonly #known: { readonly profile: Profile; readonly cuts: Cuts };
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
    const regions = regionsFor(info, this.#active, { ...this.#known, horizonUs: Infinity });
    for (const span of this.#saturated) {
      if (span.fromUs <= ptsUs && ptsUs <= span.untilUs) regions.push(span.region);
    }
    return { whole: this.#wholeAt(ptsUs), regions };
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
  return looks.flatMap(({ ptsUs, look }) =>
    look.saturated.map((box) => ({
      fromUs: ptsUs - lookEveryMs * 1000,
      untilUs: ptsUs + lookEveryMs * 1000,
      region: { box, cls: 'region', cause: 'seen', trackId: undefined },
    })),
  );
}
