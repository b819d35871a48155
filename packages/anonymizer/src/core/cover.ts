import type { FrameInfo } from './frame.ts';
import type { FramePlan, PlanRegion } from './plan.ts';
import type { AlwaysRegion, Profile } from './profile.ts';
import type { Cuts } from './scene.ts';
import { coverOf, type LookTimes, type Track } from './track.ts';

/** The regions that tracks cover on a frame, given what is known by `horizonUs`. */
export function regionsFor(
  { ptsUs }: FrameInfo,
  tracks: Iterable<Track>,
  known: {
    readonly profile: Profile;
    readonly cuts: Cuts;
    readonly horizonUs: number;
    /** Live: see CoverQuery.looks. */
    readonly looks?: LookTimes;
  },
): PlanRegion[] {
  const { profile, ...rest } = known;
  return [...tracks].flatMap((track) =>
    coverOf(track, { ...rest, ptsUs, policy: profile.classes[track.cls] }),
  );
}

/** The places that a profile always covers, on a frame. */
export function alwaysRegions({ always }: Profile, info: FrameInfo): PlanRegion[] {
  return always.map((region) => alwaysRegion(region, info));
}

/** The plan of a frame: a view that is not surely inside a body covers all of it. */
export function planOf(whole: FramePlan['whole'], regions: readonly PlanRegion[]): FramePlan {
  const isOutside = regions.some((region) => region.cls === 'outside');
  return { whole: whole ?? (isOutside ? 'out-of-body' : undefined), regions };
}

/** Places are given on the upright picture; the coded one may lie on its side. */
function alwaysRegion(region: AlwaysRegion, info: FrameInfo): PlanRegion {
  const { x, y, w, h } = region;
  // A clockwise rotation by 90° brings the coded left edge to the top.
  const coded =
    info.rotationDeg === 90
      ? { x: y, y: 1 - x - w, w: h, h: w }
      : info.rotationDeg === 180
        ? { x: 1 - x - w, y: 1 - y - h, w, h }
        : info.rotationDeg === 270
          ? { x: 1 - y - h, y: x, w: h, h: w }
          : { x, y, w, h };
  return {
    box: {
      x: coded.x * info.widthPx,
      y: coded.y * info.heightPx,
      w: coded.w * info.widthPx,
      h: coded.h * info.heightPx,
    },
    cls: 'region',
    cause: 'always',
    trackId: undefined,
  };
}
