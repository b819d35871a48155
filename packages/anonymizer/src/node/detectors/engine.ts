import type { DetectorInfo, I420Planes, Look, RotationDeg } from '../../core/index.ts';

/** A picture that a thread holds a copy of. */
export interface Picture {
  readonly planes: I420Planes;
  readonly rotationDeg: RotationDeg;
}

/** What runs in a detector's thread: one look at a time, blocking. */
export interface Engine {
  readonly info: DetectorInfo;
  /** Runs once on an empty picture. */
  warmUp(): Promise<void>;
  look(picture: Picture): Promise<Look>;
  close(): Promise<void>;
}
