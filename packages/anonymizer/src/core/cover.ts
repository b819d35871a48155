import type { FrameInfo } from './frame.ts';
import type { PlanRegion } from './plan.ts';
import type { AlwaysRegion, Profile } from './profile.ts';
import type { Cuts } from './scene.ts';
import { coverOf, type Track } from './track.ts';

/** All regions that tracks and the profile cover on a frame, given what is known by `horizonUs`. */
export function regionsFor(
  info: FrameInfo,
  tracks: Iterable<Track>,
  known: { readonly profile: Profile; readonly cuts: Cuts; readonly horizonUs: number },
): PlanRegion[] {
  const { profile, cuts, horizonUs } = known;
  const regions = profile.always.map((region) => alwaysRegion(region, info));
  for (const track of tracks) {
    const policy = profile.classes[track.cls];
    regions.push(...coverOf(track, { ptsUs: info.ptsUs, horizonUs, cuts, policy }));
  }
  return regions;
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
