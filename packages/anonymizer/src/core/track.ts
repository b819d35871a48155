import type { DetectionClass, ScoreSteps } from './detector.ts';
import { growBox, growBoxBy, lerpBox, unionBox, type Box } from './geometry.ts';
import type { PlanRegion, RegionCause } from './plan.ts';
import type { ClassPolicy } from './profile.ts';
import type { Cuts } from './scene.ts';

export interface Sighting {
  readonly ptsUs: number;
  readonly box: Box;
  readonly score: number;
}

/** Sightings that nothing needs one by one any more. */
export interface TrackPast {
  readonly firstUs: number;
  readonly sightings: number;
  readonly bestScore: number;
  /** The smallest box around all of them. */
  readonly box: Box;
}

/** One thing followed over time by one detector. */
export interface Track {
  readonly id: number;
  readonly cls: DetectionClass;
  readonly detectorId: string;
  /** Sorted by time, at least one. */
  readonly sightings: Sighting[];
  /** What older sightings amounted to, where they were let go: see `trimTrack`. */
  past?: TrackPast;
  /** Time of the sighting that proved it; undefined while it is only suspected. */
  confirmedAtUs: number | undefined;
  /** Time of the first sighting that would have proved it alone. */
  certainAtUs: number | undefined;
}

export function firstSighting(track: Track): Sighting {
  return at(track, 0);
}

export function lastSighting(track: Track): Sighting {
  return at(track, track.sightings.length - 1);
}

function at(track: Track, index: number): Sighting {
  const sighting = track.sightings[index];
  if (!sighting) throw new RangeError(`track ${track.id} has no sighting ${index}`);
  return sighting;
}

/** Adds a sighting later than all others, and confirms the track where that proves it. */
export function addSighting(
  track: Track,
  sighting: Sighting,
  steps: ScoreSteps,
  policy: ClassPolicy,
): void {
  track.sightings.push(sighting);
  if (sighting.score < steps.high) return;
  const { ptsUs } = sighting;
  if (sighting.score >= policy.singleLookScore) {
    track.confirmedAtUs ??= ptsUs;
    if (track.sightings.length >= (policy.certainAfter ?? 1)) track.certainAtUs ??= ptsUs;
  } else if (track.sightings.filter((other) => other.score >= steps.high).length >= 2) {
    track.confirmedAtUs ??= ptsUs;
  }
}

/** True where one sighting at least would start a track. */
export function wasSeen({ sightings }: Track, high: number): boolean {
  return sightings.some(({ score }) => score >= high);
}

/** Sightings that a track keeps at least: its motion is known from the last two. */
const KEPT_SIGHTINGS = 3;

/**
 * Lets go of sightings before a time at which no frame is held any more: burned-in text on a
 * stream of hours has thousands. A suspected track keeps those that speak for it.
 */
export function trimTrack(track: Track, beforeUs: number, steps: ScoreSteps): void {
  const { sightings } = track;
  let count = 0;
  while (
    count < sightings.length - KEPT_SIGHTINGS &&
    (sightings[count]?.ptsUs ?? Infinity) < beforeUs &&
    (track.confirmedAtUs !== undefined || (sightings[count]?.score ?? 1) < steps.high)
  ) {
    count += 1;
  }
  for (const { ptsUs, score, box } of sightings.splice(0, count)) {
    const { past } = track;
    track.past = {
      firstUs: past?.firstUs ?? ptsUs,
      sightings: (past?.sightings ?? 0) + 1,
      bestScore: Math.max(past?.bestScore ?? 0, score),
      box: past ? unionBox(past.box, box) : box,
    };
  }
}

/** Longest extrapolation of a track's motion. Faces stop and turn: further is a guess. */
const PREDICT_LIMIT_US = 250_000;

/** Half the speed: the best guess for a motion that may end at any moment. */
const LIKELY_SPEED = 0.5;
/** A camera that pans does not stop: what must be covered is between staying and going on. */
const FULL_SPEED = 1;

/** Where the track would be at a time outside its sightings, by the motion of the nearest two. */
export function predictedBox(track: Track, ptsUs: number, speed = LIKELY_SPEED): Box {
  const count = track.sightings.length;
  const forward = ptsUs >= lastSighting(track).ptsUs;
  const near = forward ? lastSighting(track) : firstSighting(track);
  if (count < 2) return near.box;
  const far = forward ? at(track, count - 2) : at(track, 1);
  const span = near.ptsUs - far.ptsUs;
  if (span === 0) return near.box;
  const ahead = Math.max(-PREDICT_LIMIT_US, Math.min(PREDICT_LIMIT_US, ptsUs - near.ptsUs));
  const share = (speed * ahead) / span;
  const shift = (from: number, to: number): number => (to - from) * share;
  return {
    x: near.box.x + shift(far.box.x + far.box.w / 2, near.box.x + near.box.w / 2),
    y: near.box.y + shift(far.box.y + far.box.h / 2, near.box.y + near.box.h / 2),
    w: near.box.w,
    h: near.box.h,
  };
}

/** Growth per second away from the nearest sighting, as a share of the box. */
const GROWTH_PER_SECOND = 0.6;
/** Live, where one sighting tells no direction: see unknownWay(). */
const SIZES_PER_SECOND = 4;
const FARTHEST_SIZES = 1.2;
/** Interpolated boxes grow by this share of the way that the box went meanwhile. */
const MOTION_MARGIN = 0.25;

/**
 * Where looks are this close, a sighting is joined with what its neighbours say of its time: single
 * boxes of half-hidden faces come out too small or beside the face.
 */
const STEADY_US = 500_000;

/** The good looks of a track's detector: live, a sighting holds until another look says more. */
export interface LookTimes {
  /** Score from which a sighting starts a track. */
  readonly high: number;
  /** A good look was done at a frame after `afterUs`, not later than `untilUs`, of the same scene. */
  hasLook(afterUs: number, untilUs: number): boolean;
}

/** What is known at the moment of deciding about a frame. */
export interface CoverQuery {
  readonly ptsUs: number;
  /** Sightings later than this are not known yet: the frame leaves before them. */
  readonly horizonUs: number;
  readonly cuts: Cuts;
  readonly policy: ClassPolicy;
  /**
   * With them, what a look saw is covered up to the next look on either side, however far that is,
   * and what is only suspected until another look had the chance to see it again.
   */
  readonly looks?: LookTimes | undefined;
}

/** The regions that this track covers at a time: none, one, or both ends of a gap with a cut. */
export function coverOf(track: Track, query: CoverQuery): PlanRegion[] {
  const { ptsUs, horizonUs, cuts, policy, looks } = query;
  const isProved = track.confirmedAtUs !== undefined && track.confirmedAtUs <= horizonUs;
  if (!isProved && !mayBeProved(track, looks)) return [];
  const nextIndex = upperBound(track.sightings, ptsUs);
  const before = track.sightings[nextIndex - 1];
  const after = track.sightings[nextIndex];
  const next = after && after.ptsUs <= horizonUs ? after : undefined;
  const cutBetween = (from: Sighting, to: Sighting): boolean =>
    !policy.survivesCuts && cuts.between(from.ptsUs, to.ptsUs);
  if (before?.ptsUs === ptsUs) {
    const previous = track.sightings[nextIndex - 2];
    const isSteady =
      previous !== undefined &&
      next !== undefined &&
      next.ptsUs - previous.ptsUs <= STEADY_US &&
      !cutBetween(previous, next);
    const box = isSteady ? unionBox(before.box, boxBetween(previous, next, ptsUs)) : before.box;
    return [region(track, policy, box, 'seen')];
  }

  if (before && next && !cutBetween(before, next)) {
    const xPx = Math.abs(next.box.x + next.box.w / 2 - before.box.x - before.box.w / 2);
    const yPx = Math.abs(next.box.y + next.box.h / 2 - before.box.y - before.box.h / 2);
    const straight = boxBetween(before, next, ptsUs);
    const box = growBoxBy(
      // In files looks are dense, and what one of them missed is seen afterwards.
      looks ? asLargeAs(straight, before, next) : straight,
      xPx * MOTION_MARGIN,
      yPx * MOTION_MARGIN,
    );
    return [region(track, policy, box, 'between')];
  }
  // A doubtful track is carried half as far: it is often a hand or a lamp that was a face once.
  const isCertain = track.certainAtUs !== undefined && track.certainAtUs <= horizonUs;
  const reachUs = isCertain ? 1000 : 500;
  // In files what follows is known, and a look is never far.
  const speed = looks ? FULL_SPEED : LIKELY_SPEED;
  const regions: PlanRegion[] = [];
  if (before) {
    const awayUs = ptsUs - before.ptsUs;
    const isNewest = looks !== undefined && !looks.hasLook(before.ptsUs, ptsUs);
    const reaches = isNewest || awayUs <= policy.carryOnMs * reachUs;
    if (reaches && !cuts.between(before.ptsUs, ptsUs)) {
      // Sightings after the horizon must not leak into the prediction: it uses what came before.
      const known = { ...track, sightings: track.sightings.slice(0, nextIndex) };
      const box = unionBox(before.box, predictedBox(known, ptsUs, speed));
      regions.push(region(track, policy, widen(box, awayUs), 'carried-on'));
    }
  }
  if (next) {
    const awayUs = next.ptsUs - ptsUs;
    const isFirst = looks !== undefined && !looks.hasLook(ptsUs - 1, next.ptsUs - 1);
    const reaches = isFirst || awayUs <= policy.carryBackMs * reachUs;
    if (reaches && !cuts.between(ptsUs, next.ptsUs)) {
      const known = {
        ...track,
        sightings: track.sightings
          .slice(nextIndex, nextIndex + 2)
          .filter((sighting) => sighting.ptsUs <= horizonUs),
      };
      const box = unionBox(next.box, predictedBox(known, ptsUs, speed));
      const anywhere = looks && known.sightings.length < 2 && !policy.survivesCuts;
      const wide = anywhere ? growBox(box, unknownWay(awayUs)) : widen(box, awayUs);
      regions.push(region(track, policy, wide, 'carried-back'));
    }
  }
  return regions;
}

/** One sighting of what takes two: until the second look it is as good as a track. */
function mayBeProved(track: Track, looks: LookTimes | undefined): boolean {
  if (!looks || looks.hasLook(lastSighting(track).ptsUs, Infinity)) return false;
  return wasSeen(track, looks.high);
}

function boxBetween(from: Sighting, to: Sighting, ptsUs: number): Box {
  return lerpBox(from.box, to.box, (ptsUs - from.ptsUs) / (to.ptsUs - from.ptsUs));
}

/** As large as the larger of two boxes: half hidden and blurred faces come out too small in every other look. */
function asLargeAs(box: Box, from: Sighting, to: Sighting): Box {
  const wider = Math.max(from.box.w, to.box.w) - box.w;
  const higher = Math.max(from.box.h, to.box.h) - box.h;
  return growBoxBy(box, wider / 2, higher / 2);
}

function widen(box: Box, awayUs: number): Box {
  return growBox(box, (GROWTH_PER_SECOND * awayUs) / 1e6);
}

/**
 * How far what was seen only once may have been from there, in its own sizes: a camera that pans
 * over a room takes a face along by four or five of them in a second, of which growShare covers a part.
 */
function unknownWay(awayUs: number): number {
  return Math.min(FARTHEST_SIZES, (SIZES_PER_SECOND * awayUs) / 1e6);
}

function region(track: Track, policy: ClassPolicy, box: Box, cause: RegionCause): PlanRegion {
  const xPx = Math.max(policy.growMinPx, policy.growShare * box.w);
  const yPx = Math.max(policy.growMinPx, policy.growShare * box.h);
  return { box: growBoxBy(box, xPx, yPx), cls: track.cls, cause, trackId: track.id };
}

/** Index of the first sighting later than `ptsUs`. */
function upperBound(sightings: readonly Sighting[], ptsUs: number): number {
  let low = 0;
  let high = sightings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sightings[middle]?.ptsUs ?? Infinity) > ptsUs) high = middle;
    else low = middle + 1;
  }
  return low;
}
