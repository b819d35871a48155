/** Detectors that this carrier has. */
export const DETECTOR_IDS = ['face-centerface', 'text-ppocr', 'code-zxing'] as const;
export type DetectorId = (typeof DETECTOR_IDS)[number];

/** What a detector's thread is started with. */
export interface ThreadStart {
  readonly id: DetectorId;
  /** Threads of the runtime, 1 or more. */
  readonly threads: number;
}
