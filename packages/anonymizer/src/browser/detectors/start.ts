import type { AssetIndex } from '../assets/index-schema.ts';

/** Detectors that the browser has. */
export const EDGE_DETECTOR_IDS = [
  'face-blaze',
  'face-centerface',
  'face-turned',
  'head-centerface',
  'text-ppocr',
  'code-zxing',
] as const;
export type EdgeDetectorId = (typeof EDGE_DETECTOR_IDS)[number];

/** The first message that a detector's worker gets. */
export interface DetectorStart {
  readonly id: EdgeDetectorId;
  /** Absolute, ends in a slash. */
  readonly assetsUrl: string;
  readonly index: AssetIndex;
  /** Threads of the runtime, 1 or more. */
  readonly threads: number;
}
