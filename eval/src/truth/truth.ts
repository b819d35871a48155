import type { Box } from '@drape/anonymizer/core';

/** `clear` must be covered, `hard` is reported apart, `ignore` is not scored. */
export type Visibility = 'clear' | 'hard' | 'ignore';

export interface TruthBox {
  readonly kind: 'face' | 'text';
  readonly visibility: Visibility;
  /** One of WIDER's easy or medium faces: the others are tiny or blurred. */
  readonly easyOrMedium?: boolean;
  /** In pixels of the stored file. */
  readonly box: Box;
}

export type TurnDeg = 0 | 90 | 180 | 270;

/** One picture to be anonymized and judged. */
export interface StillUnit {
  readonly kind: 'still';
  /** Unique within its set. */
  readonly name: string;
  readonly path: string;
  /** The picture is turned clockwise by this before the pipeline sees it; boxes are of the turned picture. */
  readonly turnDeg: TurnDeg;
  readonly boxes: readonly TruthBox[];
  /** Where the picture comes from: the worst source is reported. */
  readonly source: string;
}

/** What is known about one frame of a clip. */
export interface TruthFrame {
  /** How many frames this one stands for: 10 where every 10th frame has ground truth. */
  readonly weight: number;
  readonly boxes: readonly TruthBox[];
  /** Nothing but endoscopy is shown: whatever is painted here is painted by mistake. */
  readonly pureEndoscopy: boolean;
}

export interface ClipUnit {
  readonly kind: 'clip';
  readonly name: string;
  readonly path: string;
  /** Ground truth by number of the frame in presentation order, from 0. */
  readonly frames: ReadonlyMap<number, TruthFrame>;
  /** What holds for frames that have no entry of their own. */
  readonly otherFrames: TruthFrame | undefined;
  /**
   * There is a face in every frame but no box: a frame counts as exposed when nothing at all is
   * painted in it, which is a lower bound.
   */
  readonly faceInEveryFrame: boolean;
  readonly source: string;
}

export type Unit = StillUnit | ClipUnit;
