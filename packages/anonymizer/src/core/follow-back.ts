import type { DetectorInfo, Look } from './detector.ts';
import type { Profile } from './profile.ts';
import { reversedCuts, type Cuts } from './scene.ts';
import { coveredShare } from './geometry.ts';
import { coverOf, firstSighting, lastSighting, type Track } from './track.ts';
import { Tracker } from './tracker.ts';

/** A box counts as covered from this share of its area on. */
export const COVERED_SHARE = 0.95;

/** A finished look, kept for following things backwards. */
export interface KeptLook {
  readonly ptsUs: number;
  readonly look: Look;
}

export interface Scenery {
  readonly profile: Profile;
  readonly cuts: Cuts;
}

/**
 * Follows a detector's looks from the latest to the earliest: a face that is weak at first and
 * sure later is found along its whole way. Gives the tracks that know of something `forward`
 * tracks leave uncovered. Their numbers are negative, so that they never meet a forward one's.
 */
export function followBack(
  looks: readonly KeptLook[],
  from: Scenery & { readonly info: DetectorInfo; readonly forward: readonly Track[] },
): Track[] {
  let count = 0;
  const tracker = new Tracker({
    detectorId: from.info.id,
    steps: from.info.steps,
    classes: from.profile.classes,
    cuts: reversedCuts(from.cuts),
    nextId: () => --count,
    isLive: false,
  });
  for (let at = looks.length - 1; at >= 0; at--) {
    const kept = looks[at];
    if (kept) tracker.look(-kept.ptsUs, kept.look);
  }
  tracker.endAll();
  return (
    tracker
      .takeEnded()
      // Doubtful boxes followed back through still weaker ones lead to hands and lamps.
      .filter((track) => track.certainAtUs !== undefined)
      .map(turnedRound)
      .filter((track) => !isCovered(track, from))
  );
}

function turnedRound(track: Track): Track {
  return {
    ...track,
    confirmedAtUs: -Infinity,
    certainAtUs: -Infinity,
    sightings: track.sightings
      .map((sighting) => ({ ...sighting, ptsUs: -sighting.ptsUs }))
      .reverse(),
  };
}

/** True where every sighting of a track lies under what the forward tracks cover at its time. */
function isCovered(
  track: Track,
  { forward, profile, cuts }: Scenery & { readonly forward: readonly Track[] },
): boolean {
  const policy = profile.classes[track.cls];
  const reachUs = 1000 * Math.max(policy.carryBackMs, policy.carryOnMs);
  const near = forward.filter(
    (other) =>
      other.cls === track.cls &&
      firstSighting(other).ptsUs - reachUs <= lastSighting(track).ptsUs &&
      lastSighting(other).ptsUs + reachUs >= firstSighting(track).ptsUs,
  );
  const query = { horizonUs: Infinity, cuts, policy };
  return track.sightings.every(({ ptsUs, box }) =>
    near.some((other) =>
      coverOf(other, { ...query, ptsUs }).some(
        (region) => coveredShare(box, region.box) >= COVERED_SHARE,
      ),
    ),
  );
}
