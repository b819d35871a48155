import type { DetectorInfo, Look, LookEffort } from '../detector.ts';
import type { I420Planes, RotationDeg } from '../frame.ts';

/** A picture that a detector's thread holds a copy of. */
export interface Picture {
  readonly planes: I420Planes;
  readonly rotationDeg: RotationDeg;
}

/** What runs in a detector's thread: one look at a time, blocking it. */
export interface Engine {
  readonly info: DetectorInfo;
  /** Runs once on an empty picture. */
  warmUp(): Promise<void>;
  look(picture: Picture, effort: LookEffort): Promise<Look>;
  close(): Promise<void>;
}
