import type { DetectionClass } from './detector.ts';
import type { Box } from './geometry.ts';

/** Why a whole frame was covered. */
export type WholeCause =
  /** A required detector has not looked at or after this frame's time within its limit. */
  | 'undecided'
  /** A required detector failed or timed out. */
  | 'detector-failed'
  /** The detectors can't keep up with the stream. */
  | 'overload'
  /** The decoder reported damage. */
  | 'damaged'
  /** More was found than can be followed: see Look.saturated. */
  | 'saturated'
  /** The profile covers whatever is not surely inside the body. */
  | 'out-of-body'
  /** A person asked for it. */
  | 'by-hand'
  /** The stream is closing and this frame was still undecided. */
  | 'closing';

/** Why a region was covered. */
export type RegionCause =
  /** A detector saw it in this very frame. */
  | 'seen'
  /** Between two sightings of the same track. */
  | 'between'
  /** Before the first sighting. */
  | 'carried-back'
  /** After the last sighting. */
  | 'carried-on'
  /** The profile always covers this place. */
  | 'always'
  /** Drawn by a reviewer. */
  | 'by-hand';

export interface PlanRegion {
  /** What is painted, already grown, in coded pixels; may reach outside the picture. */
  readonly box: Box;
  readonly cls: DetectionClass | 'region';
  readonly cause: RegionCause;
  /** Track in the timeline; undefined for always-covered regions. */
  readonly trackId: number | undefined;
}

/** What is covered on one frame. `whole` wins over every region. */
export interface FramePlan {
  readonly whole: WholeCause | undefined;
  readonly regions: readonly PlanRegion[];
}
